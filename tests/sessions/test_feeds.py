"""Calendar feeds: what stands in them, who may read them, and that nothing old is served for new."""

from datetime import timedelta

import pytest
import vobject
from django.test import Client
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import parse_http_date
from icalendar import Calendar

from programs.models import Partnership
from sessions.changes import call_off, call_off_session, move_session
from sessions.feed_tokens import make_token
from sessions.models import ClassSession, Course, EventText, FeedToken, StaffDuty
from sessions.planning import publish
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
FEED = "/calendar/municipality/102083.ics"


@pytest.fixture
def anybody() -> Client:
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def course(program, shibukawa) -> Course:
    venue = make.make_venue(
        town=shibukawa, name="中央公民館", room="研修室", address="石原6-1", latitude=36.4895, longitude=139.0005
    )
    return make.make_course(program=program, title="安全に使う", code="5205", venue=venue)


def events(client: Client, path: str = FEED) -> dict[str, dict[str, str]]:
    """The events of a feed by UID, as a reader that is not the writer understands them."""
    response = client.get(path)
    assert response.status_code == 200
    calendar = vobject.readOne(response.content.decode())
    return {
        event.uid.value: {child.name.lower(): child.value for child in event.getChildren()}
        for event in calendar.contents.get("vevent", [])
    }


def only(client: Client, path: str = FEED) -> dict[str, str]:
    [event] = events(client, path).values()
    return event


def own(user) -> str:
    return f"/calendar/{make_token(user).token}.ics"


def test_an_event_says_what_when_where_and_whom_to_telephone(anybody, course, settings):
    settings.PUBLIC_BASE_URL = "https://engawa.example.jp"
    session = course.class_sessions.get()
    event = only(anybody)
    assert event["uid"] == str(session.uid)
    assert (event["dtstart"], event["dtend"]) == (session.starts_at, session.ends_at)
    assert event["dtstart"].utcoffset() == timedelta(hours=9)
    assert event["summary"] == "安全に使う（教室番号 5205）"
    assert event["location"] == "中央公民館 研修室（渋川市石原6-1）"
    assert event["geo"] == "36.4895;139.0005"
    assert event["url"] == "https://engawa.example.jp/classes/5205/"
    assert event["status"] == "CONFIRMED"
    assert event["description"] == (
        "お申し込み・お問い合わせ: 渋川市 高齢福祉課 電話 0279-00-0201（平日 9時～17時）\n"
        "お電話では教室番号 5205 とお伝えください。"
    )


def test_the_file_keeps_to_the_standard(anybody, course):
    Course.objects.update(
        title="髙﨑さんと学ぶ、はじめてのスマートフォン; 写真を撮って\\送る、その後で困ったことを相談する会です"
    )
    response = anybody.get(FEED)
    lines = response.content.split(b"\r\n")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-2:] == [b"END:VCALENDAR", b""]
    assert max(len(line) for line in lines) <= 75
    assert all(line.decode() is not None and b"\n" not in line for line in lines)
    for line in (b"VERSION:2.0", b"BEGIN:VTIMEZONE", b"TZID:Asia/Tokyo", b"REFRESH-INTERVAL;VALUE=DURATION:PT1H"):
        assert lines.count(line) == 1
    assert any(line.startswith(b"DTSTART;TZID=Asia/Tokyo:") for line in lines)
    assert str(Calendar.from_ical(response.content).events[0]["summary"]).startswith("髙﨑さん")


def test_the_words_are_japanese_and_the_bytes_the_same_whoever_asks_and_when(anybody, course, clock):
    before = anybody.get(FEED)
    clock.shift(timedelta(days=1))
    after = Client(headers={"accept-language": "ja"}).get(FEED)
    assert (after.content, after["ETag"]) == (before.content, before["ETag"])
    assert before["Content-Language"] == "ja"


def test_a_moved_session_keeps_its_uid_and_counts_up(anybody, course, staff, clock):
    session = course.class_sessions.get()
    before = only(anybody)
    clock.shift(timedelta(hours=1))
    start = session.starts_at + timedelta(days=1)
    move_session(session, starts_at=start, ends_at=start + timedelta(hours=2), venue=session.venue, by=staff)
    after = only(anybody)
    assert (after["uid"], int(after["sequence"])) == (before["uid"], int(before["sequence"]) + 1)
    assert after["dtstart"] == start
    assert after["dtstamp"] == after["last-modified"] == timezone.now()


