"""What the towns do together in the season: they share costs and staff, draw lots, count who came."""

from datetime import timedelta
from decimal import Decimal
from functools import partial

from django.utils import timezone

from accounts.models import Municipality
from config.demo.days import DAY, moment, open_day
from config.demo.facts import NISSHIN, SETO, SHIBUKAWA, SHINTO, YOSHIOKA
from config.demo.season import PAST
from config.demo.story import HOUR, Story
from config.demo.together import COUNSEL_DAY, DRAWN, UNDER_WAY
from config.demo.towns import number
from programs.expenses import Payment, add_expense
from programs.models import Allocation, Curriculum, Expense, Venue
from sessions import draw
from sessions.attendance import Mark, mark
from sessions.consulting import finish, join_queue
from sessions.models import ClassSession, Consultation, OutreachRequest, Registration, StaffDuty
from sessions.outreach import ask, plan
from sessions.planning import Plan
from sessions.rota import put_down, record_hours

Topic, Outcome, Way = Curriculum.Topic, Consultation.Outcome, Consultation.Way
Duty, Category = StaffDuty.Duty, Expense.Category
ROTA = (
    (SHIBUKAWA, "杉浦 由美", Duty.RECEPTION),
    (SHIBUKAWA, "都築 恵", Duty.HOST),
    (SHIBUKAWA, "清水 守", Duty.WATCHING),
    (YOSHIOKA, "磯部 健", Duty.WATCHING),
    (SHINTO, "神谷 春香", Duty.WATCHING),
    (SHINTO, "森 一", Duty.CARRYING),
)
# programme, who paid, for what, how much, how many days ago, note
PAID = (
    ("gunma", SHIBUKAWA, Category.VENUE, 6_600, 40, "赤城麓公民館 大広間 3回分"),
    ("gunma", SHIBUKAWA, Category.FEES, 36_000, 14, "講師謝礼"),
    ("gunma", YOSHIOKA, Category.MATERIALS, 12_480, 35, "テキスト印刷 60部"),
    ("gunma", SHINTO, Category.COMMUNICATION, 4_216, 10, "SMS・はがき"),
    ("gunma", SHINTO, Category.TRAVEL, 5_400, 8, "機材の運搬"),
    ("owari", NISSHIN, Category.FEES, 24_000, 9, "講師謝礼"),
    ("owari", SETO, Category.MATERIALS, 8_310, 20, "チラシ印刷"),
)


def joint_acts(story: Story) -> None:
    payments(story)
    rotas(story)
    attendance(story)
    counsel(story)
    lots(story)
    groups(story)


def payments(story: Story) -> None:
    for key, code, category, yen, days, note in PAID:
        program, town = story.places.programs[key], story.places.towns[code]
        paid_on = max(story.today - days * DAY, program.starts_on)
        payment = Payment(paid_by=town, category=category, yen=yen, paid_on=paid_on, note=note)
        pays = partial(add_expense, program, payment, by=story.places.staff_of(town))
        story.happens(story.ago(min(days, 12)), pays)


def rotas(story: Story) -> None:
    """Six people of three towns at the classes that lie behind, today and next; their hours once it is over."""
    for key in ("gunma-first", "today", "S-05"):
        for session in story.courses[key].class_sessions.all():
            for code, name, duty in ROTA:
                town = story.places.towns[code]
                puts = partial(put_down_and_record, story, session, town, name, duty)
                story.happens(min(session.ends_at + 2 * HOUR, story.now - HOUR / 2), puts)


def put_down_and_record(story: Story, session: ClassSession, town: Municipality, name: str, duty: str) -> None:
    by = story.places.staff_of(town)
    row = put_down(session, town, name=name, duty=duty, planned_hours=Decimal("2.5"), by=by)
    if isinstance(row, StaffDuty) and session.ends_at < story.now - DAY:
        record_hours(row, Decimal("3") if duty == Duty.HOST else Decimal("2.5"), by=by)


def attendance(story: Story) -> None:
    for entry in (*PAST, *UNDER_WAY):
        course = story.courses[entry.key]
        for class_session in course.class_sessions.all() if not course.by_slot else ():
            story.happens(class_session.ends_at + HOUR / 4, partial(mark_everybody, story, class_session))


def mark_everybody(story: Story, class_session: ClassSession) -> None:
    """Most came; 大久保 洋一 twice did not, and of everybody else one person a class did not."""
    absent = story.people.cast["yoichi"].pk
    rows = list(class_session.course.registrations.confirmed().order_by("pk"))
    missing = {row.pk for row in rows if row.participant_id == absent} or {rows[-1].pk}
    by = story.places.staff_of(class_session.course.host)
    for row in rows:
        mark(row, class_session, Mark.NO_SHOW if row.pk in missing else Mark.PRESENT, by=by)


