import pytest
import time_machine

from config.worker import work_once
from messaging.backends import MemoryBackend
from messaging.models import Heartbeat
from programs.models import Program
from sessions.models import Notice
from tests import make

pytestmark = pytest.mark.django_db


def test_a_step_that_fails_is_said_and_does_not_keep_the_others_from_running(program, caplog):
    make.make_registration(course=make.make_course(program=program, starts_at=make.in_days(5)))
    Program.objects.update(reminder_days=["soon"])
    done = work_once()
    assert done["reminders"] == -1
    assert "worker step failed: reminders" in caplog.text
    assert [message.template for message in MemoryBackend.sent] == ["confirmed"]
    assert Heartbeat.objects.get().passes == 1


def test_one_bad_row_does_not_keep_the_rows_after_it_waiting(program, shibukawa, caplog):
    broken = make.make_program(lead=shibukawa, reminder_days=["soon"])
    for each, days in ((broken, 3), (program, 3)):
        make.make_registration(course=make.make_course(program=each, starts_at=make.in_days(days)))
    with time_machine.travel(make.in_days(2, hour=12), tick=False):
        done = work_once()
    assert done["reminders"] == -1
    assert "failed for ClassSession" in caplog.text
    assert Notice.objects.filter(kind=Notice.Kind.REMINDER).count() == 1


def test_a_second_pass_does_nothing_twice(program):
    make.make_registration(course=make.make_course(program=program))
    work_once()
    assert not any(work_once().values())
    assert len(MemoryBackend.sent) == 1
