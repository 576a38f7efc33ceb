"""What the clerk says, in order, filled in with the class and the towns chosen so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.japanese import period_label
from accounts.models import Municipality
from sessions.models import ClassSession


class Step(IntEnum):
    PURPOSE = 1
    EXPERIENCE = 2
    DATE = 3
    NAME = 4
    NUMBER = 5
    NEEDS = 6
    WAY_HOME = 7
    CONSENT = 8
    RECEIPT = 9
    WARNING = 10


@dataclass(frozen=True)
class Line:
    step: int
    text: str
    is_done: bool
    is_current: bool


def script(
    current: Step, *, town: Municipality, class_session: ClassSession | None, partners: Sequence[Municipality]
) -> list[Line]:
    """The ten steps; those before `current` are done."""
    return [
        Line(step, text, step < current, step == current)
        for step, text in sentences(town, class_session, partners).items()
    ]


def sentences(
    town: Municipality, class_session: ClassSession | None, partners: Sequence[Municipality]
) -> dict[Step, str]:
    names = _(", ").join(partner.name for partner in partners)
    return {
        Step.PURPOSE: _("%(town)s smartphone classes. Would you like to apply, or change or cancel something?")
        % {"town": town.name},
        Step.EXPERIENCE: _("Have you been to one of our smartphone classes? What telephone do you use?"),
        Step.DATE: proposal(class_session),
        Step.NAME: _("The name in kana, one character at a time. Read it back. Is %(town)s where they live?")
        % {"town": town.name},
        Step.NUMBER: _("The telephone number. Read it back. Can it receive SMS? How shall we tell them?"),
        Step.NEEDS: _("Is there anything to prepare: a seat at the front, large print? Do not ask why."),
        Step.WAY_HOME: _("Do they have a way to come and to go home?"),
        Step.CONSENT: _(
            "We use your name and number for this class, to prepare it with %(towns)s, and for the survey"
            " afterwards. Do you agree?"
        )
        % {"towns": names}
        if names
        else _("We use your name and number for this class and for the survey afterwards. Do you agree?"),
        Step.RECEIPT: _("Read the receipt number twice. Have you written it down?"),
        Step.WARNING: _("We never ask for money, PINs or bank accounts, and our SMS carry no links."),
    }


def proposal(class_session: ClassSession | None) -> str:
    if class_session is None:
        return _("Ask which day they would like, and for a second choice.")
    start = localtime(class_session.starts_at)
    return _("“How about %(day)s %(weekday)s, %(time)s?” If it does not suit, a second choice.") % {
        "day": date_format(start, "MONTH_DAY_FORMAT"),
        "weekday": date_format(start, "l"),
        "time": period_label(class_session.starts_at, class_session.ends_at, speech=True),
    }
