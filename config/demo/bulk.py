"""The season many times over, for measuring: rows written in bulk, not through the verbs.

This is the one place that may do so. What the verbs guarantee is kept by hand: seats are legal, residence and age
band are copied, every registration has told its state (tests/config/test_demo.py).
"""

import random
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import F, Model
from django.utils import timezone

from accounts.models import Municipality
from config.demo.days import DAY, is_open, moment
from config.demo.people import AGES, CHANNELS, FAMILIES, GIVENS, WORDING, pick
from config.demo.season import SEASON
from config.demo.towns import Places
from messaging import texts
from messaging.models import Line, Message, State
from messaging.outbox import PRIORITY
from messaging.segments import count_segments
from participants.kana import kana_key
from participants.models import Channel, Consent, Contact, ContactPoint, Device, Participant
from programs.models import Allocation, Curriculum, Program, Venue
from programs.sharing import ordered_towns
from sessions.models import Attendance, ClassSession, Course, Notice, Registration, SeatQuota
from sessions.notices import when_and_where

PEOPLE, COURSES = 130, 30
HOURS = ((9, 0), (10, 40), (13, 0), (14, 40), (16, 20), (18, 0))
WEEKS = 17
CODES = sorted({str(code) for code in range(1000, 10_000)} - {entry.code for entry in SEASON})
FIRST_NUMBER = 4_000_000  # mobiles from 090-0400-0000 on


@dataclass
class Unit:
    """One more season in one programme: a hall of its own, so that nothing clashes."""

    number: int
    program: Program
    towns: list[Municipality]
    venue: Venue
    places: Places
    now: datetime
    dice: random.Random
    people: dict[int, list[Participant]] = field(default_factory=dict)
    sessions: dict[int, list[ClassSession]] = field(default_factory=dict)
    registrations: list[Registration] = field(default_factory=list)


def write_unit(number: int, places: Places, now: datetime, dice: random.Random) -> int:
    """Write the season once more; returns how many rows that were."""
    joint = [program for program in places.programs.values() if program.lead.has_residents]
    program = joint[number % len(joint)]
    venue = Venue.objects.create(
        municipality=program.lead, name=f"見本会館{number}", kana=f"ミホンカイカン{number}", capacity=30
    )
    unit = Unit(number, program, ordered_towns(program), venue, places, now, dice)
    rows = write_people(unit)
    courses = write_courses(unit)
    rows += sum(len(unit.sessions[course.pk]) + 1 for course in courses)
    rows += write_quotas(unit, courses)
    rows += write_registrations(unit, courses)
    return rows


def save[Row: Model](rows: list[Row]) -> list[Row]:
    return type(rows[0])._default_manager.bulk_create(rows, batch_size=2000) if rows else []


def write_people(unit: Unit) -> int:
    people = save([somebody(unit, n) for n in range(PEOPLE)])
    first = FIRST_NUMBER + unit.number * PEOPLE
    points = save(
        [
            ContactPoint(number=f"+81900{first + n:07}", kind=ContactPoint.Kind.MOBILE, takes_sms=True)
            for n in range(PEOPLE)
        ]
    )
    save(
        [
            Contact(participant=person, contact_point=point, as_entered=point.number)
            for person, point in zip(people, points, strict=True)
        ]
    )
    consents = [
        Consent(
            participant=person, purpose=purpose, given=True, wording=WORDING, channel=Channel.PHONE, at=unit.now
        )
        for person in people
        for purpose in (Consent.Purpose.USE, Consent.Purpose.SMS)
    ]
    save(consents)
    for person in people:
        unit.people.setdefault(person.municipality_id, []).append(person)
    return 3 * PEOPLE + len(consents)


