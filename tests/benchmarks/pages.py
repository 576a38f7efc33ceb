"""Server time of the public pages over a large season, one worker: python -m tests.benchmarks.pages [SCALE]

Seeds the demo SCALE times over in a database of its own (SCALE 170 has 5,000 sessions ahead), then asks for each
page in this process, through every middleware, and prints the median and the 95th percentile. Where other work
shares the machine, the CPU time says more than the wall clock.
"""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from sessions.models import ClassSession, Course, Registration  # noqa: E402
from tests.benchmarks.timing import SCALE, large_season, measure  # noqa: E402

ROUNDS = 40
PAGES = {
    "list of all towns": "/",
    "list, a page in the middle": "/?page=100",
    "list of one town": "/?town=102083",
    "list of one topic": "/?topic=safety",
    "one class": "/classes/5205/",
}


def main(scale: int) -> None:
    with large_season(scale) as took:
        ahead = ClassSession.objects.filter(course__in=Course.objects.upcoming(), starts_at__gt=timezone.now())
        sys.stdout.write(
            f"{connection.vendor}, seeded in {took:.0f} s: {ahead.count()} sessions ahead, "
            f"{Registration.objects.count()} registrations\n"
        )
        client = Client(headers={"host": "127.0.0.1"})
        for page, path in PAGES.items():
            sys.stdout.write(f"{page:28} {measure(client, path, rounds=ROUNDS)}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SCALE)
