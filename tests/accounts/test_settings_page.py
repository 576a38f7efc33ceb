"""The settings of a town: its office, its members, its record."""

import pytest
from django.contrib.auth import authenticate
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.acts import act_label
from accounts.members import Problem, change_role, remove_member
from accounts.models import AuditEntry, Membership, Role, User
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]  # about pages, the same on every database
PASSWORD = "engawa-no-hinata"


@pytest.fixture
def admin(shibukawa) -> User:
    return make.make_user(town=shibukawa, role=Role.ADMIN, username="sakai", name="酒井")


@pytest.fixture
def page(client, admin):
    client.force_login(admin)
    return client


def membership_of(user: User) -> Membership:
    return user.memberships.get()


def acts() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("act", flat=True))


def sentences(response) -> list[str]:
    return [sentence for errors in response.context["form"].errors.values() for sentence in errors]


def test_an_administrator_writes_how_residents_reach_the_office(page, shibukawa):
    entry = {"office": "高齢福祉課", "phone": "０２７９－００－０２０１", "hours": "平日 9時～17時"}
    page.post(reverse("accounts:settings"), entry)
    shibukawa.refresh_from_db()
    assert (shibukawa.office, shibukawa.phone) == ("高齢福祉課", "+81279000201")
    assert acts() == ["office.changed"]


def test_a_number_that_cannot_be_read_is_refused_in_one_sentence(page, shibukawa):
    response = page.post(reverse("accounts:settings"), {"office": "新しい課", "phone": "12"})
    shibukawa.refresh_from_db()
    assert len(sentences(response)) == 1
    assert (shibukawa.office, acts()) == ("高齢福祉課", [])


@pytest.mark.parametrize(("phone", "hint"), [("", True), ("+81279000201", False)])
def test_a_town_without_a_telephone_is_told_so(page, shibukawa, phone, hint):
    shibukawa.phone = phone
    shibukawa.save()
    response = page.get(reverse("accounts:settings"), headers={"accept-language": "en"})
    assert ("Residents cannot call you yet." in response.content.decode()) is hint


def test_a_new_member_can_sign_in_with_the_password_set(page, shibukawa):
    entry = {"username": "isobe", "name": "磯部", "role": "desk", "password": PASSWORD}
    page.post(reverse("accounts:new_member"), entry)
    member = authenticate(username="isobe", password=PASSWORD)
    assert member is not None
    assert [(m.municipality, m.role) for m in member.memberships.all()] == [(shibukawa, "desk")]
    assert acts() == ["member.added"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"password": "short"}, "password"),
        ({"password": "password12"}, "password"),
        ({"name": ""}, "name"),
        ({"username": "礒 部"}, "username"),
        ({"role": "mayor"}, "role"),
    ],
)
def test_a_member_who_cannot_be_added_is_refused_in_one_sentence(page, change, field):
    entry = {"username": "isobe", "name": "磯部", "role": "desk", "password": PASSWORD, **change}
    response = page.post(reverse("accounts:new_member"), entry)
    assert list(response.context["form"].errors) == [field]
    assert len(sentences(response)) == 1
    assert not User.objects.filter(name="磯部").exists()


def test_somebody_of_another_town_is_added_by_user_id_and_keeps_their_password(page, partner_staff, shibukawa):
    page.post(reverse("accounts:new_member"), {"username": "KAMIYA", "role": "viewer", "password": PASSWORD})
    assert shibukawa.memberships.filter(user=partner_staff, role="viewer").exists()
    partner_staff.refresh_from_db()
    assert partner_staff.check_password("engawa-demo-2026")
    assert partner_staff.name == "神谷"


def test_a_member_is_not_added_twice(page, desk):
    response = page.post(reverse("accounts:new_member"), {"username": "isobe", "role": "admin"})
    assert sentences(response) == [Problem.ALREADY.label]
    assert membership_of(desk).role == "desk"


def test_the_role_of_a_member_is_changed(page, desk):
    page.post(reverse("accounts:change_role", args=[membership_of(desk).pk]), {"role": "coordinator"})
    assert membership_of(desk).role == "coordinator"
    assert acts() == ["member.role_changed"]


def test_a_removed_member_can_open_no_page_any_more(page, client, desk):
    page.post(reverse("accounts:remove_member", args=[membership_of(desk).pk]))
    client.force_login(desk)
    assert client.get(reverse("sessions:courses")).status_code == 403


def test_the_last_administrator_stays(admin, desk):
    member = membership_of(admin)
    assert change_role(member, role=Role.VIEWER, by=admin) == Problem.LAST_ADMIN
    assert remove_member(member, by=admin) == Problem.LAST_ADMIN
    assert membership_of(admin).role == "admin"
    change_role(membership_of(desk), role=Role.ADMIN, by=admin)
    assert isinstance(remove_member(member, by=admin), Membership)


