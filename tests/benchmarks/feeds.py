"""Calendar feeds of a large season, one worker: python -m tests.benchmarks.feeds [EVENTS]

Seeds one town with EVENTS sessions (10,000 if not given) in a database of its own and asks for its public feed in
this process, through every middleware: with no text of any event kept (once in the life of an event), with the
texts kept and nothing in memory ("cold"), and with the ETag of an unchanged feed ("304"). Where other work shares
the machine, the CPU time says more than the wall clock.
"""

import os
import statistics
import sys
import time
from datetime import timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_databases, teardown_databases  # noqa: E402
from django.utils import timezone  # noqa: E402

from sessions.models import ClassSession, Course, EventText  # noqa: E402
from tests import make  # noqa: E402

EVENTS, A_COURSE, VENUES, ROUNDS = 10_000, 3, 60, 20
FEED = "/calendar/municipality/102083.ics"


def main(events: int) -> None:
    old = setup_databases(verbosity=0, interactive=False)
    try:
        seed(events)
        client = Client(headers={"host": "127.0.0.1"})
        first = client.get(FEED)
        events, size = first.content.count(b"BEGIN:VEVENT"), len(first.content) // 1024
        sys.stdout.write(f"{connection.vendor}: {events} events, {size} KiB\n")
        EventText.objects.all().delete()
        sys.stdout.write(f"no text kept yet   {measure(client, rounds=1)}\n")
        sys.stdout.write(f"cold, texts kept   {measure(client, rounds=5)}\n")
        sys.stdout.write(f"304, unchanged     {measure(client, if_none_match=first['ETag'])}\n")
    finally:
        teardown_databases(old, verbosity=0)


def seed(events: int) -> None:
    """Courses of three sessions each, spread over sixty venues and the coming year."""
    town = make.make_town(name="渋川市", code="102083")
    program, curriculum = make.make_program(lead=town), make.make_curriculum()
    venues = [
        make.make_venue(town=town, room="第1研修室", address=f"石原{n}", latitude=36.4, longitude=139.0)
        for n in range(VENUES)
    ]
    start, now = make.in_days(3), timezone.now()
    courses = Course.objects.bulk_create(
        Course(
            program=program,
            curriculum=curriculum,
            host=town,
            line=program.line,
            title="はじめてのスマートフォン 安全に使う",
            code=f"{n % 10_000:04}",
            code_released_at=None if n < 9000 else now,
            capacity=10,
            allocation="first_come",
            opens_at=now,
            closes_at=start,
            starts_at=start,
            ends_at=start + timedelta(days=300),
            published_at=now,
        )
        for n in range(-(-events // A_COURSE))
    )
    ClassSession.objects.bulk_create(
        ClassSession(
            course=courses[n // A_COURSE],
            number=n % A_COURSE + 1,
            starts_at=start + timedelta(days=n % 300, hours=n % 6),
            ends_at=start + timedelta(days=n % 300, hours=n % 6, minutes=90),
            venue=venues[n % VENUES],
        )
        for n in range(events)
    )


def measure(client: Client, *, rounds: int = ROUNDS, if_none_match: str = "") -> str:
    headers = {"if-none-match": if_none_match} if if_none_match else {}
    sent: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        sent.append(sql)
        return execute(sql, *rest)

    walls, works, statuses = [], [], set()
    with connection.execute_wrapper(note):
        for _round in range(rounds):
            wall, work = time.perf_counter(), time.process_time()
            statuses.add(client.get(FEED, headers=headers).status_code)
            walls.append((time.perf_counter() - wall) * 1000)
            works.append((time.process_time() - work) * 1000)
    return (
        f"{statuses} median {statistics.median(walls):.1f} ms (CPU {statistics.median(works):.1f} ms), "
        f"least {min(walls):.1f} ms, {len(sent) // rounds} queries"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS)
