"""Server time of the public pages over a large season, one worker: python -m tests.benchmarks.pages [SCALE]

Seeds the demo SCALE times over in a database of its own (SCALE 170 has 5,000 sessions ahead), then asks for each
page in this process, through every middleware, and prints the median and the 95th percentile. Where other work
shares the machine, the CPU time says more than the wall clock.
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

from config.demo.seeding import seed  # noqa: E402
from sessions.models import ClassSession, Course, Registration  # noqa: E402

SCALE, ROUNDS = 170, 40
PAGES = {
    "list of all towns": "/",
    "list, a page in the middle": "/?page=100",
    "list of one town": "/?town=102083",
    "list of one topic": "/?topic=safety",
    "one class": "/classes/5205/",
}


def main(scale: int) -> None:
    old = setup_databases(verbosity=0, interactive=False)
    try:
        started = time.perf_counter()
        seed(scale=scale, progress=lambda line: sys.stderr.write(f"{line}\n"))
        took = time.perf_counter() - started
        ahead = ClassSession.objects.filter(course__in=Course.objects.upcoming(), starts_at__gt=timezone.now())
        sys.stdout.write(
            f"{connection.vendor}, seeded in {took:.0f} s: {ahead.count()} sessions ahead, "
            f"{Registration.objects.count()} registrations\n"
        )
        for name, path in PAGES.items():
            sys.stdout.write(f"{name:28} {measure(path)}\n")
    finally:
        teardown_databases(old, verbosity=0)


def measure(path: str) -> str:
    client = Client(headers={"host": "127.0.0.1"})
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
