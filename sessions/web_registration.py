"""Applying on the web without an account: what was written travels in a signed draft until it is sent."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from django.core import signing
from django.db import transaction

from participants.kana import kana_key
from participants.keeping import change_person
from participants.models import Channel, Consent, Contact, Device, Participant
from participants.people import Details, add_person, people_on, record_consent
from programs.sharing import ordered_towns
from sessions.models import ClassSession, Course, Registration
from sessions.refusals import Refused, refuse
from sessions.registration import Done, lock_people, register

WORDING = "web-1"
DRAFT_SALT, RECEIPT_SALT = "sessions.draft", "sessions.receipt"
DRAFT_LIFETIME = timedelta(hours=2)
RECEIPT_LIFETIME = timedelta(days=30)

type Written = dict[str, list[str]]


@dataclass(frozen=True)
class Application:
    """A form that was filled in well: `details` of the first person, and perhaps the name of a second."""

    details: Details
    second_kana: str = ""
    slot: ClassSession | None = None

    @property
    def everybody(self) -> list[Details]:
        """The first person and those who come along: same town and number, their own device not asked."""
        if not self.second_kana:
            return [self.details]
        along = replace(
            self.details,
            kana=self.second_kana,
            device=Device.UNKNOWN,
            needs=[],
            relation=Contact.Relation.FAMILY,
        )
        return [self.details, along]


@dataclass(frozen=True)
class Draft:
    """What was written, with the mark that makes it count once however often it is sent."""

    written: Written
    submission: uuid.UUID
    is_stale: bool


def sign_draft(course: Course, written: Written) -> str:
    contents = {"course": course.pk, "submission": uuid.uuid4().hex, "written": written}
    return signing.dumps(contents, salt=DRAFT_SALT, compress=True)


def read_draft(course: Course, token: str) -> Draft | None:
    """None if the draft was not made here or is about another class."""
    try:
        contents = signing.loads(token, salt=DRAFT_SALT)
    except signing.BadSignature:
        return None
    if contents["course"] != course.pk:
        return None
    return Draft(contents["written"], uuid.UUID(contents["submission"]), is_stale(token))


def is_stale(token: str) -> bool:
    """Whether the page stood open so long that it should be read once more before it is sent."""
    try:
        signing.loads(token, salt=DRAFT_SALT, max_age=DRAFT_LIFETIME)
    except signing.SignatureExpired:
        return True
    return False


def sign_receipt(registrations: Sequence[Registration]) -> str:
    return signing.dumps([row.pk for row in registrations], salt=RECEIPT_SALT)


def registrations_of(token: str) -> list[Registration]:
    """The registrations a receipt shows; none if the token was not made here or is too old."""
    try:
        keys = signing.loads(token, salt=RECEIPT_SALT, max_age=RECEIPT_LIFETIME)
    except signing.BadSignature:
        return []
    rows = Registration.objects.filter(pk__in=keys).order_by("pk")
    named = ("course__host", "course__program__lead", "class_session__venue", "participant")
    return list(rows.select_related(*named).prefetch_related("course__class_sessions__venue"))


def sent_before(course: Course, submission: uuid.UUID) -> list[Registration]:
    """What the same form, sent a moment ago, has become."""
    return list(course.registrations.filter(submission=submission).order_by("pk"))


def apply_on_the_web(course: Course, application: Application, *, submission: uuid.UUID) -> Done | Refused:
    """Register everybody on the form, or nobody. Who is refused leaves no personal data behind, only the
    refusal; who sends the same form twice, or has applied already, changes nothing."""
    with transaction.atomic():
        if sent := sent_before(course, submission):
            return Done(sent, is_repeat=True)
        people = write_down(course, application)
        outcome = register(
            course, people, channel=Channel.WEB, class_session=application.slot, submission=submission
        )
        if isinstance(outcome, Refused) or outcome.is_repeat:
            transaction.set_rollback(True)
    if isinstance(outcome, Refused):
        for details in application.everybody:
            refuse(outcome.code, course=course, channel=Channel.WEB, municipality=details.municipality)
    return outcome


def write_down(course: Course, application: Application) -> list[Participant]:
    """Everybody on the form: those known already with the needs they add, the others for the first time."""
    known = [known_person(details) for details in application.everybody]
    lock_people([person for person in known if person is not None])
    consents = consents_for(course, application.details)
    return [
        renewed(person, details, consents) if person else added(details, consents)
        for person, details in zip(known, application.everybody, strict=True)
    ]


def known_person(details: Details) -> Participant | None:
    """Somebody of the same town with the same name by ear and the same number. A number alone, which a
    household shares, or a name alone is not enough."""
    if details.phone is None:
        return None
    same_number = people_on(details.phone.e164)
    return same_number.filter(municipality=details.municipality, kana_key=kana_key(details.kana)).first()


def consents_for(course: Course, details: Details) -> list[Consent.Purpose]:
    consents = [Consent.Purpose.USE]
    if len(ordered_towns(course.program)) > 1:
        consents.append(Consent.Purpose.SHARING)
    if details.reach == Participant.Reach.SMS:
        consents.append(Consent.Purpose.SMS)
    return consents


def added(details: Details, consents: Sequence[Consent.Purpose]) -> Participant:
    return add_person(details, channel=Channel.WEB, by=None, consents=consents, wording=WORDING)


def renewed(person: Participant, details: Details, consents: Sequence[Consent.Purpose]) -> Participant:
    """Add the needs of somebody known. Nobody has proved on the web who they are, so how the person is
    reached, their SMS included, stays as they told us; so does the rest."""
    needs = [*person.needs, *(need for need in details.needs if need not in person.needs)]
    change_person(person, {"needs": needs}, by=None, channel=Channel.WEB)
    for purpose in consents:
        if purpose != Consent.Purpose.SMS:
            record_consent(person, purpose, given=True, wording=WORDING, channel=Channel.WEB, by=None)
    return person
