"""What a programme cost: who writes it down, corrects it and sees it."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import AuditEntry, Municipality, Role
from programs import sharing
from programs.expenses import Payment, Problem, add_expense, change_expense, remove_expense
from programs.models import Expense
from tests import make

pytestmark = pytest.mark.django_db
FORM = {"category": "materials", "yen": "１２，０００円", "paid_on": "2026-05-01", "note": ""}


def payment(town: Municipality, **fields) -> Payment:
    return Payment(
        **{"paid_by": town, "category": "materials", "yen": 12_000, "paid_on": date(2026, 5, 1), **fields}
    )


def leave(program, town, by) -> None:
    sharing.withdraw(program.partnerships.get(municipality=town), by=by)


@pytest.fixture
def page(client, staff):
    client.force_login(staff)
    return client


def test_a_payment_is_on_record_with_the_town_that_paid(program, staff, yoshioka):
    expense = add_expense(program, payment(yoshioka), by=staff)
    assert isinstance(expense, Expense)
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.by, entry.municipality) == ("expense.added", staff, yoshioka)
    assert entry.detail == {"yen": 12_000, "category": "materials"}


@pytest.mark.parametrize(
    ("day", "is_in"),
    [
        (date(2026, 3, 31), False),
        (date(2026, 4, 1), True),
        (date(2027, 3, 31), True),
        (date(2027, 5, 31), True),
        (date(2027, 6, 1), False),
    ],
)
def test_a_payment_lies_in_the_fiscal_year_or_its_settlement(program, staff, shibukawa, day, is_in):
    outcome = add_expense(program, payment(shibukawa, paid_on=day), by=staff)
    assert isinstance(outcome, Expense) if is_in else outcome == Problem.YEAR
    assert Expense.objects.count() == is_in


def test_only_those_who_take_part_or_did_can_have_paid(program, staff, yoshioka, takasaki):
    leave(program, yoshioka, staff)
    assert isinstance(add_expense(program, payment(yoshioka), by=staff), Expense)
    assert add_expense(program, payment(takasaki), by=staff) == Problem.BODY
    sharing.invite(program, takasaki, by=staff)
    assert add_expense(program, payment(takasaki), by=staff) == Problem.BODY


def test_the_same_payment_twice_is_one_unless_the_note_tells_them_apart(program, staff, shibukawa):
    add_expense(program, payment(shibukawa), by=staff)
    assert add_expense(program, payment(shibukawa), by=staff) == Problem.SAME
    other = add_expense(program, payment(shibukawa, note="追加分"), by=staff)
    assert isinstance(other, Expense)
    assert change_expense(other, payment(shibukawa), by=staff) == Problem.SAME
    assert isinstance(change_expense(other, payment(shibukawa, note="追加分", yen=1), by=staff), Expense)


def test_a_payment_moved_to_another_town_is_on_record_with_both(program, staff, shibukawa, yoshioka):
    expense = make.make_expense(program=program, town=shibukawa)
    change_expense(expense, payment(yoshioka), by=staff)
    expense.refresh_from_db()
    assert expense.paid_by == yoshioka
    entries = AuditEntry.objects.filter(act="expense.changed")
    assert {entry.municipality for entry in entries} == {shibukawa, yoshioka}


def test_what_was_removed_stays_on_record_and_cannot_be_changed_any_more(program, staff, shibukawa):
    expense = make.make_expense(program=program, town=shibukawa)
    remove_expense(expense, by=staff)
    assert not Expense.objects.exists()
    assert AuditEntry.objects.get().detail["yen"] == 12_000
    assert change_expense(expense, payment(shibukawa), by=staff) == Problem.GONE
    assert remove_expense(expense, by=staff) == Problem.GONE


def test_the_lead_writes_for_every_town(page, program, yoshioka):
    page.post(reverse("programs:new_expense", args=[program.pk]), FORM | {"paid_by": yoshioka.pk})
    expense = Expense.objects.get()
    assert (expense.paid_by, expense.yen, expense.paid_on) == (yoshioka, 12_000, date(2026, 5, 1))


def test_a_partner_writes_what_it_paid_itself_whatever_it_posts(
    client, program, partner_staff, yoshioka, shibukawa
):
    client.force_login(partner_staff)
    client.post(reverse("programs:new_expense", args=[program.pk]), FORM | {"paid_by": shibukawa.pk})
    assert Expense.objects.get().paid_by == yoshioka


def test_a_partner_corrects_only_what_it_paid_itself(client, program, partner_staff, yoshioka, shibukawa):
    own = make.make_expense(program=program, town=yoshioka)
    theirs = make.make_expense(program=program, town=shibukawa)
    client.force_login(partner_staff)
    assert client.post(reverse("programs:edit_expense", args=[own.pk]), FORM | {"yen": "500"}).status_code == 302
    for name in ("edit_expense", "remove_expense"):
        assert client.post(reverse(f"programs:{name}", args=[theirs.pk]), FORM).status_code == 403
    own.refresh_from_db()
    theirs.refresh_from_db()
    assert (own.yen, theirs.yen) == (500, 12_000)


def test_a_viewer_sees_the_list_and_no_way_to_change_it(client, program, shibukawa):
    expense = make.make_expense(program=program, town=shibukawa)
    client.force_login(make.make_user(town=shibukawa, role=Role.VIEWER))
    text = client.get(reverse("programs:expenses", args=[program.pk])).content.decode()
    assert "12,000" in text
    assert reverse("programs:edit_expense", args=[expense.pk]) not in text
    assert reverse("programs:new_expense", args=[program.pk]) not in text


@pytest.mark.parametrize("answer", ["stranger", "invited", "declined"])
def test_who_does_not_take_part_sees_no_money(client, program, staff, takasaki, stranger, answer):
    if answer != "stranger":
        invitation = sharing.invite(program, takasaki, by=staff)
    if answer == "declined":
        sharing.answer(invitation, accepts=False, by=stranger)
    client.force_login(stranger)
    for name in ("programs:expenses", "programs:new_expense", "sessions:costs", "sessions:program_courses"):
        assert client.get(reverse(name, args=[program.pk])).status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"yen": "0"}, "yen"),
        ({"yen": "-5"}, "yen"),
        ({"yen": "千円"}, "yen"),
        ({"yen": "9" * 30}, "yen"),
        ({"yen": ""}, "yen"),
        ({"paid_on": "2026-02-30"}, "paid_on"),
        ({"paid_on": "2025-05-01"}, "paid_on"),
        ({"category": "bribes"}, "category"),
        ({"paid_by": "99999"}, "paid_by"),
        ({"note": "長" * 81}, "note"),
    ],
)
def test_a_payment_that_is_wrong_is_refused_in_one_sentence_beside_its_field(
    page, program, shibukawa, change, field
):
    url = reverse("programs:new_expense", args=[program.pk])
    response = page.post(url, FORM | {"paid_by": shibukawa.pk} | change)
    assert [(name, len(errors)) for name, errors in response.context["form"].errors.items()] == [(field, 1)]
    assert not Expense.objects.exists()


def test_totals_are_shown_by_category_and_by_town(page, program, shibukawa, yoshioka, shinto):
    make.make_expense(program=program, town=shibukawa, yen=1_000, category="fees")
    make.make_expense(program=program, town=yoshioka, yen=2_500, category="fees")
    make.make_expense(program=program, town=yoshioka, yen=300, category="travel")
    make.make_expense(program=make.make_program(lead=shibukawa), town=shibukawa, yen=77_777)
    shown = page.get(reverse("programs:expenses", args=[program.pk]), headers={"accept-language": "en"}).context
    assert shown["by_category"] == [("Fees of instructors", 3_500), ("Travel", 300)]
    assert shown["by_town"] == [(shibukawa, 1_000), (yoshioka, 2_800), (shinto, 0)]
    assert shown["total"] == 3_800


def test_the_list_takes_as_many_queries_for_one_payment_as_for_300(
    page, program, shibukawa, yoshioka, django_assert_num_queries
):
    make.make_expense(program=program, town=yoshioka)
    url = reverse("programs:expenses", args=[program.pk])
    with django_assert_num_queries(10):
        page.get(url)
    for n in range(299):
        make.make_expense(program=program, town=(shibukawa, yoshioka)[n % 2], note=str(n))
    with django_assert_num_queries(10):
        shown = page.get(url).context["table"].paginated_rows
    assert len(list(shown)) == 25
