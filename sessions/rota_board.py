"""What the page of a rota shows: every session with its people, and what may be written there."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.forms.boundfield import BoundField
from django.utils import timezone

from accounts.models import Membership, User
from programs.sharing import bodies_of
from sessions import rota
from sessions.models import ClassSession, Course, StaffDuty
from sessions.roster import Place, places_of
from sessions.rota_forms import DutyForm, HoursForm


@dataclass(frozen=True)
class DutyRow:
    """`hours` is the input for recorded hours, `was` what the page showed in it."""

    duty: StaffDuty
    place: Place
    clash: ClassSession | None
    may_write: bool
    hours: BoundField | None
    was: BoundField | None


@dataclass(frozen=True)
class Group:
    """One session with its people and the forms below them."""

    class_session: ClassSession
    rows: Sequence[DutyRow]
    form: DutyForm | None
    hours: HoursForm | None
    may_repeat: bool


class Board:
    """The rota of a course as a member of a town sees it; `bad` is the form that was not in order, with the
    key of its session."""

    def __init__(
        self, course: Course, membership: Membership, bad: tuple[int, DutyForm | HoursForm] | None = None
    ) -> None:
        self.membership, self.bad = membership, bad
        self.town = membership.municipality
        self.sessions = sessions_of(course)
        self.places = places_of(bodies_of(course.program))
        self.clashes = rota.clashes_of(duty for session in self.sessions for duty in session.duties.all())
        self.towns = rota.towns_to_write_for(course, self.town) if membership.can_coordinate else []
        self.hours = rota.hours_by_town(course=course)

    @property
    def bad_form(self) -> DutyForm | HoursForm | None:
        return self.bad[1] if self.bad else None

    @property
    def totals(self) -> list[tuple[Place, rota.Hours]]:
        return [(place, self.hours[key]) for key, place in self.places.items() if key in self.hours]

    @property
    def total(self) -> rota.Hours:
        return rota.total_hours(self.hours.values())

    @property
    def members(self) -> QuerySet[User]:
        """Names that may be meant: those of one's own town."""
        return User.objects.filter(memberships__municipality=self.town).exclude(name="").order_by("name")

    @property
    def groups(self) -> list[Group]:
        return [self.group(class_session) for class_session in self.sessions]

    def group(self, class_session: ClassSession) -> Group:
        duties = list(class_session.duties.all())
        own = [duty for duty in duties if self.may_write(duty)]
        bad = self.bad[1] if self.bad and self.bad[0] == class_session.pk else None
        form, hours = None, None
        if self.towns and not class_session.is_cancelled:
            form = bad if isinstance(bad, DutyForm) else DutyForm.for_session(class_session, towns=self.towns)
        if own and class_session.starts_at <= timezone.now():
            hours = bad if isinstance(bad, HoursForm) else HoursForm(duties=own)
        inputs = {duty.pk: (field, was) for duty, field, was in hours.pairs()} if hours else {}
        rows = [self.row(duty, *inputs.get(duty.pk, (None, None))) for duty in duties]
        others = [each for each in self.sessions if each != class_session and each.starts_at > timezone.now()]
        return Group(class_session, rows, form, hours, may_repeat=bool(self.towns and own and others))

    def row(self, duty: StaffDuty, hours: BoundField | None, was: BoundField | None) -> DutyRow:
        place = self.places.get(duty.municipality_id) or Place(duty.municipality, "0")
        return DutyRow(duty, place, self.clashes.get(duty.pk), self.may_write(duty), hours, was)

    def may_write(self, duty: StaffDuty) -> bool:
        return self.membership.can_coordinate and rota.may_write(duty, self.town)


def sessions_of(course: Course) -> list[ClassSession]:
    """The sessions with their duties, each knowing where it belongs."""
    duties = StaffDuty.objects.select_related("municipality").order_by("municipality__code", "duty", "name", "pk")
    rows = course.class_sessions.select_related("venue__municipality")
    sessions = list(rows.prefetch_related(Prefetch("duties", duties)))
    for class_session in sessions:
        class_session.course = course
        for duty in class_session.duties.all():
            duty.class_session = class_session
    return sessions
