"""A real calendar client, vdirsyncer, follows the public feed over HTTP: new, moved, called off, gone."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import vobject
from django.utils import timezone

from sessions.changes import call_off_session, move_session
from sessions.models import ClassSession
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)
CONFIG = """
[general]
status_path = "{folder}/status/"
[pair classes]
a = "feed"
b = "here"
collections = null
conflict_resolution = "a wins"
[storage feed]
type = "http"
url = "{url}/calendar/municipality/102083.ics"
[storage here]
type = "filesystem"
path = "{folder}/here/"
fileext = ".ics"
"""


@pytest.fixture
def collect(live_server, tmp_path: Path):
    """Runs the client once and reads what it has then, by the day and hour of the event."""
    config = tmp_path / "config"
    config.write_text(CONFIG.format(folder=tmp_path, url=live_server.url), encoding="utf-8")
    (tmp_path / "here").mkdir()

    def run(*command: str) -> None:
        client = [sys.executable, "-m", "vdirsyncer", "-c", str(config), *command]
        done = subprocess.run(client, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr

    run("discover")

    def collect() -> dict[str, tuple[str, str]]:
        run("sync")
        texts = [file.read_text(encoding="utf-8") for file in (tmp_path / "here").glob("*.ics")]
        events = [vobject.readOne(text).vevent for text in texts]
        return {f"{event.dtstart.value:%m%d %H}": (event.status.value, event.sequence.value) for event in events}

    return collect


def key(moment) -> str:
    return f"{timezone.localtime(moment):%m%d %H}"


def test_a_client_follows_the_feed(collect, program, staff):
    course = make.make_course(program=program, session_count=3)
    stays, moves, goes = course.class_sessions.all()
    assert collect() == {key(each.starts_at): ("CONFIRMED", "0") for each in (stays, moves, goes)}

    later = moves.starts_at + timedelta(hours=3)
    move_session(moves, starts_at=later, ends_at=later + timedelta(hours=1), venue=moves.venue, by=staff)
    call_off_session(goes, reason="大雪", by=staff)
    new = make.make_course(program=program, starts_at=make.in_days(40)).class_sessions.get()
    followed = {
        key(stays.starts_at): ("CONFIRMED", "0"),
        key(later): ("CONFIRMED", "1"),
        key(new.starts_at): ("CONFIRMED", "0"),
    }
    assert collect() == followed | {key(goes.starts_at): ("CANCELLED", "1")}

    ClassSession.objects.filter(pk=goes.pk).update(cancelled_at=timezone.now() - timedelta(days=61))
    assert collect() == followed
