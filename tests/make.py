"""Builders: a caller states only what matters to the test."""

import itertools
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import Membership, Municipality, Role, User
from accounts.numbers import PhoneNumber, read_number
from messaging.models import Line
from participants.models import Channel, Consent, Participant
from participants.people import Details, add_person
from programs.models import Allocation, Curriculum, Expense, Partnership, Program, Venue
from sessions.models import BusyCalendar, ClassSession, Course, OutreachRequest, Registration, SeatQuota, StaffDuty
from sessions.outreach import ask
from sessions.planning import free_code
from sessions.registration import Done, register

count = itertools.count(1)
KANA = "アイウエオカキクケコサシスセソタチツテト"


def number(text: str) -> PhoneNumber:
    found = read_number(text)
    assert isinstance(found, PhoneNumber), found
    return found


def make_town(*, name: str = "", code: str = "", kind: str = Municipality.Kind.MUNICIPALITY) -> Municipality:
    n = next(count)
    return Municipality.objects.create(
        kind=kind,
        code=code,
        name=name or f"架空{n}町",
        prefecture="群馬県",
        office="高齢福祉課",
        phone="0279000201",
        hours="平日 9時～17時",
    )


def make_user(*, town: Municipality | None = None, role: str = Role.COORDINATOR, **fields: Any) -> User:
    n = next(count)
    user = User.objects.create_user(
        username=fields.pop("username", f"user{n}"), password="engawa-demo-2026", **fields
    )
    if town is not None:
        Membership.objects.create(user=user, municipality=town, role=role)
    return user


def make_line(*, number: str = "+819002100999", is_default: bool = True) -> Line:
    line, _ = Line.objects.get_or_create(number=number, defaults={"name": "代表", "is_default": is_default})
    return line


def make_program(*, lead: Municipality, partners: tuple[Municipality, ...] = (), **fields: Any) -> Program:
    program = Program.objects.create(
        **{"name": f"スマホ教室{next(count)}", "fiscal_year": 2026, "lead": lead, "line": make_line(), **fields}
    )
    for position, town in enumerate(partners):
        Partnership.objects.create(
            program=program, municipality=town, state=Partnership.State.ACCEPTED, position=position
        )
    return program


def make_curriculum(**fields: Any) -> Curriculum:
    return Curriculum.objects.create(
        **{
            "code": f"X{next(count)}",
            "title": "安全に使う",
            "kind": Curriculum.Kind.BASIC,
            "topic": Curriculum.Topic.SAFETY,
            **fields,
        }
    )


def make_venue(*, town: Municipality, **fields: Any) -> Venue:
    return Venue.objects.create(**{"municipality": town, "name": f"公民館{next(count)}", "capacity": 30, **fields})


def in_days(days: float, *, hour: int = 10) -> datetime:
    """So many days from today at `hour` o'clock in Japan."""
    day = timezone.localtime() + timedelta(days=days)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)


def make_course(
    *,
    program: Program,
    capacity: int = 8,
    quotas: dict[Municipality, int] | None = None,
    starts_at: datetime | None = None,
    session_count: int = 1,
    venue: Venue | None = None,
    **fields: Any,
) -> Course:
    """A published course, open for registration until the day before its first session."""
    start = starts_at or in_days(14)
    times = [(start + timedelta(weeks=n), start + timedelta(weeks=n, minutes=90)) for n in range(session_count)]
    line = program.line or make_line()
    course = Course.objects.create(
        **{
            "program": program,
            "curriculum": fields.pop("curriculum", None) or make_curriculum(),
            "host": program.lead,
            "line": line,
            "title": "安全に使う",
            "code": free_code(line),
            "capacity": capacity,
            "allocation": Allocation.FIRST_COME,
            "opens_at": timezone.now() - timedelta(days=7),
            "closes_at": start - timedelta(hours=17),
            "starts_at": times[0][0],
            "ends_at": times[-1][1],
            "published_at": timezone.now() - timedelta(days=7),
            **fields,
        }
    )
    venue = venue or make_venue(town=course.host)
    for n, (begin, end) in enumerate(times, start=1):
        ClassSession.objects.create(course=course, number=n, starts_at=begin, ends_at=end, venue=venue)
    for town, seats in (quotas or {}).items():
        SeatQuota.objects.create(course=course, municipality=town, seats=seats)
    return course


