"""What a paper takes, rows and PDF together, for a large class: python -m tests.benchmarks.papers [PEOPLE]

Prints wall clock and CPU time in milliseconds (median of several prints), pages and size of each paper.
"""

import io
import os
import statistics
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.test.utils import setup_databases, teardown_databases  # noqa: E402
from django.utils import timezone  # noqa: E402
from pypdf import PdfReader  # noqa: E402

from accounts.models import Membership  # noqa: E402
from sessions.models import Attendance, Course  # noqa: E402
from sessions.papers.kinds import Kind, Order, Size, paper_of  # noqa: E402
from sessions.papers.press import pdf_of  # noqa: E402
from tests import make  # noqa: E402

PEOPLE, ROUNDS = 300, 5


def main(people: int) -> None:
    old = setup_databases(verbosity=0, interactive=False)
    try:
        town = make.make_town(name="渋川市", code="102083")
        course = full_course(make.make_program(lead=town), people)
        member = make.make_user(town=town).memberships.get()
        for kind in Kind:
            for size in Size:
                sys.stdout.write(f"{kind:16} {size:7} {measure(course, member, Order(kind, size))}\n")
    finally:
        teardown_databases(old, verbosity=0)


def full_course(program, people: int) -> Course:
    course = make.make_course(program=program, capacity=people)
    for number in range(people):
        fields = {"device": "android", "address": "石原80番地", "postal_code": "377-0008"}
        person = make.make_person(town=program.lead, name=f"髙橋 幸江{number}", sms=False, **fields)
        row = make.make_registration(course=course, person=person)
        session = course.class_sessions.get()
        Attendance.objects.create(registration=row, class_session=session, mark="present", at=timezone.now())
    return course


def measure(course: Course, member: Membership, order: Order) -> str:
    walls, works, pdf = [], [], b""
    for round_ in range(ROUNDS):
        course.title = f"はじめてのスマホ{round_}"  # typst remembers what it has set before
        wall, work = time.perf_counter(), time.process_time()
        pdf = pdf_of(paper_of(course, member, order))
        walls.append((time.perf_counter() - wall) * 1000)
        works.append((time.process_time() - work) * 1000)
    pages = len(PdfReader(io.BytesIO(pdf)).pages)
    wall, work = statistics.median(walls), statistics.median(works)
    return f"{wall:6.0f} wall {work:6.0f} cpu {pages:4} pages {len(pdf):8} bytes"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE)