def test_a_session_called_off_stays_sixty_days_as_cancelled(anybody, program, staff, clock):
    course = make.make_course(program=program, starts_at=make.in_days(90), session_count=2)
    first = course.class_sessions.first()
    call_off_session(first, reason="大雪", by=staff)
    event = events(anybody)[str(first.uid)]
    assert (event["status"], event["sequence"]) == ("CANCELLED", "1")
    assert event["summary"].startswith("【中止】")
    assert "大雪" not in anybody.get(FEED).content.decode()
    clock.shift(timedelta(days=59))
    assert len(events(anybody)) == 2
    clock.shift(timedelta(days=1, seconds=1))
    assert [event["status"] for event in events(anybody).values()] == ["CONFIRMED"]


def test_a_course_called_off_leaves_a_cancelled_event_for_each_session(anybody, program, staff):
    call_off(make.make_course(program=program, session_count=3), reason="講師急病", by=staff)
    assert [event["status"] for event in events(anybody).values()] == ["CANCELLED"] * 3


def test_sessions_of_a_series_are_numbered_events(anybody, program):
    make.make_course(program=program, title="入門", code="5206", session_count=2)
    titles = {event["summary"] for event in events(anybody).values()}
    assert titles == {"入門 第1回（全2回）（教室番号 5206）", "入門 第2回（全2回）（教室番号 5206）"}


def test_what_was_held_a_year_ago_is_gone(anybody, course, clock):
    clock.shift(timedelta(days=300))
    assert len(events(anybody)) == 1
    clock.shift(timedelta(days=100))
    assert events(anybody) == {}


def test_four_digits_that_were_given_back_are_not_printed(anybody, course):
    Course.objects.update(code_released_at=timezone.now())
    event = only(anybody)
    assert event["summary"] == "安全に使う"
    assert "url" not in event
    assert "5205" not in event["description"]


def test_drafts_and_classes_for_a_group_are_not_public(anybody, program):
    make.make_course(program=program, published_at=None)
    make.make_course(program=program, is_listed=False)
    assert events(anybody) == {}


def test_a_town_gets_what_it_leads_holds_or_takes_part_in(anybody, program, shibukawa, yoshioka, takasaki):
    led = make.make_course(program=program)
    joined = make.make_course(program=make.make_program(lead=takasaki, partners=(shibukawa,)))
    held = make.make_course(program=make.make_program(lead=takasaki), host=shibukawa)
    invited = make.make_program(lead=takasaki)
    Partnership.objects.create(program=invited, municipality=shibukawa, state=Partnership.State.INVITED)
    make.make_course(program=invited)
    uids = {str(course.class_sessions.get().uid) for course in (led, joined, held)}
    assert set(events(anybody)) == uids
    assert set(events(anybody, "/calendar/municipality/103454.ics")) == {str(led.class_sessions.get().uid)}


def test_a_code_of_no_town_is_not_found(anybody, shibukawa):
    assert anybody.get("/calendar/municipality/999999.ics").status_code == 404
    assert anybody.get("/calendar/municipality/.ics").status_code == 404


def test_no_resident_stands_in_a_feed(anybody, course, shibukawa, staff):
    person = make.make_person(town=shibukawa, name="佐藤 文", kana="サトウ フミ")
    make.make_registration(course=course, person=person)
    for path in (FEED, own(staff)):
        text = anybody.get(path).content.decode().replace("\r\n ", "")
        assert [word for word in ("佐藤", "サトウ", person.contact_points.get().number[-4:]) if word in text] == []