def somebody(unit: Unit, n: int) -> Participant:
    (family, family_kana), (given, given_kana) = unit.dice.choice(FAMILIES), unit.dice.choice(GIVENS)
    kana = f"{family_kana} {given_kana}"
    return Participant(
        municipality=unit.towns[n % len(unit.towns)],
        name=f"{family} {given}",
        kana=kana,
        kana_key=kana_key(kana),
        birth_year=unit.now.year - unit.dice.randint(*pick(AGES, unit.dice)),
        device=unit.dice.choice(Device.values),
        reach=Participant.Reach.SMS,
        created_channel=Channel.PHONE,
    )


def write_courses(unit: Unit) -> list[Course]:
    others = {Curriculum.Kind.TRAINING, Curriculum.Kind.CONSULTATION}
    curricula = [entry for entry in unit.places.curricula.values() if entry.kind not in others]
    drafts = []
    for n in range(COURSES):
        curriculum = curricula[(unit.number + n) % len(curricula)]
        times = times_of(unit, n, min(curriculum.session_count, 3))
        start = times[0][0]
        serial = (unit.number - 1) * COURSES + n
        opens_at = min(start - 30 * DAY, unit.now - (1 + n) * DAY)
        course = Course(
            program=unit.program,
            curriculum=curriculum,
            host=unit.program.lead,
            line=line_for(unit, serial),
            title=curriculum.title,
            code=CODES[serial % len(CODES)],
            capacity=unit.dice.randint(8, 16),
            allocation=Allocation.FIRST_COME,
            opens_at=opens_at,
            closes_at=start - timedelta(hours=17),
            quota_release_at=start - 7 * DAY if len(unit.towns) > 1 else None,
            starts_at=start,
            ends_at=times[-1][1],
            published_at=opens_at,
        )
        drafts.append((course, times))
    courses = save([course for course, _times in drafts])
    rows = [
        ClassSession(course=course, number=number, starts_at=start, ends_at=end, venue=unit.venue)
        for course, times in drafts
        for number, (start, end) in enumerate(times, start=1)
    ]
    for row in save(rows):
        unit.sessions.setdefault(row.course_id, []).append(row)
    return courses


