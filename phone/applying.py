"""Applying by text: the four digits of a class, then, one question at a time, what is not known yet.

The only one known on a number is asked nothing but "Is this right?", and told how somebody else applies; somebody
new gives town and name in one text. Where several are known, the writer says who they are.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.japanese import date_label, time_label
from accounts.models import Municipality
from accounts.numbers import PhoneNumber, read_number
from messaging.models import Line
from participants.models import Channel, Consent, Participant
from participants.people import Details, add_person
from phone import household, naming
from phone.models import Conversation
from phone.replies import Question, about, about_course, ask, say, say_again, say_outcome, settle, unclear
from programs.sharing import ordered_towns
from sessions.models import ClassSession, Course, Registration
from sessions.occupancy import seats_of, slots_of
from sessions.refusals import Code, Refused, refuse
from sessions.registration import Done, register, why_closed
from sessions.waiting_list import left_by_the_line

WORDING = "sms-1"
MOST_SLOTS, MOST_TOWNS = 4, 6
QUESTIONS = (Question.TOWN, Question.NAME, Question.SLOT, Question.READ_BACK)


@dataclass(frozen=True)
class Form:
    """What the conversation has gathered for one application, by keys; kept between two texts."""

    course: int
    person: int | None = None
    town: int | None = None
    kana: str = ""
    slot: int | None = None

    @classmethod
    def of(cls, talk: Conversation) -> Form:
        return cls(**talk.gathered["form"])

    def kept(self) -> dict[str, Any]:
        return {"act": "apply", "form": asdict(self)}


class Wanted:
    """The class that is asked for, and the towns whose residents may come, in the order of their numbers."""

    def __init__(self, course: Course) -> None:
        self.course = course

    @classmethod
    def by(cls, form: Form) -> Wanted:
        return cls(Course.objects.select_related("program__lead", "host").get(pk=form.course))

    @cached_property
    def towns(self) -> list[Municipality]:
        return [town for town in ordered_towns(self.course.program) if town.has_residents]

    @property
    def can_be_listed(self) -> bool:
        """Whether one text has room for all the towns; otherwise the name of the town is asked for."""
        return len(self.towns) <= MOST_TOWNS

    def registration_of(self, key: int | None) -> Registration | None:
        """The application of a person that stands already."""
        live = self.course.registrations.live().select_related("class_session__venue")
        earlier = live.filter(participant=key).first() if key else None
        if earlier is not None:
            earlier.course = self.course
        return earlier

    def town(self, key: int | None) -> Municipality | None:
        return next((town for town in self.towns if town.pk == key), None)


def course_called(line: Line, code: str) -> Course | None:
    courses = Course.objects.listed().select_related("program__lead", "host")
    return courses.filter(line=line, code=code, code_released_at=None).exclude(published_at=None).first()


def begin(talk: Conversation, code: str) -> None:
    """Four digits came: find the class, and whoever of this number may come."""
    course = course_called(talk.line, code)
    if course is None:
        refuse(Code.UNKNOWN_CODE, course=None, channel=Channel.SMS, municipality=talk.municipality)
        unclear(talk, code=Code.UNKNOWN_CODE)
        return
    closed = why_closed(course)
    if closed is not None:
        refuse_here(talk, closed, course)
        return
    wanted = Wanted(course)
    everybody = household.household(talk)
    people = [person for person in everybody if wanted.town(person.municipality_id)]
    if everybody and not people:
        refuse_here(talk, Code.OTHER_TOWN, course, everybody[0])
        return
    form = Form(course=course.pk)
    talk.municipality = talk.municipality or course.host  # until it is known where they live
    if len(everybody) > 1:  # also where one has applied already: the writer may be either
        household.ask_who(talk, everybody, gathered=form.kept(), others=True)
    elif people:
        go_on(talk, replace(form, person=people[0].pk), wanted)
    else:
        go_on(talk, form, wanted)


def refuse_here(talk: Conversation, code: Code, course: Course, person: Participant | None = None) -> None:
    town = person.municipality if person else talk.municipality
    refuse(code, course=course, channel=Channel.SMS, municipality=town, participant=person)
    settle(talk)
    joint = course.held_as
    if code == Code.CALLED_OFF and joint is not course:
        say(talk, "reply_merged", code=joint.code, town=joint.host.name)
    else:
        say(talk, "reply_refused", code=code, town=course.host.name)


def go_on(talk: Conversation, form: Form, wanted: Wanted) -> None:
    """Ask for the next thing that is missing; read everything back when nothing is."""
    earlier = wanted.registration_of(form.person)
    if earlier is not None:
        gathered = Form(course=form.course).kept()
        ask(talk, Question.NAME, "reply_already", gathered=gathered, **about(earlier))
        return
    if form.person is None and len(wanted.towns) == 1:
        form = replace(form, town=wanted.towns[0].pk)
    if form.person is None and not (form.kana and wanted.town(form.town)):
        ask_for_person(talk, form, wanted)
    elif wanted.course.by_slot and form.slot is None:
        ask_for_slot(talk, form, wanted.course)
    else:
        read_back(talk, form, wanted)


def ask_for_person(talk: Conversation, form: Form, wanted: Wanted) -> None:
    names = [town.name for town in wanted.towns] if wanted.can_be_listed else []
    told = about_course(wanted.course) | {"again": talk.open_question() in {Question.NAME, Question.TOWN}}
    if form.kana:
        ask(talk, Question.TOWN, "reply_ask_town", gathered=form.kept(), towns=names, **told)
    elif form.town:
        ask(talk, Question.NAME, "reply_ask_name", gathered=form.kept(), **told)
    else:
        ask(talk, Question.TOWN, "reply_ask_town_and_name", gathered=form.kept(), towns=names, **told)


def ask_for_slot(talk: Conversation, form: Form, course: Course) -> None:
    slots = free_slots(course)
    told = about_course(course, slots[0] if slots else None)
    if not slots:
        refuse(Code.SLOT_TAKEN, course=course, channel=Channel.SMS, municipality=talk.municipality)
        settle(talk)
        say(talk, "reply_no_slots", **told)
        return
    on_several_days = len({slot.day for slot in slots}) > 1
    times = [slot_label(slot, with_day=on_several_days) for slot in slots]
    told |= {"day": ""} if on_several_days else {}
    gathered = form.kept() | {"choices": [slot.pk for slot in slots]}
    ask(talk, Question.SLOT, "reply_ask_slot", gathered=gathered, slots=times, **told)


def slot_label(slot: ClassSession, *, with_day: bool) -> str:
    start = timezone.localtime(slot.starts_at)
    return (date_label(start, language="ja") if with_day else "") + time_label(start)


def free_slots(course: Course) -> list[ClassSession]:
    """The next few times of a consultation day that nobody has taken."""
    coming = course.class_sessions.filter(cancelled_at=None, starts_at__gt=timezone.now()).select_related("venue")
    slots = list(coming.order_by("starts_at", "pk"))
    seats = slots_of(slots)
    return [slot for slot in slots if seats[slot.pk].free][:MOST_SLOTS]


def read_back(talk: Conversation, form: Form, wanted: Wanted) -> None:
    course, person = wanted.course, person_of(form)
    town = person.municipality if person else wanted.town(form.town)
    talk.municipality = town
    one_more = {town.pk: 1} if town else {}
    may_be_full = not course.awaits_draw and not course.by_slot
    is_full = may_be_full and not left_by_the_line(course, seats_of(course)).fits(one_more)
    ask(
        talk,
        Question.READ_BACK,
        "reply_read_back",
        gathered=form.kept(),
        name=form.kana or (person.family_kana if person else ""),
        is_full=is_full,
        is_new=person is None,
        others=person is not None and not form.kana,
        **about_course(course, slot_of(form, course)),
    )


def person_of(form: Form) -> Participant | None:
    if form.person is None:
        return None
    return Participant.objects.select_related("municipality").get(pk=form.person)


def slot_of(form: Form, course: Course) -> ClassSession | None:
    return course.class_sessions.select_related("venue").get(pk=form.slot) if form.slot else None


def take_person(talk: Conversation, person: Participant | None) -> None:
    """Who it is, from the list; None: somebody who was not on it."""
    form = replace(Form.of(talk), person=person.pk if person else None, kana="")
    wanted = Wanted.by(form)
    if person is not None and wanted.town(person.municipality_id) is None:
        refuse_here(talk, Code.OTHER_TOWN, wanted.course, person)
    else:
        go_on(talk, form, wanted)


def take_words(talk: Conversation, text: str) -> None:
    """A town, a name, or both. A name that somebody on this number goes by is that person; any other name is
    somebody new: nobody is ever taken for somebody else."""
    form = Form.of(talk)
    wanted = Wanted.by(form)
    town, kana = naming.read_town_and_name(text, wanted.towns, numbered=wanted.can_be_listed)
    if not kana and (town is None or form.town):
        both = form.town is None and not form.kana and len(wanted.towns) > 1
        unclear(talk, wants="town_and_name" if both else "digit" if form.kana else "name")
        return
    form = replace(form, town=town.pk if town else form.town, kana=kana or form.kana)
    known = household.named(household.household(talk), form.kana, town=form.town) if form.kana else None
    if known is not None and wanted.town(known.municipality_id):
        form = replace(form, person=known.pk)
    go_on(talk, form, wanted)


def take_slot(talk: Conversation, key: int) -> None:
    form = replace(Form.of(talk), slot=key)
    go_on(talk, form, Wanted.by(form))


def start_over(talk: Conversation) -> None:
    """What was read back is wrong: ask for person and town anew."""
    form = Form(course=Form.of(talk).course)
    go_on(talk, form, Wanted.by(form))


def give_up(talk: Conversation) -> None:
    settle(talk)
    say(talk, "reply_given_up")


def finish(talk: Conversation) -> None:
    """They said yes: register them, and say what became of it."""
    form = Form.of(talk)
    wanted = Wanted.by(form)
    course, closed = wanted.course, why_closed(wanted.course)
    if closed is None and form.person is None and wanted.town(form.town) is None:
        closed = Code.OTHER_TOWN  # their town takes part no longer
    if closed is not None:
        refuse_here(talk, closed, course)
        return
    outcome = enter(talk, form, wanted)
    if isinstance(outcome, Done):
        settle(talk, outcome.first, is_new=not outcome.is_repeat)
        (say_again if outcome.is_repeat else say_outcome)(talk, outcome.first)
    else:
        settle(talk)
        say(talk, "reply_refused", code=outcome.code, town=course.host.name)


def enter(talk: Conversation, form: Form, wanted: Wanted) -> Done | Refused:
    """Register whoever it is; somebody new is written down only if the application stands."""
    course, person = wanted.course, person_of(form)
    with transaction.atomic():
        who = person or write_down(talk, form, wanted)
        outcome = register(course, [who], channel=Channel.SMS, class_session=slot_of(form, course))
        if person is None and isinstance(outcome, Refused):
            transaction.set_rollback(True)
    if person is None and isinstance(outcome, Refused):  # the refusal went with the person: logged without them
        refuse(outcome.code, course=course, channel=Channel.SMS, municipality=wanted.town(form.town))
    return outcome


def write_down(talk: Conversation, form: Form, wanted: Wanted) -> Participant:
    """Somebody new on this number. The text they said yes to names what their name and number are used for."""
    consents = [Consent.Purpose.USE, Consent.Purpose.SMS]
    if len(wanted.towns) > 1:
        consents.append(Consent.Purpose.SHARING)
    number = read_number(talk.number)
    details = Details(
        kana=form.kana,
        municipality=next(town for town in wanted.towns if town.pk == form.town),
        phone=number if isinstance(number, PhoneNumber) else None,
        takes_sms=True,
        reach=Participant.Reach.SMS,
    )
    return add_person(details, channel=Channel.SMS, by=None, consents=consents, wording=WORDING)