CHANGES = {
    "published": lambda course, staff: publish(
        make.make_course(program=course.program, published_at=None), by=staff
    ),
    "moved": lambda course, staff: move_session(
        course.class_sessions.get(),
        starts_at=make.in_days(20),
        ends_at=make.in_days(20, hour=12),
        venue=course.class_sessions.get().venue,
        by=staff,
    ),
    "called off": lambda course, staff: call_off(course, reason="大雪", by=staff),
    "title": lambda course, staff: Course.objects.update(title="別の題"),
    "number given back": lambda course, staff: Course.objects.update(code_released_at=timezone.now()),
    "unlisted": lambda course, staff: Course.objects.update(is_listed=False),
    "venue": lambda course, staff: type(course.class_sessions.get().venue).objects.update(name="新しい公民館"),
    "place": lambda course, staff: type(course.class_sessions.get().venue).objects.update(latitude=36.1),
    "town's telephone": lambda course, staff: type(course.host).objects.update(phone="0279000299"),
    "town's hours": lambda course, staff: type(course.host).objects.update(hours=""),
    "deleted": lambda course, staff: ClassSession.objects.all().delete(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_whatever_changes_is_told_by_the_etag_and_served(anybody, course, staff, change):
    before = anybody.get(FEED)
    assert anybody.get(FEED, headers={"if-none-match": before["ETag"]}).status_code == 304
    change(course, staff)
    after = anybody.get(FEED, headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200
    assert after["ETag"] != before["ETag"]
    EventText.objects.all().delete()
    assert anybody.get(FEED).content == after.content != before.content


def test_a_change_begun_before_and_committed_after_another_is_seen(anybody, program, clock):
    """Times alone would miss it: the latest is that of the other change."""
    slow = make.make_course(program=program).class_sessions.get()
    quick = make.make_course(program=program).class_sessions.get()
    clock.shift(timedelta(minutes=2))
    ClassSession.objects.filter(pk=quick.pk).update(sequence=1, changed_at=timezone.now())
    before = anybody.get(FEED)
    a_minute_ago = timezone.now() - timedelta(minutes=1)
    ClassSession.objects.filter(pk=slow.pk).update(sequence=1, changed_at=a_minute_ago)
    assert anybody.get(FEED, headers={"if-none-match": before["ETag"]}).status_code == 200


def test_an_unchanged_feed_is_not_sent_again(anybody, course, django_assert_num_queries):
    first = anybody.get(FEED)
    with django_assert_num_queries(6):
        second = anybody.get(FEED, headers={"if-none-match": first["ETag"]})
    assert (second.status_code, second.content, second["ETag"]) == (304, b"", first["ETag"])
    assert parse_http_date(first["Last-Modified"]) == int(course.class_sessions.get().changed_at.timestamp())
    assert "max-age=300" in first["Cache-Control"]
    assert anybody.head(FEED)["ETag"] == first["ETag"]
    assert anybody.post(FEED).status_code == 405


def test_a_date_alone_never_keeps_news_back(anybody, course):
    first = anybody.get(FEED)
    course.class_sessions.get().venue.__class__.objects.update(name="新しい公民館")
    assert anybody.get(FEED, headers={"if-modified-since": first["Last-Modified"]}).status_code == 200


def test_texts_are_kept_and_one_that_is_out_of_date_is_not_served(anybody, course):
    text = anybody.get(FEED).content
    kept = EventText.objects.get()
    assert kept.text in text.decode()
    EventText.objects.update(text=kept.text.replace("安全", "危険"), stamp="0" * 32)
    assert anybody.get(FEED).content == text
    assert EventText.objects.get().text == kept.text


@pytest.mark.parametrize("count", [1, 300])
def test_queries_do_not_grow_with_the_events(anybody, program, count, django_assert_num_queries):
    venue = make.make_venue(town=program.lead)
    course = make.make_course(program=program, venue=venue)
    start = make.in_days(15)
    ClassSession.objects.bulk_create(
        ClassSession(
            course=course,
            number=number,
            starts_at=start + timedelta(hours=2 * number),
            ends_at=start + timedelta(hours=2 * number + 1),
            venue=venue,
        )
        for number in range(2, count + 1)
    )
    assert anybody.get(FEED).content.count(b"BEGIN:VEVENT") == count
    with django_assert_num_queries(10):
        anybody.get(FEED)


def test_ones_own_feed_has_the_classes_of_the_town_and_ones_duties(anybody, program, shibukawa, staff, takasaki):
    group = make.make_course(program=program, is_listed=False)
    draft = make.make_course(program=program, title="下書きの講座", published_at=None)
    make.make_course(program=program, published_at=None)
    make.make_course(program=make.make_program(lead=takasaki))
    at_draft = draft.class_sessions.get()
    make.make_duty(class_session=at_draft, town=shibukawa, user=staff, duty=StaffDuty.Duty.RECEPTION)
    found = events(anybody, own(staff))
    assert set(found) == {str(group.class_sessions.get().uid), str(at_draft.uid)}
    mine = found[str(at_draft.uid)]
    assert (mine["status"], "url" in mine, "transp" in mine) == ("TENTATIVE", False, False)
    assert mine["summary"].startswith("受付: 下書きの講座")
    assert "あなたの役割: 受付" in mine["description"]


def test_ones_duty_stands_in_ones_own_feed_alone(anybody, course, shibukawa, staff, desk):
    make.make_duty(class_session=course.class_sessions.get(), town=shibukawa, user=staff)
    assert "受付" in only(anybody, own(staff))["summary"]
    for path in (own(desk), FEED):
        assert "受付" not in only(anybody, path)["summary"]


def test_a_duty_given_or_taken_changes_the_etag_of_ones_feed(anybody, course, shibukawa, staff):
    path = own(staff)
    before = anybody.get(path)
    make.make_duty(class_session=course.class_sessions.get(), town=shibukawa, user=staff)
    assert anybody.get(path, headers={"if-none-match": before["ETag"]}).status_code == 200
    StaffDuty.objects.all().delete()
    assert anybody.get(path, headers={"if-none-match": before["ETag"]}).status_code == 304


def test_an_address_opens_one_feed_until_it_is_made_anew(anybody, course, staff):
    old, new = own(staff), own(staff)
    assert anybody.get(old).status_code == 404
    response = anybody.get(new)
    assert response.status_code == 200
    assert {"private", "no-cache"} == set(response["Cache-Control"].split(", "))
    assert FeedToken.objects.count() == 1


def test_an_address_opens_nothing_else(course, staff):
    token = make_token(staff).token
    client = Client()
    client.get(f"/calendar/{token}.ics")
    assert client.get("/staff/").status_code == 302
    for path in (f"/staff/?token={token}", "/staff/my-calendar/"):
        assert client.get(path, headers={"authorization": f"Bearer {token}"}).status_code == 302
    assert client.get(f"/receipt/{token}/").status_code == 404
    assert len(token) >= 43


def test_whoever_no_longer_works_here_has_no_feed(anybody, course, staff, desk):
    closed, left = own(staff), own(desk)
    staff.is_active = False
    staff.save()
    desk.memberships.all().delete()
    assert [anybody.get(path).status_code for path in (closed, left, "/calendar/nonsense.ics")] == [404] * 3


def test_when_it_was_last_used_is_noted_once_an_hour(anybody, course, staff, clock):
    path, first = own(staff), timezone.now()
    anybody.get(path)
    clock.shift(timedelta(minutes=59))
    anybody.get(path)
    assert FeedToken.objects.get().last_used_at == first
    clock.shift(timedelta(minutes=2))
    anybody.get(path, headers={"if-none-match": anybody.get(path)["ETag"]})
    assert FeedToken.objects.get().last_used_at == parse_datetime("2026-11-24T11:01:00+09:00")


def test_a_member_makes_an_address_makes_it_anew_and_closes_it(at_desk, desk, anybody):
    client = at_desk(desk)
    assert "You have no address yet." in client.get("/staff/my-calendar/").content.decode()
    client.post("/staff/my-calendar/new-address/")
    token = FeedToken.objects.get().token
    page = client.get("/staff/my-calendar/").content.decode()
    assert f"/calendar/{token}.ics" in page
    assert "/calendar/municipality/102083.ics" in page
    client.post("/staff/my-calendar/new-address/")
    assert anybody.get(f"/calendar/{token}.ics").status_code == 404
    client.post("/staff/my-calendar/close/")
    assert FeedToken.objects.count() == 0


def test_the_list_of_a_town_and_the_staff_pages_lead_to_the_feed(anybody, course, at_desk, staff):
    assert f'href="{FEED}"' in anybody.get("/", {"town": "102083"}).content.decode()
    assert 'href="/staff/my-calendar/"' in at_desk(staff).get("/staff/courses/").content.decode()
