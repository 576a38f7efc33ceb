"""The practice telephone: through the same signed webhook, and only where nothing leaves the house."""

import pytest

from accounts.models import Role
from messaging.models import InboundText, Message
from messaging.sending import send_due
from phone.simulator import server
from sessions.models import Registration
from tests import make

pytestmark = pytest.mark.django_db

NUMBER = "090-0310-0408"


@pytest.fixture(autouse=True)
def simulator(settings):
    settings.MESSAGING_BACKEND = "simulator"


@pytest.fixture
def course(program, shibukawa, line):
    line.municipalities.add(shibukawa)
    return make.make_course(program=program, code="5205")


def send(client, body: str, **headers: str):
    return client.post("/simulator/send/", {"number": NUMBER, "body": body}, headers=headers)


@pytest.mark.parametrize("backend", ["memory", "twilio"])
def test_it_is_not_there_when_messages_leave_the_house(client, staff, line, settings, backend):
    settings.MESSAGING_BACKEND = backend
    client.force_login(staff)
    assert client.get("/simulator/").status_code == 404
    assert send(client, "5205").status_code == 404
    assert client.post("/simulator/deliver/").status_code == 404
    assert not InboundText.objects.exists()


def test_visitors_are_asked_to_sign_in(client, line):
    assert client.get("/simulator/").status_code == 302
    assert send(client, "5205").status_code == 302
    assert not InboundText.objects.exists()


def test_whoever_may_not_register_may_not_practise(client, shibukawa, line):
    client.force_login(make.make_user(town=shibukawa, role=Role.VIEWER))
    assert client.get("/simulator/").status_code == 403


def test_a_text_goes_through_the_webhook_and_is_answered(client, staff, course):
    client.force_login(staff)
    response = send(client, "5205")
    assert response.status_code == 302
    assert response["Location"] == f"/simulator/?number={NUMBER}"
    text = InboundText.objects.get()
    assert (text.sender, text.line, text.body) == ("+819003100408", course.line, "5205")
    send_due()
    page = client.get(response["Location"]).content.decode()
    assert "お住まいの番号とお名前をカタカナで送ってください" in page


def lose_signature(get_response):
    """A proxy that takes the signature off on the way."""

    def middleware(request):
        request.META.pop("HTTP_X_TWILIO_SIGNATURE", None)
        return get_response(request)

    return middleware


def test_without_its_signature_the_text_is_refused_here_too(client, staff, course, settings):
    settings.MIDDLEWARE = [f"{__name__}.lose_signature", *settings.MIDDLEWARE]
    server.cache_clear()
    client.force_login(staff)
    response = client.post("/simulator/send/", {"number": NUMBER, "body": "5205"}, follow=True)
    server.cache_clear()
    assert "403" in response.content.decode()
    assert not InboundText.objects.exists()


def test_somebody_registers_and_the_page_shows_what_the_town_sees(client, staff, course, shibukawa):
    client.force_login(staff)
    for body in ("5205", "1 シブカワ ハナコ", "1"):
        send(client, body)
        send_due()
    registration = Registration.objects.get()
    page = client.get(f"/simulator/?number={NUMBER}").content.decode()
    assert registration.receipt_number in page
    assert "シブカワ ハナコ" in page
    assert Message.objects.get(template="confirmed").body in page


def test_of_another_towns_resident_only_the_receipt_is_shown(client, partner_staff, course, line, shibukawa):
    client.force_login(partner_staff)
    person = make.make_person(town=shibukawa, phone=NUMBER, kana="シブカワ ハナコ")
    registration = make.make_registration(course=course, person=person)
    page = client.get(f"/simulator/?number={NUMBER}").content.decode()
    assert registration.receipt_number in page
    assert "シブカワ ハナコ" not in page


def test_a_real_number_of_another_towns_resident_is_closed(client, partner_staff, course, shibukawa):
    make.make_person(town=shibukawa, phone="090-1234-5678")
    client.force_login(partner_staff)
    page = client.get("/simulator/?number=090-1234-5678").content.decode()
    assert "090-1234-5678" not in page.split('id="talk"')[1]
    client.post("/simulator/send/", {"number": "090-1234-5678", "body": "確認"})
    assert not InboundText.objects.exists()


@pytest.mark.parametrize("number", ["", "090", "0120-000-000", "あ", "1" * 100])
def test_a_number_that_is_none_gets_one_sentence(client, staff, course, number):
    client.force_login(staff)
    assert client.get("/simulator/", {"number": number}).status_code == 200
    assert client.post("/simulator/send/", {"number": number, "body": "5205"}).status_code == 302
    assert not InboundText.objects.exists()


def test_the_telephones_to_choose_from_are_those_of_the_own_town(client, staff, course, shibukawa, yoshioka):
    make.make_person(town=shibukawa, phone=NUMBER, kana="シブカワ ハナコ")
    make.make_person(town=yoshioka, phone="090-0310-0409", kana="ヨシオカ サクラ")
    client.force_login(staff)
    page = client.get("/simulator/").content.decode()
    assert "シブカワ ハナコ 090-0310-0408" in page
    assert "ヨシオカ" not in page


def test_asking_for_changes_costs_nothing_while_there_are_none(client, staff, course):
    client.force_login(staff)
    send(client, "ヘルプ")
    part = client.get(f"/simulator/?number={NUMBER}", headers={"HX-Request": "true"})
    mark = part.content.decode().split("mark=")[1].split('"')[0]
    again = f"/simulator/?number={NUMBER}&mark={mark}"
    assert client.get(again, headers={"HX-Request": "true"}).status_code == 204
    send_due()
    changed = client.get(again, headers={"HX-Request": "true"})
    assert (changed.status_code, "教室番号4けた" in changed.content.decode()) == (200, True)


def test_with_a_script_only_the_texts_and_the_view_of_the_town_come_back(client, staff, course):
    client.force_login(staff)
    part = send(client, "ヘルプ", **{"HX-Request": "true"}).content.decode()
    assert 'id="talk"' in part
    assert 'id="town-view"' in part
    assert "<html" not in part


def test_without_a_worker_one_may_deliver_by_hand(client, staff, course):
    client.force_login(staff)
    send(client, "ヘルプ")
    assert "simulator/deliver" in client.get(f"/simulator/?number={NUMBER}").content.decode()
    assert client.post("/simulator/deliver/", {"number": NUMBER}).status_code == 302
    assert Message.objects.get().state == "delivered"


def test_the_language_of_the_page_outlives_the_text(client, staff, course):
    client.force_login(staff)
    client.cookies["django_language"] = "en"
    response = send(client, "ヘルプ", **{"HX-Request": "true"})
    assert "What the town sees" in response.content.decode()


def test_without_a_line_the_page_says_what_to_do(client, staff):
    client.force_login(staff)
    assert client.get("/simulator/").status_code == 200
    assert send(client, "5205").status_code == 302


@pytest.mark.parametrize(("role", "is_there"), [(Role.DESK, True), (Role.VIEWER, False)])
def test_the_menu_leads_there_only_whom_it_lets_in(client, shibukawa, line, role, is_there):
    client.force_login(make.make_user(town=shibukawa, role=role))
    assert ('href="/simulator/"' in client.get("/staff/threads/").content.decode()) is is_there
