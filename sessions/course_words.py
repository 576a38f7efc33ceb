"""How the state of a course, a session, a seat or a notice is said: one word and the tone of its chip."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from messaging.models import NOT_TOLD, State
from sessions.models import ClassSession, Course, Notice
from sessions.seats import Seats


@dataclass(frozen=True)
class Words:
    text: str
    tone: str = ""


def course_state(course: Course) -> Words:
    if course.cancelled_at is not None:
        return Words(_("Called off"), "bad")
    if course.published_at is None:
        return Words(_("Draft"), "plain")
    if course.is_over:
        return Words(_("Over"))
    now = timezone.now()
    if now < course.opens_at:
        return Words(_("Not open yet"), "plain")
    if course.is_open:
        return Words(_("Open for applications"), "ok")
    return Words(_("Under way") if course.has_started else _("Applications closed"), "plain")


def session_state(class_session: ClassSession) -> Words:
    if class_session.is_cancelled:
        return Words(_("Called off"), "bad")
    return Words(_("Over")) if class_session.ends_at <= timezone.now() else Words(_("Planned"), "ok")


def seats_left(seats: Seats, waiting: int) -> Words:
    """Seats in words for a list: what is free, or how many wait."""
    facts = {"left": seats.free, "capacity": seats.capacity, "waiting": waiting}
    if seats.free > 0 and waiting:
        return Words(_("%(left)s of %(capacity)s left, %(waiting)s waiting") % facts, "wait")
    if seats.free > 0:
        return Words(_("%(left)s of %(capacity)s left") % facts, "ok")
    if waiting:
        return Words(_("Full (%(capacity)s), %(waiting)s waiting") % facts, "wait")
    return Words(_("Full (%(capacity)s)") % facts, "plain")


def notice_state(notice: Notice) -> Words:
    """On which rung somebody is told, and how far that has come."""
    rung = notice.get_rung_display()
    if notice.message is not None:
        state = notice.message.get_state_display()
        tone = "bad" if notice.message.state in NOT_TOLD else "ok" if notice.message.state in TOLD else "plain"
        return Words(f"{rung} {state}", tone)
    if notice.closed_at is not None:
        return Words(f"{rung} {notice.get_outcome_display()}".strip(), "ok" if was_told(notice) else "bad")
    if notice.calls_made:
        return Words(_("%(rung)s: no answer, %(calls)s times") % {"rung": rung, "calls": notice.calls_made}, "bad")
    return Words(_("%(rung)s: to do") % {"rung": rung}, "wait")


def was_told(notice: Notice) -> bool:
    return notice.outcome in {Notice.Outcome.TOLD, ""}


TOLD = (State.SENT, State.DELIVERED)
