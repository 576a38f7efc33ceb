"""The signed door: who may bring a text, and that each text counts once."""

import json
from urllib.parse import urlencode

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from messaging.models import InboundText, Message
from messaging.twilio import sign
from phone.models import Conversation
from sessions.models import Registration
from tests import make
from tests.concurrency import run_at_once
from tests.phone.conftest import FORM, PATH, post_form, signature

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def address(settings):
    settings.PUBLIC_BASE_URL = "http://127.0.0.1:8000"


@pytest.fixture
def form(handset) -> dict[str, str]:
    return handset().form("ヘルプ")


def nothing_was_kept() -> bool:
    return not InboundText.objects.exists() and not Message.objects.exists() and not Conversation.objects.exists()


def test_a_signed_text_is_stored_and_answered_through_the_outbox(form, line):
    response = post_form(form)
    assert (response.status_code, response.content) == (200, b"<Response/>")
    assert response["Content-Type"] == "text/xml"
    text = InboundText.objects.get()
    assert (text.sid, text.line, text.sender, text.body) == (form["MessageSid"], line, form["From"], "ヘルプ")
    assert Message.objects.get().template == "reply_help"


def test_the_practice_telephone_signs_as_twilio_does(form):
    assert sign(PATH, form)["X-Twilio-Signature"] == signature(form)


@pytest.mark.parametrize(
    ("case", "signed"),
    [
        ("no signature", lambda form: ""),
        ("a made-up one", lambda form: "c2lnbmF0dXJl"),
        ("letters that are none of base64", lambda form: "署名\u00e9"),
        ("another token", lambda form: signature(form, token="somebody-elses-token")),
        ("another scheme", lambda form: signature(form, url="https://127.0.0.1:8000" + PATH)),
        ("another host", lambda form: signature(form, url="http://evil.example" + PATH)),
        ("an address with a fragment", lambda form: signature(form, url=f"http://127.0.0.1:8000{PATH}#rc=2")),
        ("another body", lambda form: signature(form | {"Body": "5205"})),
        ("one field less", lambda form: signature({k: v for k, v in form.items() if k != "NumMedia"})),
        ("one field more", lambda form: signature(form | {"MediaUrl0": "x"})),
    ],
)
def test_a_text_with_a_bad_signature_is_refused_without_a_word(form, case, signed):
    response = post_form(form, signed=signed(form).encode("utf-8").decode("latin-1"))
    assert (response.status_code, response.content) == (403, b"")
    assert nothing_was_kept()


def test_the_header_may_be_missing_altogether(form):
    response = Client().post(PATH, urlencode(form), content_type=FORM)
    assert (response.status_code, response.content) == (403, b"")
    assert nothing_was_kept()


def test_the_second_token_of_the_ring_is_as_good(form, settings):
    assert post_form(form, signed=signature(form, token=settings.TWILIO_AUTH_TOKENS[1])).status_code == 200


def test_fields_that_twilio_adds_one_day_do_no_harm(form):
    assert post_form(form | {"SomethingNew": "1", "FromCity": ""}).status_code == 200


def test_a_query_is_part_of_the_signed_address(form, settings):
    url = f"{settings.PUBLIC_BASE_URL}{PATH}?town=1"
    headers = {"X-Twilio-Signature": signature(form, url=url)}
    assert Client().post(PATH + "?town=1", urlencode(form), content_type=FORM, headers=headers).status_code == 200
    assert Client().post(PATH, urlencode(form), content_type=FORM, headers=headers).status_code == 403


def test_the_address_is_ours_whatever_the_host_header_says(form, settings):
    settings.ALLOWED_HOSTS = ["*"]
    headers = {"X-Twilio-Signature": signature(form), "Host": "evil.example", "X-Forwarded-Host": "worse.example"}
    assert Client().post(PATH, urlencode(form), content_type=FORM, headers=headers).status_code == 200
    own = signature(form, url="http://evil.example" + PATH)
    headers["X-Twilio-Signature"] = own
    assert Client().post(PATH, urlencode(form), content_type=FORM, headers=headers).status_code == 403