def counsel(story: Story) -> None:
    """A consultation day that is over: whoever had booked was seen, two walked in, one is still to be called."""
    course = story.courses[COUNSEL_DAY]
    by = story.places.staff_of(course.host)
    topics = (Topic.TYPING, Topic.SAFETY, Topic.CARD, Topic.SOCIAL)
    for n, slot in enumerate(course.class_sessions.all()):
        story.happens(slot.ends_at, partial(see, story, slot, topics[n % len(topics)]))
    first = course.class_sessions.first()
    if first is None:
        return
    for minutes, topic, outcome in ((25, Topic.MAPS, Outcome.SOLVED), (70, Topic.PROCEDURES, Outcome.ELSEWHERE)):
        walks_in = partial(walk_in_and_be_seen, story, topic, outcome)
        story.happens(first.starts_at + timedelta(minutes=minutes), walks_in)
    rings = next(iter(story.people.cast["kiichi"].contact_points.all())).number
    calls = partial(join_queue, course, Way.CALL_BACK, municipality=course.host, by=by)
    story.happens(first.starts_at + HOUR, partial(calls, phone=number(rings)))


def see(story: Story, slot: ClassSession, topic: Curriculum.Topic) -> None:
    by = story.places.staff_of(slot.course.host)
    booked = Registration.objects.confirmed().filter(class_session=slot)
    for registration in booked.select_related("course__host"):
        finish(registration, topic=topic, outcome=Outcome.SOLVED, by=by)


def walk_in_and_be_seen(story: Story, topic: Curriculum.Topic, outcome: Consultation.Outcome) -> None:
    course = story.courses[COUNSEL_DAY]
    by = story.places.staff_of(course.host)
    turn = join_queue(course, Way.WALK_IN, municipality=course.host, by=by, age_band="75-79")
    if isinstance(turn, Consultation):
        finish(turn, topic=topic, outcome=outcome, by=by)


def lots(story: Story) -> None:
    """The draw of one class is published; that of another is due."""
    course = story.courses[DRAWN]
    by = story.places.staff_of(course.host)
    settled = story.ago(2, after=course.closes_at + HOUR)
    for minutes, verb in enumerate((draw.settle, draw.draw, draw.publish)):
        story.happens(settled + timedelta(minutes=20 * minutes), partial(verb, course, by=by))


def groups(story: Story) -> None:
    """A senior citizens' club has asked for a class at its hall; a neighbourhood's is planned."""
    town, program = story.places.towns[SHIBUKAWA], story.places.programs["gunma"]
    by = story.places.staff_of(town)
    common = {"municipality": town, "program": program, "asked_by": by}
    club = OutreachRequest(
        **common,
        curriculum=story.places.curricula["B5"],
        group="見本町ことぶき老人クラブ",
        group_kind=OutreachRequest.GroupKind.SENIORS,
        contact_name="石川 昭",
        contact_phone=number("0279-00-0421").e164,
        people=14,
        place="見本町集会所",
        wishes="火曜か木曜の午前",
    )
    neighbours = OutreachRequest(
        **common,
        curriculum=story.places.curricula["A5"],
        group="見本町二丁目町内会",
        group_kind=OutreachRequest.GroupKind.NEIGHBOURS,
        contact_name="前田 照子",
        contact_phone=number("0279-00-0422").e164,
        people=10,
        place="二丁目会館",
        wishes="12月の平日",
    )
    story.happens(story.ago(1), partial(ask, club, by=by))
    story.happens(story.ago(4), partial(ask_and_plan, story, neighbours))


def ask_and_plan(story: Story, request: OutreachRequest) -> None:
    by = story.places.staff_of(request.municipality)
    ask(request, by=by)
    start = moment(open_day(story.today + 20 * DAY), 10)
    plan_for_group = Plan(
        program=request.program,
        curriculum=request.curriculum,
        host=request.municipality,
        venue=Venue(municipality=request.municipality, name=request.place, capacity=20),
        title=request.curriculum.title,
        capacity=request.people,
        allocation=Allocation.FIRST_COME,
        opens_at=timezone.now(),
        closes_at=start - DAY,
        times=[(start, start + timedelta(minutes=request.curriculum.minutes))],
        quotas={},
    )
    plan(request, plan_for_group, by=by)
