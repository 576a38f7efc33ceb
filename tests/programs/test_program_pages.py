"""Pages of programmes, curricula and venues."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.japanese import fiscal_year
from accounts.models import AuditEntry, Municipality
from programs.models import Curriculum, Partnership, Program, Venue
from programs.sharing import invite
from tests import make

pytestmark = pytest.mark.django_db
PROGRAM = {
    "name": "スマホ教室",
    "fiscal_year": "2026",
    "allocation": "first_come",
    "couple_policy": "skip_to_fit",
    "offer_hours": "9",
    "reminder_days": "7,1",
    "helper_ratio": "4",
    "cost_share": "equal",
}
CURRICULUM = {
    "code": "N1",
    "title": "写真を送る",
    "kind": "basic",
    "topic": "typing",
    "session_count": "1",
    "minutes": "90",
    "capacity": "8",
    "is_active": "on",
}
VENUE = {"name": "赤城麓公民館", "capacity": "30", "is_active": "on"}


@pytest.fixture
def page(client, staff, line):
    client.force_login(staff)
    return client


def errors_of(response) -> list[tuple[str, int]]:
    return [(name, len(errors)) for name, errors in response.context["form"].errors.items()]


def test_a_coordinator_makes_a_programme_that_their_town_leads(page, shibukawa, staff):
    page.post(reverse("programs:new_program"), PROGRAM)
    program = Program.objects.get()
    assert (program.lead, program.reminder_days) == (shibukawa, [7, 1])
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.by, entry.municipality) == ("program.added", staff, shibukawa)


def test_a_new_programme_is_of_this_fiscal_year_unless_told_otherwise(page):
    form = page.get(reverse("programs:new_program")).context["form"]
    assert form["fiscal_year"].value() == fiscal_year(timezone.localdate())


def test_the_rules_of_the_lottery_and_for_couples_are_chosen_and_shown(page):
    rules = {"couple_policy": "strict_order", "draw_priorities": ["resident", "lost_before"]}
    page.post(reverse("programs:new_program"), PROGRAM | rules)
    program = Program.objects.get()
    assert (program.couple_policy, program.draw_priorities) == ("strict_order", ["lost_before", "resident"])
    shown = page.get(reverse("programs:program", args=[program.pk]), headers={"accept-language": "en"})
    text = shown.content.decode()
    assert "The seat is kept until there is one for the couple too" in text
    first, last = "Those who were not drawn the last time", "Residents of the town that holds the class"
    assert 0 < text.index(first) < text.index(last)


@pytest.mark.parametrize(
    "rules", [{"couple_policy": "split"}, {"couple_policy": ""}, {"draw_priorities": ["the_mayor"]}]
)
def test_rules_that_there_are_not_are_refused(page, rules):
    response = page.post(reverse("programs:new_program"), PROGRAM | rules)
    assert errors_of(response) == [(next(iter(rules)), 1)]


@pytest.mark.parametrize(
    ("text", "days"),
    [("7,1", [7, 1]), ("１、７", [7, 1]), ("1 1", [1]), ("", []), ("14, 7, 3, 1", [14, 7, 3, 1])],
)
def test_reminder_days_are_read_as_people_write_them(page, text, days):
    page.post(reverse("programs:new_program"), PROGRAM | {"reminder_days": text})
    assert Program.objects.get().reminder_days == days


@pytest.mark.parametrize(
    "change",
    [
        {"reminder_days": "a week"},
        {"reminder_days": "0"},
        {"reminder_days": "31"},
        {"reminder_days": "9,8,7,6,5"},
        {"fiscal_year": "1999"},
        {"helper_ratio": "0"},
        {"offer_hours": "999999999999"},
        {"name": ""},
        {"name": "長" * 81},
        {"cost_share": "free"},
        {"line": "77"},
    ],
)
def test_a_programme_that_is_wrong_is_refused_in_one_sentence(page, change):
    response = page.post(reverse("programs:new_program"), PROGRAM | change)
    assert errors_of(response) == [(next(iter(change)), 1)]
    assert not Program.objects.exists()


def test_two_programmes_of_a_town_and_year_have_different_names(page):
    page.post(reverse("programs:new_program"), PROGRAM)
    response = page.post(reverse("programs:new_program"), PROGRAM)
    assert errors_of(response) == [("name", 1)]
    assert Program.objects.count() == 1


def test_the_fiscal_year_is_shown_in_both_calendars(page, program):
    assert "令和8年度（2026年度）" in page.get(reverse("programs:program", args=[program.pk])).content.decode()


def test_a_lead_invites_by_name_and_the_town_answers_on_its_page(page, client, program, takasaki, stranger):
    page.post(reverse("programs:invite", args=[program.pk]), {"town": "高崎市"})
    invitation = program.partnerships.get(municipality=takasaki)
    client.force_login(stranger)
    shown = client.get(reverse("programs:programs")).context["invitations"]
    assert list(shown) == [invitation]
    client.post(reverse("programs:accept", args=[invitation.pk]))
    invitation.refresh_from_db()
    assert invitation.state == Partnership.State.ACCEPTED


@pytest.mark.parametrize("town", ["府中市", "どこにもない町", "", "999999", "高" * 61])
def test_a_town_that_cannot_be_told_is_refused_in_one_sentence(page, program, town):
    for prefecture in ("東京都", "広島県"):
        Municipality.objects.create(name="府中市", prefecture=prefecture)
    response = page.post(reverse("programs:invite", args=[program.pk]), {"town": town})
    assert errors_of(response) == [("town", 1)]
    assert program.partnerships.count() == 2


@pytest.mark.parametrize("town", ["東京都府中市", "神奈川県府中市", "132063"])
def test_a_town_is_found_by_prefecture_or_code(page, program, town):
    Municipality.objects.create(name="府中市", prefecture="東京都", code="132063")
    Municipality.objects.create(name="府中市", prefecture="神奈川県")
    page.post(reverse("programs:invite", args=[program.pk]), {"town": town})
    assert program.partnerships.filter(municipality__name="府中市").count() == 1


def test_nobody_answers_for_another_town(page, program, staff, takasaki):
    invitation = invite(program, takasaki, by=staff)
    assert page.post(reverse("programs:accept", args=[invitation.pk])).status_code == 403
    invitation.refresh_from_db()
    assert invitation.state == Partnership.State.INVITED


def test_a_partner_cannot_change_the_programme(client, program, partner_staff):
    client.force_login(partner_staff)
    assert client.post(reverse("programs:edit_program", args=[program.pk]), PROGRAM).status_code == 403
    assert client.post(reverse("programs:invite", args=[program.pk]), {"town": "高崎市"}).status_code == 403


def test_a_curriculum_of_ones_own_is_written_and_changed(page, shibukawa):
    page.post(reverse("programs:new_curriculum"), CURRICULUM)
    curriculum = Curriculum.objects.get()
    page.post(reverse("programs:edit_curriculum", args=[curriculum.pk]), CURRICULUM | {"title": "写真をとる"})
    curriculum.refresh_from_db()
    assert (curriculum.municipality, curriculum.title) == (shibukawa, "写真をとる")
    assert list(AuditEntry.objects.order_by("pk").values_list("act", flat=True)) == [
        "curriculum.added",
        "curriculum.changed",
    ]


@pytest.mark.parametrize(
    "change", [{"code": ""}, {"minutes": "0"}, {"minutes": "x"}, {"session_count": "31"}, {"kind": ""}]
)
def test_a_curriculum_that_is_wrong_is_refused_in_one_sentence(page, change):
    response = page.post(reverse("programs:new_curriculum"), CURRICULUM | change)
    assert errors_of(response) == [(next(iter(change)), 1)]
    assert not Curriculum.objects.exists()


def test_the_mark_of_a_curriculum_is_used_once_in_a_town(page):
    page.post(reverse("programs:new_curriculum"), CURRICULUM)
    assert errors_of(page.post(reverse("programs:new_curriculum"), CURRICULUM)) == [("code", 1)]


def test_the_common_catalogue_is_read_only(page):
    common = make.make_curriculum()
    assert page.get(reverse("programs:curriculum", args=[common.pk])).status_code == 200
    response = page.post(reverse("programs:edit_curriculum", args=[common.pk]), CURRICULUM)
    assert response.status_code == 403


def test_the_curricula_of_another_town_are_not_seen(page, yoshioka):
    other = make.make_curriculum(municipality=yoshioka)
    assert page.get(reverse("programs:curriculum", args=[other.pk])).status_code == 404
    assert list(page.get(reverse("programs:curricula")).context["table"].rows) == []


def test_a_venue_is_written_with_what_visitors_must_know(page, shibukawa):
    facts = {"is_step_free": "true", "has_lift": "false", "parking_spaces": "0", "phone": "0279-00-0301"}
    page.post(reverse("programs:new_venue"), VENUE | facts | {"postal_code": "３７７ー０００８"})
    venue = Venue.objects.get()
    assert (venue.municipality, venue.phone, venue.postal_code) == (shibukawa, "+81279000301", "377-0008")
    assert (venue.is_step_free, venue.has_lift, venue.has_wifi, venue.parking_spaces) == (True, False, None, 0)


@pytest.mark.parametrize(
    "change",
    [{"name": ""}, {"capacity": "0"}, {"phone": "123"}, {"postal_code": "12"}, {"kana": "赤城"}, {"capacity": ""}],
)
def test_a_venue_that_is_wrong_is_refused_in_one_sentence(page, change):
    response = page.post(reverse("programs:new_venue"), VENUE | change)
    assert errors_of(response) == [(next(iter(change)), 1)]
    assert not Venue.objects.exists()


def test_a_venue_stands_in_the_list_once(page):
    page.post(reverse("programs:new_venue"), VENUE)
    assert errors_of(page.post(reverse("programs:new_venue"), VENUE)) == [("name", 1)]


def complete(**change) -> dict:
    return {
        "kana": "コウミンカン",
        "address": "架空町1",
        "access": "駅から10分",
        "parking_spaces": 3,
        **dict.fromkeys(Venue.FACTS, True),
        **change,
    }


@pytest.mark.parametrize("fact", ["kana", "address", "access", "parking_spaces", *Venue.FACTS])
def test_a_venue_with_a_fact_missing_is_to_be_checked(shibukawa, fact):
    make.make_venue(town=shibukawa, **complete())
    unclear = make.make_venue(
        town=shibukawa, **complete(**{fact: "" if fact in {"kana", "address", "access"} else None})
    )
    assert list(Venue.objects.with_missing_facts()) == [unclear]
    assert unclear.missing_facts == [fact]


def test_a_capacity_taken_for_granted_is_to_be_checked_until_the_venue_is_saved(page, shibukawa):
    venue = make.make_venue(town=shibukawa, **complete(capacity_is_assumed=True))
    assert (list(Venue.objects.with_missing_facts()), venue.missing_facts) == ([venue], ["capacity"])
    page.post(reverse("programs:edit_venue", args=[venue.pk]), VENUE)
    venue.refresh_from_db()
    assert not venue.capacity_is_assumed


def test_the_list_of_venues_is_narrowed_to_those_to_be_checked(page, shibukawa):
    make.make_venue(town=shibukawa, **complete())
    unclear = make.make_venue(town=shibukawa)
    rows = page.get(reverse("programs:venues"), {"missing": "yes"}).context["table"].rows
    assert [row.record for row in rows] == [unclear]


def test_the_venues_of_another_town_are_not_seen(page, yoshioka):
    venue = make.make_venue(town=yoshioka)
    assert page.get(reverse("programs:venue", args=[venue.pk])).status_code == 404
    assert page.post(reverse("programs:edit_venue", args=[venue.pk]), VENUE).status_code == 404


@pytest.mark.parametrize(
    ("name", "build", "queries"),
    [
        ("programs:programs", lambda town: make.make_program(lead=town, partners=(make.make_town(),)), 9),
        ("programs:curricula", lambda town: make.make_curriculum(municipality=town), 5),
        ("programs:venues", lambda town: make.make_venue(town=town), 5),
    ],
)
def test_lists_take_as_many_queries_for_one_row_as_for_300(
    page, shibukawa, name, build, queries, django_assert_num_queries
):
    build(shibukawa)
    with django_assert_num_queries(queries):
        page.get(reverse(name))
    for _ in range(299):
        build(shibukawa)
    with django_assert_num_queries(queries):
        shown = page.get(reverse(name)).context["table"].paginated_rows
    assert len(list(shown)) == 25
