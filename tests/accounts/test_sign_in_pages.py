"""What people see before, at and around signing in, and when a page cannot be shown."""

import pytest
from allauth.mfa.models import Authenticator
from django.template.loader import render_to_string
from django.views import defaults

from tests import make

pytestmark = pytest.mark.django_db


PASSWORD = "engawa-demo-2026"


def sign_in(client, *, password=PASSWORD):
    return client.post("/accounts/login/", {"login": "tsuzuki", "password": password}, HTTP_ACCEPT_LANGUAGE="en")


def test_the_page_speaks_japanese_unless_asked_otherwise(client):
    assert '<html lang="ja">' in client.get("/accounts/login/").text
    assert '<html lang="en">' in client.get("/accounts/login/", HTTP_ACCEPT_LANGUAGE="en").text


def test_the_language_is_changed_by_a_button(client):
    answer = client.post("/i18n/setlang/", {"language": "en", "next": "/accounts/login/"})
    assert answer.url == "/accounts/login/"
    assert '<html lang="en">' in client.get("/accounts/login/").text


def test_a_wrong_password_is_answered_with_one_sentence_and_a_title_that_says_so(client, staff):
    page = sign_in(client, password="wrong").text
    assert "<title>Error: Staff sign-in | Engawa</title>" in page
    assert page.count("The username and/or password you specified are not correct.") == 1
    assert 'value="wrong"' not in page


def test_staff_sign_in_by_user_name_and_come_to_their_desk(client, staff):
    assert sign_in(client).url == "/staff/"


def test_nobody_can_open_an_account_by_themselves(client):
    page = client.get("/accounts/signup/", HTTP_ACCEPT_LANGUAGE="en").text
    assert "Staff accounts are made by the administrator of your municipality." in page
    assert 'name="password1"' not in page


@pytest.mark.parametrize("path", ["/accounts/password/reset/", "/accounts/email/"])
def test_no_letter_is_ever_sent_about_a_password(client, mailoutbox, path):
    assert client.get(path).status_code == 200
    assert client.post(path, {"email": "somebody@example.jp"}).status_code == 405
    assert mailoutbox == []


@pytest.mark.parametrize(
    "path", ["/accounts/password/change/", "/accounts/2fa/", "/accounts/logout/", "/accounts/reauthenticate/"]
)
def test_the_pages_of_an_account_open_in_our_frame(client, staff, path):
    client.force_login(staff)
    page = client.get(path, follow=True).text
    assert 'href="/static/css/tokens.css"' in page
    assert '<main id="main"' in page


def test_a_password_is_changed_and_must_be_long(client, staff):
    client.force_login(staff)
    old = {"oldpassword": "engawa-demo-2026"}
    short = client.post("/accounts/password/change/", {**old, "password1": "short1", "password2": "short1"})
    assert "id_password1-e" in short.text
    new = "the veranda at noon"
    client.post("/accounts/password/change/", {**old, "password1": new, "password2": new})
    staff.refresh_from_db()
    assert staff.check_password(new)


def test_the_second_step_is_asked_of_those_who_chose_it(client, staff):
    Authenticator.objects.create(user=staff, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"})
    assert sign_in(client).url == "/accounts/2fa/authenticate/"
    page = client.post("/accounts/2fa/authenticate/", {"code": "000000"}, HTTP_ACCEPT_LANGUAGE="en").text
    assert "Incorrect code." in page
    assert 'aria-describedby="id_code-e id_code-h"' in page


def test_the_town_menu_offers_every_town_one_works_for(client, staff, yoshioka):
    make.Membership.objects.create(user=staff, municipality=yoshioka, role="desk")
    client.force_login(staff)
    page = client.get("/accounts/2fa/").text
    assert [f'value="{m.municipality_id}"' in page for m in staff.memberships.all()] == [True, True]


@pytest.mark.parametrize(
    ("show", "status", "sentence"),
    [
        (defaults.page_not_found, 404, "This page is not here"),
        (defaults.permission_denied, 403, "This page is not open to you"),
        (defaults.bad_request, 400, "That did not reach us whole"),
    ],
)
def test_a_page_that_cannot_be_shown_says_why_and_leads_back(rf, show, status, sentence):
    answer = show(rf.get("/"), Exception("secret detail"))
    assert answer.status_code == status
    page = answer.content.decode()
    assert "secret detail" not in page
    assert 'class="btn" href="/"' in page


def test_the_page_of_a_fault_needs_no_context():
    page = render_to_string("500.html")
    assert 'class="btn" href="/"' in page
