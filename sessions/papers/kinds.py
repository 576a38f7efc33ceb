"""Which papers a course has, who may print which, and the one place that makes each of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Membership
from sessions.listing import WITH_VENUES
from sessions.models import ClassSession, Course
from sessions.papers.application import application
from sessions.papers.labels import postcard_labels, roster_labels
from sessions.papers.leaflet import leaflet
from sessions.papers.lists import office_roster, reception_book, venue_roster
from sessions.papers.press import Paper
from sessions.papers.seating import seating_plan
from sessions.papers.single import certificates, name_tags
from sessions.roster import places_of, roster_of, sees_names_of_others, towns_of_course


class Kind(models.TextChoices):
    LEAFLET = "leaflet", _("Leaflet")
    APPLICATION = "application", _("Application form")
    RECEPTION = "reception", _("Reception book")
    VENUE_ROSTER = "venue-roster", _("Roster for the venue")
    OFFICE_ROSTER = "office-roster", _("Roster for the office")
    NAME_TAGS = "name-tags", _("Name tags")
    SEATING = "seating", _("Seating plan")
    CERTIFICATES = "certificates", _("Certificates of completion")
    POSTCARD_LABELS = "postcard-labels", _("Address labels for postcards")
    LABELS = "labels", _("Address labels of all with a seat")


class Size(models.TextChoices):
    NORMAL = "normal", _("A4")
    LARGE = "large", pgettext_lazy("size of paper", "Large print")


WITHOUT_NAMES = (Kind.LEAFLET, Kind.APPLICATION)
OF_ONE_SESSION = (Kind.RECEPTION, Kind.SEATING)
WHAT_FOR = {
    Kind.LEAFLET: _("To lay out and to post up: the telephone number in large figures, and the square code."),
    Kind.APPLICATION: _("For the counter and for the post. It asks what the telephone desk asks."),
    Kind.RECEPTION: _("For the entrance: who comes, boxes to tick, blank rows for walk-ins."),
    Kind.VENUE_ROSTER: _("For the teacher and the helpers: no telephone numbers, no ages."),
    Kind.OFFICE_ROSTER: _("For the office alone: telephone numbers, ages and notes of your residents."),
    Kind.NAME_TAGS: _("With the kana and the mark of the telephone. Ten to a sheet, six in large print."),
    Kind.SEATING: _("One table for each helper; those who asked for it sit at the front."),
    Kind.CERTIFICATES: _("A page for each who has completed the class."),
    Kind.POSTCARD_LABELS: _("For the postcards still to be written. 24 to a sheet, 12 in large print."),
    Kind.LABELS: _("Your residents whose address is known. 24 to a sheet, 12 in large print."),
}


@dataclass(frozen=True)
class Order:
    """What somebody asks to have printed."""

    kind: Kind
    size: Size = Size.NORMAL
    session: ClassSession | None = None

    @property
    def is_large(self) -> bool:
        return self.size == Size.LARGE


def kinds_for(course: Course, membership: Membership) -> list[Kind]:
    """A seating plan is of the whole room, so it is for the towns that see everybody who comes."""
    if not membership.can_see_people:
        return list(WITHOUT_NAMES)
    whole_room = sees_names_of_others(membership, course) and not course.by_slot
    return [kind for kind in Kind if whole_room or kind != Kind.SEATING]


def sessions_of(course: Course) -> list[ClassSession]:
    """Those that are held."""
    return list(course.class_sessions.filter(cancelled_at=None).select_related("venue__municipality"))


def next_session(sessions: Sequence[ClassSession]) -> ClassSession | None:
    """The one a sheet is printed for unless another is asked for; the last one when all are over."""
    now = timezone.now()
    return next((row for row in sessions if row.ends_at > now), sessions[-1] if sessions else None)


def paper_of(course: Course, membership: Membership, order: Order) -> Paper:
    """The rows are those of the roster on the screen: a town sees no more on paper than there."""
    large = order.is_large
    if order.kind in WITHOUT_NAMES:
        prefetch_related_objects([course], WITH_VENUES)
    if order.kind == Kind.LEAFLET:
        return leaflet(course, is_large=large)
    if order.kind == Kind.APPLICATION:
        return application(course, is_large=large)
    if order.kind == Kind.POSTCARD_LABELS:
        return postcard_labels(course, membership, is_large=large)
    if order.kind == Kind.LABELS:
        return roster_labels(course, membership, is_large=large)
    return paper_of_roster(course, membership, order)


def paper_of_roster(course: Course, membership: Membership, order: Order) -> Paper:
    roster = roster_of(course, membership, places_of(towns_of_course(course)))
    large, sessions = order.is_large, sessions_of(course)
    chosen = order.session or next_session(sessions)
    if order.kind == Kind.RECEPTION:
        return reception_book(course, roster, sessions, chosen, is_large=large)
    if order.kind == Kind.VENUE_ROSTER:
        return venue_roster(course, roster, sessions, is_large=large)
    if order.kind == Kind.OFFICE_ROSTER:
        return office_roster(course, roster, sessions, is_large=large)
    if order.kind == Kind.NAME_TAGS:
        return name_tags(course, roster, is_large=large)
    if order.kind == Kind.CERTIFICATES:
        return certificates(course, roster, is_large=large)
    return seating_plan(course, roster, chosen, is_large=large)