def make_outreach(*, program: Program, town: Municipality, **fields: Any) -> OutreachRequest:
    """A group's request, asked through the one door."""
    request = OutreachRequest(
        **{
            "municipality": town,
            "program": program,
            "curriculum": fields.pop("curriculum", None) or make_curriculum(),
            "group": "寿会",
            "group_kind": OutreachRequest.GroupKind.SENIORS,
            "contact_name": "会長 堀口",
            "contact_phone": "+81279000477",
            "people": 12,
            "place": f"第{next(count)}集会所",
            "wishes": "水曜の午前",
            **fields,
        }
    )
    outcome = ask(request, by=make_user(town=town))
    assert isinstance(outcome, OutreachRequest), outcome
    return outcome


def make_person(
    *,
    town: Municipality,
    kana: str = "",
    phone: str = "",
    sms: bool = True,
    channel: Channel = Channel.PHONE,
    **fields: Any,
) -> Participant:
    """Somebody with a mobile who agreed to SMS, unless told otherwise; `phone=""` gives a mobile of their own."""
    n = next(count)
    mark = KANA[n % 20] + KANA[n // 20 % 20] + KANA[n // 400 % 20]
    phone_number = number(phone or f"090-0{n // 10000 % 1000:03d}-{n % 10000:04d}")
    consents = [Consent.Purpose.USE, *([Consent.Purpose.SMS] if sms else [])]
    return add_person(
        Details(
            kana=kana or f"テスト {mark}",
            municipality=town,
            phone=phone_number,
            reach=Participant.Reach.SMS if sms else Participant.Reach.CALL,
            **fields,
        ),
        channel=channel,
        by=None,
        consents=consents,
        wording="test",
    )


def make_registration(*, course: Course, town: Municipality | None = None, **fields: Any) -> Registration:
    """Registered through the one door; `state` may be asked for and is checked."""
    state = fields.pop("state", None)
    person = fields.pop("person", None) or make_person(town=town or course.host)
    outcome = register(course, [person], channel=fields.pop("channel", Channel.PHONE), **fields)
    assert isinstance(outcome, Done), outcome
    assert state in {None, outcome.first.state}
    return outcome.first


def make_expense(*, program: Program, town: Municipality, **fields: Any) -> Expense:
    """A payment of 12,000 yen for materials in the first month of the fiscal year."""
    paid_on = date(program.fiscal_year, 4, 20)
    plain = {"category": Expense.Category.MATERIALS, "yen": 12_000, "paid_on": paid_on}
    return Expense.objects.create(program=program, paid_by=town, **{**plain, **fields})


def make_duty(*, class_session: ClassSession, town: Municipality, **fields: Any) -> StaffDuty:
    plain = {"name": f"職員{next(count)}", "duty": StaffDuty.Duty.RECEPTION, "planned_hours": Decimal(2)}
    return StaffDuty.objects.create(class_session=class_session, municipality=town, **{**plain, **fields})


def make_busy_calendar(*, venue: Venue, times: tuple[tuple[datetime, datetime], ...] = ()) -> BusyCalendar:
    """A calendar of the hall; taken at the times given."""
    known = {"known_until": date(2027, 12, 31), "replaced_at": timezone.now()}
    calendar = BusyCalendar.objects.create(venue=venue, name=f"予約{next(count)}", checksum="", **known)
    for start, end in times:
        calendar.times.create(starts_at=start, ends_at=end)
    return calendar