def test_another_account_is_refused_though_it_signs_well(form):
    assert post_form(form | {"AccountSid": "AC" + "9" * 32}).status_code == 403
    assert nothing_was_kept()


@pytest.mark.parametrize("method", ["get", "put", "delete", "head", "options", "patch"])
def test_only_post_is_answered(method):
    assert getattr(Client(), method)(PATH).status_code == 405


def test_json_is_refused_even_when_its_address_is_signed(form, settings):
    signed = signature({}, url=settings.PUBLIC_BASE_URL + PATH)
    headers = {"X-Twilio-Signature": signed}
    response = Client().post(PATH, json.dumps(form), content_type="application/json", headers=headers)
    assert (response.status_code, response.content) == (403, b"")
    assert nothing_was_kept()


def test_a_form_in_another_alphabet_is_refused_not_broken(form):
    headers = {"X-Twilio-Signature": signature(form)}
    content_type = f"{FORM}; charset=shift_jis"
    assert Client().post(PATH, urlencode(form), content_type=content_type, headers=headers).status_code == 403


def test_more_than_64_kilobytes_are_not_read(form):
    response = post_form(form | {"Body": "あ" * 30_000})
    assert response.status_code == 413
    assert nothing_was_kept()


@pytest.mark.parametrize("path", ["/webhooks/twilio/sms", "/webhooks/twilio/nothing", "/webhooks/"])
def test_nothing_below_webhooks_ever_redirects(form, path, settings):
    signed = signature(form, url=settings.PUBLIC_BASE_URL + path)
    headers = {"X-Twilio-Signature": signed}
    assert Client().post(path, urlencode(form), content_type=FORM, headers=headers).status_code == 404


