"""Whether demo data may be written here, what is cleared before, and writing it."""

import random
import time
from collections.abc import Callable

from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import audit
from accounts.models import AuditEntry, Municipality, User
from accounts.numbers import is_demo
from config.demo.bulk import write_unit
from config.demo.courses import plan_season
from config.demo.facts import STAFF
from config.demo.people import write_down
from config.demo.scenes import scenes
from config.demo.story import Story, season
from config.demo.towns import prepare
from config.worker import work_once
from messaging.backends import backend
from messaging.models import Line, Message
from participants.models import ContactPoint
from programs.catalogue import load_catalogue
from programs.models import Curriculum, Program

ACT = "demo.seeded"
PASSWORD = "engawa-demo"  # noqa: S105  printed for everybody to see
MARK = "（デモ）"
LABELS = ("accounts", "messaging", "participants", "programs", "class_sessions", "volunteers", "surveys", "phone")


class Problem(models.TextChoices):
    """Why no demo data is written here: one plain sentence each."""

    REAL_BACKEND = (
        "real_backend",
        gettext_lazy("Messages leave the house here. Demo data is for the simulator only."),
    )
    REAL_DATA = "real_data", gettext_lazy("This database holds data that is not of the demo. Nothing was changed.")


def why_not() -> Problem | None:
    if backend().is_real:
        return Problem.REAL_BACKEND
    is_marked = AuditEntry.objects.filter(act=ACT).exists()
    if (not is_marked and holds_anything()) or holds_real_data():
        return Problem.REAL_DATA
    return None


def holds_anything() -> bool:
    return any(model.objects.exists() for model in (User, Program, Line, Message, ContactPoint))


def holds_real_data() -> bool:
    """Somebody has added a user, a programme or a number that could ring."""
    names = [username for username, _name, _roles in STAFF]
    numbers = ContactPoint.objects.values_list("number", flat=True).iterator()
    return (
        User.objects.exclude(username__in=names).exists()
        or Program.objects.exclude(name__endswith=MARK).exists()
        or not all(is_demo(number) for number in numbers)
    )


def is_fresh(scale: int) -> bool:
    """Whether the demo that stands here was made today, as large as asked for."""
    last = AuditEntry.objects.filter(act=ACT).first()
    if last is None or timezone.localdate(last.at) != timezone.localdate():
        return False
    return last.detail.get("scale") == scale


def clear() -> None:
    """Take everything away but the country's list of towns and the common catalogue, children first."""
    ours = [model for label in LABELS for model in apps.get_app_config(label).get_models()]
    for model in reversed(ours):
        if model is Curriculum:
            Curriculum.objects.exclude(municipality=None).delete()
        elif model is not Municipality:
            model._default_manager.all().delete()


def seed(*, scale: int = 1, progress: Callable[[str], None] = lambda line: None) -> Story:
    """Play the season of today on an empty database, and write it `scale` - 1 times more: all of it or nothing."""
    now = timezone.now()
    today = timezone.localdate(now)
    dice = random.Random(2026)  # noqa: S311  the same people every time; nothing here is secret
    with transaction.atomic():
        clear()
        load_catalogue()
        progress(_("Towns, halls, programmes and staff"))
        places = prepare(today, password=make_password(PASSWORD))
        progress(_("People"))
        people = write_down(places, year=today.year, dice=dice)
        progress(_("Classes"))
        courses = plan_season(places, today)
        story = Story(places=places, people=people, courses=courses, now=now, dice=dice)
        season(story)
        scenes(story)
        progress(_("The weeks up to today"))
        story.play()
        work_once()
        multiply(story, scale, progress)
        audit.record(ACT, by=None, scale=scale)
    return story


def multiply(story: Story, scale: int, progress: Callable[[str], None]) -> None:
    started, rows = time.monotonic(), 0
    for number in range(1, scale):
        rows += write_unit(number, story.places, story.now, story.dice)
        if number % max(1, scale // 20) == 0 or number == scale - 1:
            speed = rows / max(0.001, time.monotonic() - started)
            line = _("%(done)s of %(all)s, %(rows)s rows, %(speed)s rows a second")
            progress(line % {"done": number + 1, "all": scale, "rows": rows, "speed": int(speed)})
