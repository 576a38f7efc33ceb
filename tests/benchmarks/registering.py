"""Registering against bare SQL: python tests/postgres_server.py python -m tests.benchmarks.registering

200 callers at once for 20 seats of three towns, four threads, once through `sessions.registration.register` and
once as the statements it sends, replayed by psycopg with the same locks. Prints both rates and their ratio.
"""

import os
import re
import sys
import time
import uuid
from functools import partial

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases  # noqa: E402

from messaging.models import Message  # noqa: E402
from participants.models import Channel, Participant  # noqa: E402
from sessions.models import Course, Notice, Registration  # noqa: E402
from sessions.registration import register  # noqa: E402
from tests import make  # noqa: E402
from tests.concurrency import run_at_once  # noqa: E402

CALLERS, LANES = 200, 4


def call_in(course: int, person: int) -> None:
    register(Course.objects.get(pk=course), [Participant.objects.get(pk=person)], channel=Channel.SMS)


def spread_keys() -> None:
    """Keys of six digits, unlike for each table, so that they can be told apart in recorded statements."""
    with connection.cursor() as cursor:
        for place, table in enumerate(
            (
                "participants_participant",
                "class_sessions_course",
                "class_sessions_registration",
                "messaging_message",
            )
        ):
            cursor.execute(f"ALTER SEQUENCE {table}_id_seq RESTART {(place + 1) * 100_000 + 1}")


def prepare() -> tuple[Course, list[int]]:
    towns = [make.make_town() for _ in range(3)]
    program = make.make_program(lead=towns[0], partners=tuple(towns[1:]))
    course = make.make_course(program=program, capacity=20, quotas={towns[0]: 8, towns[1]: 5, towns[2]: 3})
    return course, [make.make_person(town=towns[n % 3]).pk for n in range(CALLERS)]


def statements() -> tuple[list[str], dict[str, int]]:
    """What one caller sends, and the keys in it that another caller would have."""
    course, people = prepare()
    with CaptureQueriesContext(connection) as sent:
        call_in(course.pk, people[0])
    registration = Registration.objects.get(course=course)
    keys = {"registration": registration.pk, "person": people[0], "course": course.pk}
    keys["message"] = Message.objects.order_by("-pk").values_list("pk", flat=True)[0]
    return [query["sql"] for query in sent.captured_queries], keys


def replay(recorded: list[str], keys: dict[str, int], course: int, person: int) -> None:
    """The same statements for another caller; what an INSERT returns takes the place of the recorded key."""
    known = {keys["course"]: course, keys["person"]: person}
    with connection.cursor() as cursor:
        for sql in recorded:
            text = re.sub(r"[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", lambda _: str(uuid.uuid4()), sql)
            text = re.sub(r"(?<!\d)\d{6}(?!\d)", lambda found: str(known.get(int(found[0]), found[0])), text)
            text = text.replace("'confirmed:", f"'{uuid.uuid4().hex[:8]}:confirmed:")
            cursor.execute(text)
            if "RETURNING" in text and cursor.description and (row := cursor.fetchone()):
                for table, key in (
                    ("class_sessions_registration", "registration"),
                    ("messaging_message", "message"),
                ):
                    if f'INSERT INTO "{table}"' in text:
                        known[keys[key]] = row[0]


def rate(calls: list[partial[None]]) -> float:
    started = time.perf_counter()
    results = run_at_once(calls, lanes=LANES)
    took = time.perf_counter() - started
    failed = [result for result in results if isinstance(result, Exception)]
    if failed:
        sys.exit(f"{len(failed)} callers failed: {failed[0]!r}")
    return len(calls) / took


def main() -> None:
    if connection.vendor != "postgresql":
        sys.exit("This benchmark needs PostgreSQL: run it through tests/postgres_server.py.")
    old = setup_databases(verbosity=0, interactive=False)
    try:
        spread_keys()
        recorded, keys = statements()
        course, people = prepare()
        ours = rate([partial(call_in, course.pk, person) for person in people])
        seated = course.registrations.confirmed().count()
        bare_course, bare_people = prepare()
        bare = rate([partial(replay, recorded, keys, bare_course.pk, person) for person in bare_people])
        told = Notice.objects.count()
        sys.stdout.write(
            f"{CALLERS} callers, {LANES} threads, {seated} of 20 seats taken, {told} notices\n"
            f"register(): {ours:.0f}/s, {len(recorded)} statements each\n"
            f"bare SQL:   {bare:.0f}/s\nratio:      {ours / bare:.0%}\n"
        )
    finally:
        teardown_databases(old, verbosity=0)


if __name__ == "__main__":
    main()
