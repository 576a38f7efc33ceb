"""Anybody can draw again: the record of a draw, and the command that checks it."""

import pytest
from django.core.management import CommandError, call_command

from participants.models import Channel
from programs.models import CouplePolicy, DrawPriority
from sessions.draw import Difference, Problem, draw, settle, verify
from sessions.lots import Entries, Entry, drawn, hash_of, read_entries
from sessions.models import Course, LotteryDraw, Registration
from sessions.registration import accept, cancel
from tests.drawing import apply, close, fresh, hold, prioritised, states

pytestmark = pytest.mark.django_db
State = Registration.State


def test_the_entries_name_everything_the_draw_depends_on_and_nobody(
    lottery, clock, program, shibukawa, yoshioka, staff
):
    prioritised(program, DrawPriority.RESIDENT, DrawPriority.LOST_BEFORE)
    course = lottery(capacity=5, quotas={yoshioka: 2, shibukawa: 1})
    one = apply(course, shibukawa)[0]
    two = apply(course, yoshioka, 2)
    record = hold(course, clock, staff)
    assert record.entries == (
        "engawa-draw 1\n"
        "capacity 5\n"
        "quota 102083 1\n"
        "quota 103454 2\n"
        "released no\n"
        "couples skip_to_fit\n"
        "priorities lost_before resident\n"
        f"ticket {one.receipt_number} 102083 1\n"
        f"ticket {two[0].receipt_number}+{two[1].receipt_number} 103454+103454 0\n"
    )
    assert record.entries_hash == hash_of(record.entries)
    assert len(record.seed) == 64


def test_entries_are_read_as_they_were_written():
    tickets = [Entry(["A0002"], ["102083"], 3), Entry(["A0003", "A0004"], ["102083", "103454"])]
    for entries in (
        Entries(7, {"102083": 2}, {"103454": 1}, True, CouplePolicy.STRICT_ORDER, ["resident"], tickets),
        Entries(1),
    ):
        assert read_entries(entries.text).text == entries.text


def test_the_result_follows_from_seed_and_entries_alone():
    entries = Entries(1, tickets=[Entry([f"A000{n}"], ["102083"]) for n in range(1, 4)]).text
    # the lots as `printf 0a:A0003 | sha256sum` says them
    assert drawn(entries, "0a") == (
        "1 A0003 seat 744175c3a25886367bb2a00a75775c8272112546ef4859366f45ad6b4c04a257\n"
        "2 A0002 line 7f598fd42fa7d1093b0a583352fdac56088cf6a05480832bc91d60c893089e3f\n"
        "3 A0001 line 99ee39bb94fec329c640e253ef05102e3149fec17d2a39fe28e7e15ba99a927a\n"
    )


def test_another_seed_gives_another_order():
    entries = Entries(3, tickets=[Entry([f"A00{n}"], ["102083"]) for n in range(10, 30)]).text
    assert drawn(entries, "0a") == drawn(entries, "0a")
    assert drawn(entries, "0a") != drawn(entries, "0b")


@pytest.mark.parametrize(
    "text", ["", "engawa-draw 2\n", "engawa-draw 1\ncapacity x\n", "engawa-draw 1\nticket A\n"]
)
def test_what_is_no_list_of_entries_is_not_read(text):
    with pytest.raises(ValueError):  # noqa: PT011
        read_entries(text)


@pytest.fixture
def held(lottery, clock, shibukawa, staff) -> Course:
    course = lottery()
    for _ in range(4):
        apply(course, shibukawa)
    hold(course, clock, staff)
    return fresh(course)


def test_a_draw_can_be_checked_by_drawing_again(held, capsys):
    assert verify(held) is None
    call_command("draw_lottery", held.pk, "--verify")
    assert LotteryDraw.objects.get().seed in capsys.readouterr().out


def test_a_draw_still_checks_when_people_have_cancelled_and_moved_up(held):
    cancel(held.registrations.get(draw_rank=1), channel=Channel.PHONE)
    accept(held.registrations.get(draw_rank=3), channel=Channel.SMS)
    assert verify(held) is None


def more_seats(record: LotteryDraw) -> None:
    record.entries = record.entries.replace("capacity 2", "capacity 3")


def more_seats_with_a_new_hash(record: LotteryDraw) -> None:
    more_seats(record)
    record.entries_hash = hash_of(record.entries)


def other_winner(record: LotteryDraw) -> None:
    record.result = record.result.replace(" line ", " seat ", 1)


def other_seed(record: LotteryDraw) -> None:
    record.seed = "00" * 32


def unreadable(record: LotteryDraw) -> None:
    record.entries = "nothing"
    record.entries_hash = hash_of(record.entries)


@pytest.mark.parametrize(
    ("tamper", "difference"),
    [
        (more_seats, Difference.HASH),
        (more_seats_with_a_new_hash, Difference.RESULT),
        (other_winner, Difference.RESULT),
        (other_seed, Difference.RESULT),
        (unreadable, Difference.RESULT),
    ],
)
def test_a_record_that_was_tampered_with_does_not_check(held, tamper, difference):
    record = LotteryDraw.objects.get()
    tamper(record)
    record.save()
    assert verify(held) == difference
    with pytest.raises(CommandError) as refusal:
        call_command("draw_lottery", held.pk, "--verify")
    assert str(refusal.value) == difference.label


def test_a_rank_that_was_tampered_with_does_not_check(held):
    last = held.registrations.get(draw_rank=4)
    last.draw_rank = 1
    last.save()
    assert verify(held) == Difference.RANKS


def test_entries_changed_between_settling_and_drawing_are_not_drawn(lottery, clock, shibukawa, staff):
    course = lottery()
    apply(course, shibukawa)
    close(course, clock)
    record = settle(course, by=staff)
    record.entries += "ticket A9999 102083 9\n"
    record.save()
    assert draw(course, by=staff) == Problem.TAMPERED


# ---- the command ----


def test_the_command_settles_and_draws_and_tells_nobody(lottery, clock, shibukawa, capsys):
    course = lottery()
    apply(course, shibukawa)
    close(course, clock)
    call_command("draw_lottery", course.pk)
    record = LotteryDraw.objects.get()
    said = capsys.readouterr().out
    assert record.seed in said
    assert record.entries_hash in said
    assert (record.drawn_at is not None, record.published_at) == (True, None)
    assert states(course) == [State.APPLIED]
    with pytest.raises(CommandError, match=str(Problem.DRAWN.label)):
        call_command("draw_lottery", course.pk)


def test_the_command_draws_what_was_settled_before(lottery, clock, shibukawa, staff, capsys):
    course = lottery()
    apply(course, shibukawa)
    close(course, clock)
    seed = settle(course, by=staff).seed
    call_command("draw_lottery", course.pk, "--verify")
    assert seed not in capsys.readouterr().out
    call_command("draw_lottery", course.pk)
    assert LotteryDraw.objects.get().seed == seed


@pytest.mark.parametrize("options", [[], ["--verify"]])
def test_the_command_says_what_is_wrong_in_one_sentence(lottery, options):
    course = lottery()
    with pytest.raises(CommandError) as refusal:
        call_command("draw_lottery", course.pk, *options)
    assert str(refusal.value) == (Difference.NO_RECORD if options else Problem.OPEN).label
    with pytest.raises(CommandError):
        call_command("draw_lottery", 999_999, *options)
