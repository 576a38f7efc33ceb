"""What the benchmarks of pages share: a large season in a database of its own, and a page asked for many times."""

import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import setup_databases, teardown_databases

from config.demo.seeding import seed

SCALE = 170  # has about 5,000 sessions ahead


@contextmanager
def large_season(scale: int) -> Iterator[float]:
    """The demo `scale` times over, in a database that is removed again; gives the seconds the seeding took."""
    old = setup_databases(verbosity=0, interactive=False)
    try:
        started = time.perf_counter()
        seed(scale=scale, progress=report)
        yield time.perf_counter() - started
    finally:
        teardown_databases(old, verbosity=0)


def report(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def measure(client: Client, path: str, *, rounds: int) -> str:
    """Median and 95th percentile of the time in this process, and the queries of the first answer."""
    sent: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        sent.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        response = client.get(path)
    if response.status_code != 200:
        return f"answered {response.status_code}"
    walls, works = [], []
    for _round in range(rounds):
        wall, work = time.perf_counter(), time.process_time()
        client.get(path)
        walls.append((time.perf_counter() - wall) * 1000)
        works.append((time.process_time() - work) * 1000)
    return (
        f"median {statistics.median(walls):.0f} ms (CPU {statistics.median(works):.0f} ms), "
        f"95% {statistics.quantiles(walls, n=20)[-1]:.0f} ms, {len(sent)} queries"
    )
