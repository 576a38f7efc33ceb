"""Taking an application at the desk: people known already, somebody new, or both, in one transaction."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Prefetch, prefetch_related_objects

from accounts.models import Municipality, User
from participants.models import Channel, Consent, Contact, Participant
from participants.people import Details, add_person, give_number, possible_duplicates
from sessions.models import ClassSession, Course, Registration
from sessions.refusals import Refused, refuse
from sessions.registration import Done, lock_people, refuse_each, register

WORDING = "desk-1"
ASKED_ALOUD = (Consent.Purpose.USE, Consent.Purpose.SHARING)


@dataclass(frozen=True)
class Application:
    """What is applied for, by which way in, and who takes it down. `submission` names the filled-in form."""

    course: Course
    channel: Channel
    by: User
    submission: uuid.UUID
    class_session: ClassSession | None = None
    proxy: str = ""


def take(
    application: Application, people: Sequence[Participant], *, newcomer: Details | None = None
) -> Done | Refused:
    """Register people, the newcomer first, who is written down only if the application stands.

    The form is judged first: sent twice, it makes one person and one registration.
    """
    with transaction.atomic():
        earlier = taken_before(application.submission)
        if earlier:
            return Done(earlier, is_repeat=True)
        callers = list(dict.fromkeys(people))
        if newcomer is not None:
            callers.insert(0, write_down(newcomer, application))
        outcome = apply(application, callers)
        if newcomer is not None and (isinstance(outcome, Refused) or outcome.is_repeat):
            transaction.set_rollback(True)
    if newcomer is not None and isinstance(outcome, Refused):
        town = newcomer.municipality  # the refusal went with the person: it is logged once more, without them
        refuse(outcome.code, course=application.course, channel=application.channel, municipality=town)
    return outcome


def taken_before(submission: uuid.UUID) -> list[Registration]:
    """What the same filled-in form made earlier: a double click, or the page sent once more."""
    return list(Registration.objects.filter(submission=submission).order_by("pk"))


def write_down(newcomer: Details, application: Application) -> Participant:
    wants_sms = newcomer.reach == Participant.Reach.SMS
    return add_person(
        newcomer,
        channel=application.channel,
        by=application.by,
        consents=[*ASKED_ALOUD, Consent.Purpose.SMS] if wants_sms else ASKED_ALOUD,
        wording=WORDING,
    )


def apply(application: Application, people: Sequence[Participant]) -> Done | Refused:
    return register(
        application.course,
        people,
        channel=application.channel,
        by=application.by,
        class_session=application.class_session,
        submission=application.submission,
        proxy=application.proxy,
    )


def take_for_same_person(
    application: Application,
    person: Participant,
    details: Details,
    others: Sequence[Participant],
    *,
    town: Municipality,
) -> Done | Refused:
    """The clerk of `town` has said that the person typed in is known: register them and, if they are a
    resident of the town, keep the number they call from."""
    people = [person, *others]
    with transaction.atomic():
        lock_people(people)  # people, then numbers, then the course: as on every way in
        if details.phone is not None and person.municipality_id == town.pk:
            give_number(person, details.phone, by=application.by, channel=application.channel)
        outcome = take(application, people)
        if isinstance(outcome, Refused):
            transaction.set_rollback(True)
    if isinstance(outcome, Refused):  # the refusal went with the number: it is logged once more
        refuse_each(outcome.code, application.course, list(dict.fromkeys(people)), application.channel)
    return outcome


def who_it_may_be(details: Details) -> list[Participant]:
    """People who may be the newcomer: to be shown before writing them down."""
    found = possible_duplicates(
        kana=details.kana,
        municipality=details.municipality,
        phone=details.phone,
        birth_year=details.birth_year,
    )
    prefetch_related_objects(found, Prefetch("contacts", Contact.objects.select_related("contact_point")))
    return found
