"""The scenes of the season that are more than applying: seats given back, texts, refusals, lost messages."""

import uuid
from collections.abc import Iterable
from datetime import timedelta
from functools import partial

from config.demo.acts import joint_acts
from config.demo.days import DAY
from config.demo.facts import SHIBUKAWA, SHINTO
from config.demo.story import HOUR, Story
from config.demo.towns import LINE_NUMBER
from messaging.models import Message, State
from participants.models import Channel, Participant
from phone.inbox import Incoming, receive
from sessions.broadcasts import call_off_course
from sessions.calls import CallResult, record_call
from sessions.models import Notice, Registration
from sessions.registration import accept, cancel, register

UNKNOWN_MOBILE = "+819003100477"
UNREACHABLE = "30003"


def scenes(story: Story) -> None:
    seats_given_back(story)
    late_comers(story)
    texts(story)
    refusals(story)
    joint_acts(story)
    unanswered_calls(story)
    by, village = story.places.coordinators[SHINTO], story.places.towns[SHINTO]
    off = partial(call_off_course, story.courses["called-off"], by=by, municipality=village)
    story.happens(story.ago(1), partial(off, reason="会場の暖房の故障"))


def seats_given_back(story: Story) -> None:
    """A seat of yesterday is offered and awaits its answer; one of last week went round until it was taken."""
    cast, late = story.people.cast, story.late_seat_at
    story.happens(late, partial(give_back, story, "S-05", cast["hisako_s"], "通院と重なった"))
    story.happens(late, partial(give_back_of_neighbours, story, "mikawa-first", 2))
    first = story.ago(5, after=story.now - 8 * DAY)
    story.happens(first, partial(give_back, story, "S-03", cast["tsuru"], "家族の都合"))
    for days in (2.5, 1.5, 0.5):
        story.happens(story.ago(days, after=first), partial(second_accepts, story, "S-03"))


def give_back(story: Story, key: str, person: Participant, reason: str) -> None:
    registration = story.registration(key, person)
    cancel(registration, channel=Channel.PHONE, by=story.staff_for(person, Channel.PHONE), reason=reason)


def give_back_of_neighbours(story: Story, key: str, count: int) -> None:
    confirmed = story.courses[key].registrations.confirmed().select_related("participant__municipality")
    for registration in confirmed.order_by("pk")[:count]:
        give_back(story, key, registration.participant, "都合が悪くなった")


def second_accepts(story: Story, key: str) -> None:
    """The first in line lets the offer lapse; the next says yes on the telephone."""
    rows = story.courses[key].registrations
    if rows.filter(state=Registration.State.EXPIRED).exists():
        offered = rows.filter(state=Registration.State.OFFERED)
        for registration in offered.select_related("participant__municipality", "course"):
            person = registration.participant
            accept(registration, channel=Channel.PHONE, by=story.staff_for(person, Channel.PHONE))


def late_comers(story: Story) -> None:
    """People of yesterday whose confirmation did not arrive: their telephones are switched off."""
    for key, name in (("gunma-procedures", "nakamura"), ("toyohashi-card", "masako48")):
        person = story.people.cast[name]
        when = story.ago(0.8, after=story.courses[key].opens_at)
        story.happens(when, partial(story.apply, key, [person]))
        story.happens(when + timedelta(minutes=4), partial(lose, story, key, person))


def lose(story: Story, key: str, person: Participant) -> None:
    """What the telephone company would report; the simulator reports every message as delivered."""
    registration = story.registration(key, person)
    Message.objects.filter(notice__registration=registration, state=State.DELIVERED).update(
        state=State.UNDELIVERED, error_code=UNREACHABLE
    )


def texts(story: Story) -> None:
    """What people text to the line; the answers are the telephone's own."""
    said: Iterable[tuple[float, str, tuple[str, ...]]] = (
        (5, "+819003100408", ("4131", "１です")),
        (4, "+819003100433", ("配信停止", "1")),
        (3, "+819003100425", ("申込の確認", "ありがとうございました")),
        (1.2, "+819003100430", ("申込の確認",)),
        (
            0.6,
            "+819003100403",
            ("バスがおくれたら、とちゅうからでもはいれますか", "えきからあるくとなんぷんですか"),
        ),
        (0.3, UNKNOWN_MOBILE, ("もしもし", "チラシをみました")),
    )
    for days, number, bodies in said:
        when = story.ago(days)
        for n, body in enumerate(bodies):
            story.happens(when + timedelta(minutes=2 * n), partial(text_in, number, body))
        if number == "+819003100430":
            story.happens(when + HOUR, partial(leave_uncertain, number))


def text_in(number: str, body: str) -> None:
    receive(Incoming(sid=f"SM{uuid.uuid4().hex}", sender=number, to=LINE_NUMBER, body=body))


def leave_uncertain(number: str) -> None:
    """A reply of which nobody knows whether it left: the line broke while it was handed over."""
    reply = Message.objects.filter(to=number, purpose=Message.Purpose.REPLY).latest("pk")
    Message.objects.filter(pk=reply.pk).update(state=State.UNCERTAIN, provider_sid=None)


def refusals(story: Story) -> None:
    """Full and nobody who would wait, from another town, too late."""
    asked: tuple[tuple[str, Participant, float], ...] = (
        ("S-05", story.people.neighbours[SHIBUKAWA][-1], 1.5),
        ("S-05", story.people.cast["nagoya"], 3),
        ("gunma-first", story.people.neighbours[SHIBUKAWA][-2], 6),
        ("S-02", story.people.cast["miyo"], 2),
        ("S-01", story.people.cast["osamu"], 2.5),
    )
    for key, person, days in asked:
        by = story.staff_for(person, Channel.PHONE)
        asks = partial(register, channel=Channel.PHONE, by=by, may_wait=False)
        story.happens(story.ago(days), partial(asks, story.courses[key], [person]))


def unanswered_calls(story: Story) -> None:
    """山田 武 did not pick up twice."""
    for hours in (22, 2):
        story.happens(story.now - timedelta(hours=hours), partial(let_it_ring, story))


def let_it_ring(story: Story) -> None:
    person = story.people.cast["takeshi"]
    for notice in Notice.objects.to_do_by_hand().filter(registration__participant=person)[:1]:
        record_call(notice, CallResult.NO_ANSWER, by=story.places.staff_of(person.municipality))