def test_a_forgotten_password_is_set_anew(page, desk):
    page.post(reverse("accounts:set_password", args=[membership_of(desk).pk]), {"password": PASSWORD})
    assert authenticate(username="isobe", password=PASSWORD) == desk
    assert acts() == ["member.password_set"]


def test_the_password_of_somebody_who_works_elsewhere_too_is_theirs(page, partner_staff, shibukawa):
    member = Membership.objects.create(user=partner_staff, municipality=shibukawa, role=Role.DESK)
    page.post(reverse("accounts:set_password", args=[member.pk]), {"password": PASSWORD})
    assert authenticate(username="kamiya", password=PASSWORD) is None
    assert acts() == []


@pytest.mark.parametrize("act", ["change_role", "set_password", "remove_member"])
def test_the_members_of_another_town_cannot_be_touched(page, partner_staff, act):
    member = membership_of(partner_staff)
    response = page.post(reverse(f"accounts:{act}", args=[member.pk]), {"role": "viewer", "password": PASSWORD})
    assert response.status_code == 404
    assert membership_of(partner_staff).role == member.role


def test_one_works_for_another_of_ones_towns_after_switching(client, staff, yoshioka):
    Membership.objects.create(user=staff, municipality=yoshioka, role=Role.VIEWER)
    client.force_login(staff)
    client.post(reverse("accounts:switch_town"), {"town": yoshioka.pk})
    assert client.get(reverse("sessions:courses")).context["town"] == yoshioka


@pytest.mark.parametrize("wanted", ["0", "", "x", "99999999999999999999"])
def test_one_cannot_switch_to_a_town_one_does_not_work_for(client, staff, shibukawa, wanted):
    client.force_login(staff)
    assert client.post(reverse("accounts:switch_town"), {"town": wanted}).url == "/staff/"
    assert client.get(reverse("sessions:courses")).context["town"] == shibukawa


def test_switching_leads_only_to_pages_of_ours(client, staff, shibukawa):
    client.force_login(staff)
    entry = {"town": shibukawa.pk, "next": "https://example.com/"}
    assert client.post(reverse("accounts:switch_town"), entry).url == "/staff/"


def test_somebody_without_a_town_is_told_to_ask_the_administrator(client, db):
    client.force_login(make.make_user())
    response = client.get(reverse("sessions:courses"), headers={"accept-language": "en"})
    assert response.status_code == 403
    assert "please ask the administrator" in response.content.decode()


def test_the_record_shows_the_own_town_only(page, admin, shibukawa, yoshioka):
    audit.record("course.planned", shibukawa, by=admin, municipality=shibukawa)
    audit.record("venue.added", yoshioka, by=None, municipality=yoshioka)
    table = page.get(reverse("accounts:audit")).context["table"]
    assert [row.get_cell("act") for row in table.rows] == [act_label("course.planned")]


@pytest.mark.parametrize(
    ("choice", "shown"),
    [
        ({"thing": "course"}, ["course.planned"]),
        ({"by": "sakai"}, ["course.planned"]),
        ({"day": "today"}, ["venue.added", "course.planned"]),
        ({"day": "2020-01-01"}, []),
        ({"thing": "nonsense", "by": "x", "day": "y"}, ["venue.added", "course.planned"]),
    ],
)
def test_the_record_is_narrowed_by_act_person_and_day(page, admin, shibukawa, choice, shown):
    audit.record("course.planned", shibukawa, by=admin, municipality=shibukawa)
    audit.record("venue.added", shibukawa, by=None, municipality=shibukawa)
    keys = {"sakai": admin.pk, "today": timezone.localdate().isoformat()}
    chosen = {name: keys.get(value, value) for name, value in choice.items()}
    table = page.get(reverse("accounts:audit"), chosen).context["table"]
    assert [row.record.act for row in table.rows] == shown


def test_the_record_takes_as_many_queries_for_one_entry_as_for_300(
    page, admin, shibukawa, django_assert_num_queries
):
    audit.record("course.planned", shibukawa, by=admin, municipality=shibukawa)
    with django_assert_num_queries(6):
        page.get(reverse("accounts:audit"))
    for _ in range(300):
        audit.record("course.planned", shibukawa, by=admin, municipality=shibukawa)
    with django_assert_num_queries(6):
        shown = page.get(reverse("accounts:audit")).context["table"].paginated_rows
    assert len(list(shown)) == 50


def test_members_take_as_many_queries_for_one_as_for_300(page, shibukawa, django_assert_num_queries):
    with django_assert_num_queries(4):
        page.get(reverse("accounts:settings"))
    users = User.objects.bulk_create(User(username=f"n{n}", name=f"職員{n}") for n in range(300))
    Membership.objects.bulk_create(Membership(user=user, municipality=shibukawa) for user in users)
    with django_assert_num_queries(4):
        page.get(reverse("accounts:settings"))
