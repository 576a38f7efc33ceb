"""The calendar of staff, opened by its address, and days to put into it."""

from datetime import datetime, timedelta

from django.test import Client
from django.utils.dateparse import parse_datetime

from sessions.board import Board
from sessions.models import Course
from tests import make

URL = "/staff/calendar/"
MONTH = f"{URL}?day=2026-12-01"


def board_behind(client: Client, query: str) -> Board:
    response = client.get(f"{URL}{query}")
    assert response.status_code == 200
    return response.context["board"]


def at(text: str) -> datetime:
    moment = parse_datetime(f"{text}+09:00")
    assert moment is not None
    return moment


def consultation(program, *, slots: int = 4, **fields) -> Course:
    """A consultation day of half-hour slots, one place each."""
    course = make.make_course(program=program, by_slot=True, capacity=slots, **fields)
    first = course.class_sessions.get()
    first.delete()
    for n in range(slots):
        start = course.starts_at + timedelta(minutes=30 * n)
        end = start + timedelta(minutes=30)
        course.class_sessions.create(number=n + 1, starts_at=start, ends_at=end, venue=first.venue, seats=1)
    return course
