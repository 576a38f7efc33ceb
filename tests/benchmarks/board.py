"""Server time of the calendar of a coordinator, one worker: python -m tests.benchmarks.board [SCALE]

Seeds the demo SCALE times over in a database of its own (SCALE 170 has 5,000 sessions ahead), then asks for month,
week and list as the coordinator of 渋川市, through all middleware, and prints the median and the 95th percentile.
Where other work shares the machine, the CPU time says more than the wall clock.
"""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from sessions.models import ClassSession, Course  # noqa: E402
from tests.benchmarks.timing import SCALE, large_season, measure  # noqa: E402

ROUNDS = 20
PAGES = {
    "month": "/staff/calendar/",
    "week": "/staff/calendar/?view=week",
    "list": "/staff/calendar/?view=list",
    "list, a page in the middle": "/staff/calendar/?view=list&page=30",
}


def main(scale: int) -> None:
    with large_season(scale):
        user = User.objects.get(username="shibukawa")
        seen = Course.objects.visible_to(user.memberships.get().municipality)
        ahead = ClassSession.objects.filter(starts_at__gt=timezone.now())
        own = ahead.filter(course__in=seen.order_by().values("pk"))
        sys.stdout.write(
            f"{connection.vendor}: {ahead.count()} sessions ahead, {own.count()} of them to be seen\n"
        )
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(user)
        for page, path in PAGES.items():
            sys.stdout.write(f"{page:28} {measure(client, path, rounds=ROUNDS)}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SCALE)
