"""Server time of the calendar of a coordinator, one worker: python -m tests.benchmarks.board [SCALE]

Seeds the demo SCALE times over in a database of its own (SCALE 170 has 5,000 sessions ahead), then asks for month,
week and list as the coordinator of 渋川市, through all middleware, and prints the median and the 95th percentile.
Where other work shares the machine, the CPU time says more than the wall clock.
"""

import os
import statistics
import sys
import time
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_databases, teardown_databases  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from config.demo.seeding import seed  # noqa: E402
from sessions.models import ClassSession, Course  # noqa: E402

SCALE, ROUNDS = 170, 20
PAGES = {
    "month": "/staff/calendar/",
    "week": "/staff/calendar/?view=week",
    "list": "/staff/calendar/?view=list",
    "list, a page in the middle": "/staff/calendar/?view=list&page=30",
}


def main(scale: int) -> None:
    old = setup_databases(verbosity=0, interactive=False)
    try:
        seed(scale=scale, progress=lambda line: sys.stderr.write(f"{line}\n"))
        user = User.objects.get(username="shibukawa")
        seen = Course.objects.visible_to(user.memberships.get().municipality)
        ahead = ClassSession.objects.filter(starts_at__gt=timezone.now())
        own = ahead.filter(course__in=seen.order_by().values("pk"))
        sys.stdout.write(
            f"{connection.vendor}: {ahead.count()} sessions ahead, {own.count()} of them to be seen\n"
        )
        for name, path in PAGES.items():
            sys.stdout.write(f"{name:28} {measure(user, path)}\n")
    finally:
        teardown_databases(old, verbosity=0)


def measure(user: User, path: str) -> str:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)
    sent: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        sent.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        response = client.get(path)
    if response.status_code != 200:
        return f"answered {response.status_code}"
    walls, works = [], []
    for _round in range(ROUNDS):
        wall, work = time.perf_counter(), time.process_time()
        client.get(path)
        walls.append((time.perf_counter() - wall) * 1000)
        works.append((time.process_time() - work) * 1000)
    return (
        f"median {statistics.median(walls):.0f} ms (CPU {statistics.median(works):.0f} ms), "
        f"95% {statistics.quantiles(walls, n=20)[-1]:.0f} ms, {len(sent)} queries"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SCALE)
