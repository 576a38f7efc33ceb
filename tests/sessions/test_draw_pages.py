"""The page of a draw, the course page and the public page around it, and what each town sees."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, Role
from participants.models import Channel
from programs.models import CouplePolicy, DrawPriority
from sessions.draw import draw, publish, settle
from sessions.models import Course, LotteryDraw
from sessions.registration import cancel, register
from tests import make
from tests.drawing import apply, close, fresh, hold, prioritised, states

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]  # about pages, the same on every database


@pytest.fixture
def page(at_desk, staff, settings) -> Client:
    settings.SESSION_COOKIE_AGE = 60 * 24 * 3600  # days pass between two pages
    return at_desk(staff)


@pytest.fixture
def course(lottery, clock, shibukawa, yoshioka) -> Course:
    """Closed to applications: two people of 渋川市 and a couple of 吉岡町 for two seats."""
    course = lottery(code="4126", quotas={yoshioka: 1})
    for person in (make.make_person(town=shibukawa, name=name) for name in ("林 キヨ", "森 ハナ")):
        register(course, [person], channel=Channel.PHONE)
    couple = [make.make_person(town=yoshioka, name=name) for name in ("谷 一郎", "谷 フミ")]
    register(course, couple, channel=Channel.PHONE)
    return close(course, clock)


def show(client: Client, name: str, course: Course) -> str:
    return client.get(reverse(f"sessions:{name}", args=[course.pk])).content.decode()


def press(client: Client, name: str, course: Course) -> list[str]:
    """The sentences that the next page greets with."""
    response = client.post(reverse(f"sessions:{name}", args=[course.pk]), follow=True)
    return [str(message) for message in response.context["messages"]]


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_three_steps_are_taken_on_the_page(page, course):
    assert press(page, "draw_settle", course) == ["The entries are settled. They do not change any more."]
    assert press(page, "draw_hold", course) == [
        "The lots are drawn. Nobody is told before you publish the result."
    ]
    assert set(states(course)) == {"applied"}
    assert press(page, "draw_publish", course) == ["The result is published. Everybody is told."]
    assert set(states(course)) == {"confirmed", "waiting"}


def test_a_step_taken_twice_is_answered_with_one_sentence(page, course, staff):
    hold_steps = [settle, draw, publish]
    for step in hold_steps:
        step(course, by=staff)
    assert press(page, "draw_settle", course) == ["The entries are settled already. They do not change any more."]
    assert press(page, "draw_hold", course) == ["The lots are drawn already. A draw is held once."]
    assert press(page, "draw_publish", course) == ["The result is published already."]


def test_before_settling_the_page_says_who_is_in_the_draw_and_what_counts(page, course, program):
    prioritised(program, DrawPriority.FIRST_TIME)
    text = words(show(page, "draw", course))
    assert "4 people, 3 tickets" in text
    assert "Those who have never had a seat" in text
    assert "Next: settle the entries" in text
    assert re.search(r"渋川市\D+2 –.+吉岡町\D+2 1 .+榛東村\D+0 –", text)
    assert not LotteryDraw.objects.exists()


def test_the_page_offers_only_the_step_that_comes_next(page, course, staff):
    buttons = []
    for step in (settle, draw, publish):
        buttons.append(re.findall(r'action="[^"]*/draw/(\w+)/"', show(page, "draw", course)))
        step(course, by=staff)
    buttons.append(re.findall(r'action="[^"]*/draw/(\w+)/"', show(page, "draw", course)))
    assert buttons == [["settle"], ["hold"], ["publish"], []]


def test_each_town_reads_its_own_names_and_the_others_numbers(page, at_desk, course, staff, partner_staff):
    settle(course, by=staff)
    draw(course, by=staff)
    numbers = [row.receipt_number for row in course.registrations.all()]
    mine, theirs = words(show(page, "draw", course)), words(show(at_desk(partner_staff), "draw", course))
    assert [name in mine for name in ("林 キヨ", "森 ハナ", "谷 一郎", "谷 フミ")] == [True, True, False, False]
    assert [name in theirs for name in ("林 キヨ", "森 ハナ", "谷 一郎", "谷 フミ")] == [False, False, True, True]
    assert all(number in mine and number in theirs for number in numbers)
    seen = AuditEntry.objects.filter(act="roster.viewed").values_list("by", flat=True)
    assert set(seen) == {staff.pk, partner_staff.pk}


def test_a_council_reads_no_name(at_desk, course, program, staff):
    settle(course, by=staff)
    draw(course, by=staff)
    council = make.make_town(name="協議会", kind="council")
    program.lead = council
    program.save()
    text = show(at_desk(make.make_user(town=council)), "draw", course)
    assert not re.search("林 キヨ|森 ハナ|谷 一郎|谷 フミ", text)
    assert not AuditEntry.objects.filter(act="roster.viewed").exists()


def test_who_may_not_plan_finds_no_button(at_desk, course, shibukawa):
    viewer = at_desk(make.make_user(town=shibukawa, role=Role.DESK))
    text = show(viewer, "draw", course)
    assert "/draw/settle/" not in text
    assert "This is done by a coordinator of 渋川市 or 渋川市." in words(text)


def test_the_record_holds_everything_to_draw_again_and_no_name(page, course, staff):
    settle(course, by=staff)
    draw(course, by=staff)
    response = page.get(reverse("sessions:draw_record", args=[course.pk]))
    text, kept = response.content.decode(), LotteryDraw.objects.get()
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert f"seed {kept.seed}\nsha256 {kept.entries_hash}\n" in text
    assert f"--- entries ---\n{kept.entries}\n--- result ---\n{kept.result}" in text
    assert not re.search("林|森|谷", text)


def test_there_is_no_record_before_the_entries_are_settled(page, course):
    assert page.get(reverse("sessions:draw_record", args=[course.pk])).status_code == 404


def test_a_first_come_course_has_no_page_of_a_draw(page, program):
    course = make.make_course(program=program)
    response = page.get(reverse("sessions:draw", args=[course.pk]), follow=True)
    assert response.redirect_chain == [(reverse("sessions:course", args=[course.pk]), 302)]
    assert [str(message) for message in response.context["messages"]] == ["The seats of this class are not drawn."]


def test_why_a_step_cannot_be_taken_stands_where_its_button_would(page, lottery):
    assert "Applications are still open. Lots are drawn after they close." in show(page, "draw", lottery())


def test_entries_that_cannot_be_read_any_more_break_no_page(client, page, course, staff):
    hold_steps = [settle, draw, publish]
    for step in hold_steps:
        step(course, by=staff)
    LotteryDraw.objects.update(entries="nothing")
    assert "Result published" in show(page, "draw", course)
    assert client.get("/classes/4126/").status_code == 200


def test_the_page_costs_the_same_for_4_and_40_people(
    page, lottery, clock, shibukawa, staff, django_assert_max_num_queries
):
    counts = []
    for size in (4, 40):
        course = lottery(capacity=3)
        for _ in range(size):
            apply(course, shibukawa)
        clock.move_to(course.closes_at)
        settle(course, by=staff)
        draw(course, by=staff)
        show(page, "draw", course)
        with django_assert_max_num_queries(20) as queries:
            show(page, "draw", course)
        counts.append(len(queries))
        clock.move_to("2026-11-24 10:00+09:00")
    assert counts[0] == counts[1]


# ---- the page of the course ----


def test_the_course_page_says_how_far_the_draw_is(page, lottery, clock, shibukawa, staff):
    course = lottery()
    apply(course, shibukawa)
    assert "Lots are drawn after applications close on" in show(page, "course", course)
    close(course, clock)
    assert "the draw is due" in show(page, "course", course)
    hold(course, clock, staff)
    assert "Lots were drawn, and the result was published on" in show(page, "course", course)


@pytest.mark.parametrize(
    ("policy", "rule", "skip"),
    [
        (
            CouplePolicy.SKIP_TO_FIT,
            "The next whom the seat fits is asked; the couple keeps its place",
            "passed over, too few seats",
        ),
        (
            CouplePolicy.STRICT_ORDER,
            "The seat is kept until there is one for the couple too",
            "too few seats, what is free is kept",
        ),
    ],
)
def test_the_waiting_list_tells_the_policy_and_who_was_passed_over(page, program, shibukawa, policy, rule, skip):
    program.couple_policy = policy
    program.save()
    course = make.make_course(program=program, capacity=1)
    seated = make.make_registration(course=course)
    register(course, [make.make_person(town=shibukawa) for _ in range(2)], channel=Channel.PHONE)
    cancel(seated, channel=Channel.PHONE)
    text = words(show(page, "course", course))
    assert f"Couples in line: {rule}" in text
    assert skip in text


# ---- the public page ----


def public(client: Client) -> str:
    return words(client.get("/classes/4126/", headers={"accept-language": "en"}).content.decode())


def test_everybody_reads_how_the_draw_was_held_once_it_is_published(client, course, staff):
    settle(course, by=staff)
    draw(course, by=staff)
    record = LotteryDraw.objects.get()
    assert record.seed not in public(client)
    publish(course, by=staff)
    text = public(client)
    assert "Lots have been drawn: 4 people had applied for 2 seats." in text
    assert record.seed in text
    assert record.entries_hash in text


@pytest.mark.parametrize(
    ("policy", "sentence"),
    [
        (CouplePolicy.SKIP_TO_FIT, "it goes to the next person, and you keep your place in line."),
        (CouplePolicy.STRICT_ORDER, "it is kept until there are seats for both of you."),
    ],
)
def test_couples_read_what_becomes_of_a_single_seat(client, program, policy, sentence):
    program.couple_policy = policy
    program.save()
    make.make_course(program=program, code="4126")
    assert sentence in public(client)


def test_a_published_lottery_that_is_opened_again_is_told_as_a_waiting_list(
    client, lottery, clock, shibukawa, staff
):
    course = lottery(code="4126", capacity=1)
    apply(course, shibukawa)
    hold(course, clock, staff)
    Course.objects.filter(pk=course.pk).update(closes_at=make.in_days(9))
    text = public(client)
    assert "lots are drawn" not in text
    assert "you can join the waiting list" in text
    assert not fresh(course).awaits_draw
