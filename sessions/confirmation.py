"""What an applicant reads before sending and after: their answers, what it will come to, what happens next."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.contact import Contact, contact_of
from participants.models import Device, Need, Participant
from sessions.listing import Meeting, held, meeting_of
from sessions.models import ClassSession, Course, Registration
from sessions.occupancy import seats_of
from sessions.public_forms import slot_words
from sessions.waiting_list import left_by_the_line
from sessions.web_registration import Application

Reach = Participant.Reach
State = Registration.State


def answers_of(application: Application) -> list[tuple[str, list[str]]]:
    """Term and answers of everything that was filled in."""
    details, slot = application.details, application.slot
    rows = [
        (_("Your time"), [slot_words(slot)] if slot else []),
        (_("Your name"), [details.kana, *([application.second_kana] if application.second_kana else [])]),
        (_("Telephone number"), [details.phone.national] if details.phone else []),
        (_("Where you live"), [details.municipality.name]),
        (_("Your telephone"), [str(Device(details.device).label)]),
        (_("To prepare"), [str(Need(code).label) for code in details.needs] or [_("Nothing in particular")]),
        (_("We tell you by"), [str(Reach(details.reach).label)]),
        (_("Address"), [f"{details.postal_code} {details.address}".strip()] if details.address else []),
    ]
    return [(term, answers) for term, answers in rows if answers]


@dataclass(frozen=True)
class Outlook:
    """What sending would come to just now. A forecast: `registration.register` decides."""

    sentence: str
    waits: bool = False


def outlook_of(course: Course, application: Application) -> Outlook:
    if course.awaits_draw:
        return Outlook(
            _("If more people apply than there are places, lots are drawn. We tell everybody the result.")
        )
    wanted = Counter({application.details.municipality.pk: len(application.everybody)})
    seats = left_by_the_line(course, seats_of(course))
    if course.by_slot or seats.fits(wanted):
        return Outlook(_("There is room. Your place is settled when you apply."))
    if application.second_kana and seats.fits({application.details.municipality.pk: 1}):
        return Outlook(
            _("One seat is left, not two. If you apply for two, both of you go on the waiting list."), True
        )
    return Outlook(_("All seats are taken at the moment. If you apply, you go on the waiting list."), True)


@dataclass(frozen=True)
class Outcome:
    """The receipt: what has become of an application, as it stands now."""

    registrations: Sequence[Registration]
    meeting: Meeting | None
    sessions: list[ClassSession]
    contact: Contact | None

    @property
    def course(self) -> Course:
        return self.registrations[0].course

    @property
    def state(self) -> str:
        """That of the first person; people who apply together share it until one of them cancels."""
        return self.registrations[0].state

    @property
    def is_confirmed(self) -> bool:
        return self.state == State.CONFIRMED and self.course.is_published

    @property
    def title(self) -> str:
        if self.course.cancelled_at is not None:
            return _("This class has been called off")
        titles = {
            State.CONFIRMED: _("We have received your application"),
            State.APPLIED: _("We have received your application"),
            State.WAITING: _("You are on the waiting list"),
            State.OFFERED: _("A seat has come free for you"),
            State.LOST: _("You were not drawn"),
        }
        return titles.get(State(self.state), _("This application has ended"))

    @property
    def next_steps(self) -> list[str]:
        """What happens next, a sentence each."""
        if self.course.cancelled_at is not None:
            return [_("Please do not come to the venue. We tell you by the way you chose.")]
        steps = {
            State.CONFIRMED: [
                remind(self.registrations[0].participant),
                _("On the day, please come to the venue."),
            ],
            State.APPLIED: [_("When applications are closed, lots are drawn. We tell everybody the result.")],
            State.WAITING: [_("When a seat comes free, we let you know and ask whether you would like it.")],
            State.OFFERED: [
                _("Please answer by the day we told you. After that the seat goes to the next person.")
            ],
        }
        return steps.get(State(self.state), [])


def remind(person: Participant) -> str:
    return {
        Reach.SMS: _("We send you an SMS now, and again before the class. It carries no links."),
        Reach.CALL: _("We telephone you before the class."),
        Reach.POSTCARD: _("We send you a postcard before the class."),
    }[Reach(person.reach)]


def outcome_of(registrations: Sequence[Registration]) -> Outcome:
    first = registrations[0]
    course, slot = first.course, first.class_session
    if slot is None:
        sessions = held(course)
        return Outcome(registrations, meeting_of(course), sessions if len(sessions) > 1 else [], host(course))
    return Outcome(registrations, Meeting(slot.starts_at, slot.ends_at, slot.venue, ""), [], host(course))


def host(course: Course) -> Contact | None:
    return contact_of(course.host, course.program.lead)