def test_a_text_is_not_sent_on_to_https_either(form, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert post_form(form).status_code == 200


@pytest.mark.parametrize("sid", ["", "SM 1", "x" * 65])
def test_a_text_without_a_usable_name_of_its_own_gets_one_plain_sentence(form, sid):
    response = post_form(form | {"MessageSid": sid})
    assert (response.status_code, response.content) == (400, b"MessageSid is missing.")
    assert nothing_was_kept()


def test_the_same_text_brought_again_changes_nothing(form):
    first, again = post_form(form), post_form(form)
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert (InboundText.objects.count(), Message.objects.count()) == (1, 1)


def test_the_yes_brought_again_registers_once(handset, program, shibukawa):
    course = make.make_course(program=program, code="5205")
    phone = handset()
    make.make_person(town=shibukawa, phone=phone.number)
    phone.send("5205")
    yes = phone.form("1")
    assert [post_form(yes).content for _ in range(3)] == [b"<Response/>"] * 3
    assert course.registrations.count() == 1
    assert phone.templates == ["reply_read_back", "confirmed"]


@pytest.mark.parametrize(
    "caller", ["anonymous", "", "Restricted", "+266696687", "+15005550006", "99999", "Engawa", "+81120000000"]
)
def test_a_caller_without_a_number_to_answer_is_stored_and_not_answered(form, caller):
    assert post_form(form | {"From": caller}).status_code == 200
    assert InboundText.objects.get().sender == ""
    assert not Message.objects.exists()
    assert not Conversation.objects.exists()


def test_our_own_line_is_not_answered(form, line):
    assert post_form(form | {"From": line.number}).status_code == 200
    assert InboundText.objects.get().sender == line.number
    assert not Message.objects.exists()


def test_a_text_to_a_number_that_is_no_line_goes_to_the_default_line(form, line):
    assert post_form(form | {"To": "+819002101234"}).status_code == 200
    assert InboundText.objects.get().line == line
    assert Message.objects.get().line == line


def test_without_any_line_the_text_is_kept(form, line):
    line.delete()
    assert post_form(form).status_code == 200
    assert InboundText.objects.get().line is None
    assert not Message.objects.exists()


def test_a_text_that_no_database_can_hold_whole_is_cut_not_lost(form):
    assert post_form(form | {"Body": "\0" + "あ" * 5000}).status_code == 200
    assert InboundText.objects.get().body == "あ" * 1600


def test_without_a_database_the_text_is_to_be_brought_again(form):
    def refuse(execute, sql, params, many, context):
        raise OperationalError("the database is away")

    with connection.execute_wrapper(refuse):
        assert post_form(form).status_code == 503
    assert nothing_was_kept()
    assert post_form(form).status_code == 200


def test_nothing_of_the_text_is_left_when_its_effect_fails(form, handset, program, shibukawa):
    make.make_course(program=program, code="5205")
    phone = handset()
    make.make_person(town=shibukawa, phone=phone.number)
    phone.send("5205")

    def refuse(execute, sql, params, many, context):
        if "class_sessions_notice" in sql and sql.startswith("INSERT"):
            raise OperationalError("the disk is full")
        return execute(sql, params, many, context)

    yes = phone.form("1")
    with connection.execute_wrapper(refuse):
        assert post_form(yes).status_code == 503
    assert not Registration.objects.exists()
    assert post_form(yes).status_code == 200
    assert Registration.objects.get().is_confirmed


@pytest.mark.parametrize("broken", ["class_sessions_notice", "messaging_message"])
def test_a_text_that_cannot_be_acted_on_is_kept_and_given_to_staff(handset, program, shibukawa, caplog, broken):
    make.make_course(program=program, code="5205")
    phone = handset()
    make.make_person(town=shibukawa, phone=phone.number)
    phone.send("5205")

    def fail(execute, sql, params, many, context):
        if broken in sql and sql.startswith("INSERT"):
            raise ValueError(f"{phone.number} wrote はい、参加します")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail):
        assert post_form(phone.form("はい、参加します")).status_code == 200
    assert InboundText.objects.filter(body="はい、参加します").exists()
    assert not Registration.objects.exists()
    assert (phone.talk.hand_over_reason, phone.talk.question) == ("failed", "")
    assert (phone.templates[-1] == "reply_handed_over") == (broken == "class_sessions_notice")
    assert "ValueError at" in caplog.text
    assert "参加" not in caplog.text
    assert phone.number not in caplog.text


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_the_same_text_brought_many_times_at_once_counts_once(handset, program, shibukawa):
    course = make.make_course(program=program, code="5205")
    phone = handset()
    make.make_person(town=shibukawa, phone=phone.number)
    phone.send("5205")
    yes = phone.form("1")
    results = run_at_once([lambda: post_form(yes).status_code for _ in range(16)], lanes=8)
    assert results == [200] * 16
    assert course.registrations.count() == 1
    assert phone.templates == ["reply_read_back", "confirmed"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_two_different_texts_of_one_number_are_acted_on_one_after_the_other(handset, program, shibukawa):
    course = make.make_course(program=program, code="5205")
    phone = handset()
    make.make_person(town=shibukawa, phone=phone.number)
    phone.send("5205")
    texts = [phone.form("1") for _ in range(8)]
    results = run_at_once([lambda form=form: post_form(form).status_code for form in texts], lanes=8)
    assert results == [200] * 8
    assert course.registrations.count() == 1


def test_a_text_costs_the_same_however_many_have_registered(handset, program, shibukawa):
    course = make.make_course(program=program, code="5205", capacity=40)

    def cost(phone, body: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert post_form(phone.form(body)).status_code == 200
        return len([query for query in captured if "SAVEPOINT" not in query["sql"]])

    def costs(number: str) -> dict[str, int]:
        phone = handset(number)
        make.make_person(town=shibukawa, phone=number)
        phone.send("1")
        return {body: cost(phone, body) for body in ("ヘルプ", "5205", "1", "確認", "取消し", "はい")}

    assert costs("090-0310-0408") == {"ヘルプ": 7, "5205": 17, "1": 26, "確認": 10, "取消し": 10, "はい": 29}
    for _ in range(30):
        make.make_registration(course=course)
    assert costs("090-0310-0409") == {"ヘルプ": 7, "5205": 17, "1": 26, "確認": 10, "取消し": 10, "はい": 29}