def times_of(unit: Unit, n: int, count: int) -> list[tuple[datetime, datetime]]:
    """Weekday and hour belong to this course alone in its hall; one in five lies in the past."""
    weekday, (hour, minute) = n % 5, HOURS[n // 5]
    week = (unit.number * 7 + n) % WEEKS
    today = timezone.localdate(unit.now)
    is_past = n % 5 == unit.number % 5
    day = today + timedelta(weeks=-6 - week if is_past else 1 + week, days=weekday - today.weekday())
    times: list[tuple[datetime, datetime]] = []
    while len(times) < count:
        if is_open(day):
            start = moment(day, hour, minute)
            times.append((start, start + timedelta(minutes=90)))
        day += timedelta(weeks=1)
    return times


def line_for(unit: Unit, serial: int) -> Line:
    """Four digits do for some thousand courses; then comes another telephone number."""
    number = serial // len(CODES)
    line, is_new = Line.objects.get_or_create(
        number=f"+8190029{number:05}", defaults={"name": f"見本{number + 1}"}
    )
    if is_new:
        line.municipalities.set(unit.places.towns.values())
    return line


def write_quotas(unit: Unit, courses: list[Course]) -> int:
    if len(unit.towns) == 1:
        return 0
    quotas = [
        SeatQuota(course=course, municipality=town, seats=course.capacity // len(unit.towns))
        for course in courses
        for town in unit.towns
    ]
    return len(save(quotas))


def write_registrations(unit: Unit, courses: list[Course]) -> int:
    for course in courses:
        unit.registrations += registrations_of(unit, course)
    save(unit.registrations)
    notices = save(messages_of(unit, courses))
    marks = [
        Attendance(registration=row, class_session=session, mark=Attendance.Mark.PRESENT, at=session.ends_at)
        for row in unit.registrations
        if row.is_confirmed
        for session in unit.sessions[row.course_id]
        if session.ends_at < unit.now
    ]
    return len(unit.registrations) + 2 * len(notices) + len(save(marks))


def registrations_of(unit: Unit, course: Course) -> list[Registration]:
    """Every town fills a part of what is its own; a course that is full has two people waiting."""
    share = course.capacity // len(unit.towns)
    is_full = unit.dice.random() < 0.15
    seated: list[Participant] = []
    waiting: list[Participant] = []
    for position, town in enumerate(unit.towns):
        most = share + (course.capacity - share * len(unit.towns) if position == 0 else 0)
        count = most if is_full else unit.dice.randint(0, share)
        chosen = unit.dice.sample(unit.people[town.pk], count + 2)
        seated += chosen[:count]
        waiting += chosen[count:] if is_full and position == 0 and course.starts_at > unit.now else []
    return [
        *(one_registration(unit, course, person, Registration.State.CONFIRMED) for person in seated),
        *(one_registration(unit, course, person, Registration.State.WAITING) for person in waiting),
    ]


def one_registration(unit: Unit, course: Course, person: Participant, state: Registration.State) -> Registration:
    last = min(unit.now, course.closes_at)
    applied_at = course.opens_at + (last - course.opens_at) * unit.dice.random()
    is_seated = state == Registration.State.CONFIRMED
    return Registration(
        course=course,
        participant=person,
        municipality=person.municipality,
        age_band=person.age_band_in(timezone.localdate(applied_at).year),
        state=state,
        channel=pick(CHANNELS, unit.dice),
        applied_at=applied_at,
        changed_at=applied_at,
        confirmed_at=applied_at if is_seated else None,
        waiting_since=None if is_seated else applied_at,
    )


def messages_of(unit: Unit, courses: list[Course]) -> list[Notice]:
    """What each registration was told, sent and delivered when it was made."""
    numbers = dict(
        Contact.objects.filter(participant__in=[row.participant_id for row in unit.registrations]).values_list(
            "participant", "contact_point__number"
        )
    )
    bodies: dict[tuple[int, str], str] = {}
    messages = []
    for row in unit.registrations:
        key = (row.course_id, row.state)
        if key not in bodies:
            bodies[key] = body_of(unit, row)
        messages.append(message_of(row, numbers[row.participant_id], bodies[key]))
    if messages:
        first = save(messages)[0]
        Message.objects.filter(pk__gte=first.pk).update(created_at=F("not_before"), changed_at=F("not_before"))
    return [notice_of(row, message) for row, message in zip(unit.registrations, messages, strict=True)]


def body_of(unit: Unit, row: Registration) -> str:
    sessions = unit.sessions[row.course_id]
    context: dict[str, object] = {**when_and_where(sessions[0]), "session_count": len(sessions)}
    course = row.course
    return texts.render(
        row.state, {**context, "town": course.host.name, "title": course.title, "receipt": "{receipt}"}
    )


def message_of(row: Registration, number: str, body: str) -> Message:
    text = body.replace("{receipt}", row.receipt_number)
    return Message(
        municipality=row.municipality,
        line=row.course.line,
        purpose=Message.Purpose.NOTICE,
        priority=PRIORITY[Message.Purpose.NOTICE],
        to=number,
        body=text,
        template=row.state,
        segments=count_segments(text),
        not_before=row.applied_at,
        expires_at=row.course.starts_at,
        state=State.DELIVERED,
        attempts_made=1,
        provider="simulator",
        provider_sid=f"SM{uuid.uuid4().hex}",
    )


def notice_of(row: Registration, message: Message) -> Notice:
    return Notice(
        registration=row,
        kind=row.state,
        key=f"{row.state}:{row.pk}:{row.changed_at.timestamp():.6f}",
        rung=Notice.Rung.SMS,
        text=message.body,
        message=message,
        made_at=row.applied_at,
        due_at=row.applied_at,
        expires_at=message.expires_at,
    )
