"""Busy times of a venue: any calendar file is read or refused in one sentence, and no class is put into them."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation

from accounts.models import AuditEntry
from sessions import busy_files
from sessions.busy import Imported, import_busy
from sessions.busy_files import TOKYO, Unreadable, read_busy
from sessions.changes import move_session
from sessions.models import BusyCalendar, BusyTime, ClassSession
from sessions.planning import Problem, venue_is_taken
from tests import make

FROM, UNTIL = datetime(2026, 10, 25, tzinfo=TOKYO), datetime(2027, 12, 29, tzinfo=TOKYO)
TEN = ("DTSTART:20261204T100000", "DTEND:20261204T110000")
OUTLOOK = (
    *("BEGIN:VTIMEZONE", "TZID:Customized", "BEGIN:STANDARD", "DTSTART:19700101T000000"),
    *("TZOFFSETFROM:+0900", "TZOFFSETTO:+0900", "END:STANDARD", "END:VTIMEZONE"),
)
FREE_BUSY = (
    *("BEGIN:VFREEBUSY", "UID:f", "DTSTAMP:20261101T000000Z"),
    "FREEBUSY:20261204T010000Z/20261204T020000Z,20261205T010000Z/PT1H",
    *("FREEBUSY;FBTYPE=FREE:20261206T010000Z/PT1H", "END:VFREEBUSY"),
)


@pytest.fixture(autouse=True)
def in_english(in_japanese):
    with translation.override("en"):
        yield


def calendar(*lines: str) -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *lines, "END:VCALENDAR", ""]).encode()


def event(*lines: str, uid: str = "a", title: str = "定例会") -> list[str]:
    return ["BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{title}", *lines, "END:VEVENT"]


def read(*lines: str) -> list[str]:
    spans = read_busy(calendar(*lines), start=FROM, end=UNTIL)
    assert isinstance(spans, list), spans
    return [f"{first:%m%d %H}-{last:%m%d %H}" for first, last in spans]


@pytest.mark.parametrize(
    ("lines", "spans"),
    [
        (TEN, ["1204 10-1204 11"]),
        (("DTSTART:20261204T010000Z", "DURATION:PT2H"), ["1204 10-1204 12"]),
        (("DTSTART;TZID=Tokyo Standard Time:20261204T100000", "DURATION:PT1H"), ["1204 10-1204 11"]),
        (("DTSTART;TZID=America/New_York:20261204T100000", "DURATION:PT1H"), ["1205 00-1205 01"]),
        (("DTSTART;VALUE=DATE:20261204",), ["1204 00-1205 00"]),
        (("DTSTART;VALUE=DATE:20261204", "DTEND;VALUE=DATE:20261207"), ["1204 00-1207 00"]),
        ((*TEN, "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE:20261211T100000"), ["1204 10-1204 11", "1218 10-1218 11"]),
        ((*TEN, "RRULE:FREQ=DAILY;UNTIL=20261205T100000"), ["1204 10-1204 11", "1205 10-1205 11"]),
        ((*TEN, "RDATE:20261206T150000"), ["1204 10-1204 11", "1206 15-1206 16"]),
        ((*TEN, "TRANSP:TRANSPARENT"), []),
        ((*TEN, "STATUS:CANCELLED"), []),
        (("DTSTART:20261204T100000",), []),
        (("DTSTART:19990101T000000", "DTEND:20350101T000000"), ["1025 00-1229 00"]),
    ],
)
def test_an_event_is_read_as_it_is_meant(lines, spans):
    assert read(*event(*lines)) == spans


def test_a_changed_and_a_cancelled_occurrence_are_followed():
    series = event(*TEN, "RRULE:FREQ=DAILY;COUNT=3")
    later = event("RECURRENCE-ID:20261205T100000", "DTSTART:20261205T150000", "DTEND:20261205T160000")
    off = event("RECURRENCE-ID:20261206T100000", *TEN, "STATUS:CANCELLED")
    assert read(*series, *later, *off) == ["1204 10-1204 11", "1205 15-1205 16"]


def test_a_time_zone_that_the_file_defines_and_free_busy_lists_are_read():
    own = ("DTSTART;TZID=Customized:20261204T100000", "DTEND;TZID=Customized:20261204T110000")
    assert read(*OUTLOOK, *event(*own)) == ["1204 10-1204 11"]
    assert read(*FREE_BUSY) == ["1204 10-1204 11", "1205 10-1205 11"]


def test_an_endless_series_goes_as_far_as_the_horizon():
    assert len(read(*event(*TEN, "RRULE:FREQ=DAILY"))) == (UNTIL - datetime(2026, 12, 4, tzinfo=TOKYO)).days


def test_an_old_shift_jis_file_and_a_byte_order_mark_are_read():
    written = calendar(*event(*TEN)).decode()
    for data in (written.encode("cp932"), written.encode("utf-8-sig")):
        assert len(read_busy(data, start=FROM, end=UNTIL)) == 1


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        (b"", "This file is not a calendar (.ics)."),
        (b"name,date\r\n", "This file is not a calendar (.ics)."),
        (b"BEGIN:VCALENDAR\r\n???\r\nEND:VCALENDAR", "This file is not a calendar (.ics)."),
        (calendar(*event(*TEN))[:-30], "The calendar file ends too early. Please fetch it once more."),
        (calendar(*["BEGIN:VEVENT"] * 50), "The calendar file ends too early. Please fetch it once more."),
        (("RRULE:FREQ=OFTEN",), "In “定例会” the line RRULE cannot be read."),
        (("RRULE:",), "In “定例会” the line RRULE cannot be read."),
        (("RRULE:FREQ=DAILY;INTERVAL=0",), "In “定例会” the line RRULE cannot be read."),
        (("RRULE:FREQ=DAILY;BYHOUR=99",), "The repetitions of “定例会” cannot be worked out."),
        (("RRULE:FREQ=SECONDLY",), "“定例会” repeats within a day. Please enter it day by day."),
        (("RRULE:FREQ=HOURLY",), "“定例会” repeats within a day. Please enter it day by day."),
        (
            ("RRULE:FREQ=DAILY;BYHOUR=1,2;BYSECOND=1",),
            "“定例会” repeats within a day. Please enter it day by day.",
        ),
        (("EXDATE;TZID=Mars/Base:20261204T100000",), "“定例会” is in a time zone that is not known: Mars/Base."),
    ],
)
def test_what_cannot_be_read_is_one_sentence(written, sentence):
    data = written if isinstance(written, bytes) else calendar(*event(*TEN, *written))
    assert read_busy(data, start=FROM, end=UNTIL) == Unreadable(sentence)


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (("DTSTART;TZID=Mars/Base:20261204T100000",), "“定例会” is in a time zone that is not known: Mars/Base."),
        (("DTSTART:2026",), "In “定例会” the line DTSTART cannot be read."),
        (("DTSTART:20261204T110000", "DTEND:20261204T100000"), "“定例会” ends before it begins."),
        ((), "“定例会” has no beginning."),
    ],
)
def test_times_that_mean_nothing_are_named(lines, sentence):
    assert read_busy(calendar(*event(*lines)), start=FROM, end=UNTIL) == Unreadable(sentence)


def test_more_times_than_anybody_keeps_are_refused(monkeypatch):
    monkeypatch.setattr(busy_files, "MOST_TIMES", 20)
    refused = Unreadable("There are more than 20 times in this calendar.")
    assert read_busy(calendar(*event(*TEN, "RRULE:FREQ=DAILY")), start=FROM, end=UNTIL) == refused


def test_rules_that_are_not_worked_out_in_time_are_refused(monkeypatch):
    monkeypatch.setattr(busy_files, "MOST_SECONDS", -1)
    refused = Unreadable("The repetitions of “定例会” take too long to work out.")
    assert read_busy(calendar(*event(*TEN)), start=FROM, end=UNTIL) == refused


@pytest.fixture
def venue(shibukawa):
    return make.make_venue(town=shibukawa)


@pytest.mark.django_db
def test_a_file_read_in_again_replaces_what_was_there_and_the_same_one_changes_nothing(venue, staff, clock):
    first = calendar(*event(*TEN, "RRULE:FREQ=DAILY;COUNT=3"))
    assert import_busy(venue, name="予約", written=first, by=staff).times == 3
    again = import_busy(venue, name="予約", written=first, by=staff)
    assert (again.is_repeat, AuditEntry.objects.filter(act="busy.imported").count()) == (True, 1)
    import_busy(venue, name="別室", written=first, by=staff)
    import_busy(venue, name="予約", written=calendar(*event(*TEN)), by=staff)
    assert {each.name: each.times.count() for each in venue.busy_calendars.all()} == {"予約": 1, "別室": 3}


@pytest.mark.django_db
def test_the_same_file_is_worked_out_further_on_a_later_day(venue, staff):
    written = calendar(*event(*TEN, "RRULE:FREQ=DAILY"))
    for day, last in (("2026-11-24", "2027-12-28"), ("2027-02-01", "2028-03-06")):
        with time_machine.travel(f"{day} 10:00+09:00", tick=False):
            assert import_busy(venue, name="予約", written=written, by=staff).is_repeat is False
        assert timezone.localdate(BusyTime.objects.latest("starts_at").starts_at).isoformat() == last


@pytest.mark.django_db
def test_a_bad_file_leaves_the_earlier_times_as_they_were(venue, staff, clock):
    import_busy(venue, name="予約", written=calendar(*event(*TEN)), by=staff)
    bad = calendar(*event(*TEN, uid="b"), *event(*TEN, "RRULE:FREQ=OFTEN"))
    assert isinstance(import_busy(venue, name="予約", written=bad, by=staff), Unreadable)
    assert (BusyTime.objects.count(), BusyCalendar.objects.count()) == (1, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("begin", "end", "taken"), [(9, 10, False), (9, 11, True), (11, 13, True), (12, 13, False)]
)
def test_no_class_is_put_into_busy_times_but_one_may_begin_when_they_end(venue, program, staff, begin, end, taken):
    make.make_busy_calendar(venue=venue, times=((make.in_days(20), make.in_days(20, hour=12)),))
    times = [(make.in_days(20, hour=begin), make.in_days(20, hour=end))]
    assert venue_is_taken(venue, times, except_for=None) is taken
    assert venue_is_taken(make.make_venue(town=program.lead), times, except_for=None) is False
    session = make.make_course(program=program).class_sessions.get()
    outcome = move_session(session, starts_at=times[0][0], ends_at=times[0][1], venue=venue, by=staff)
    assert (outcome == Problem.VENUE_TAKEN) is taken


@pytest.fixture
def upload(clock, at_desk, staff, venue):
    client = at_desk(staff)

    def send(written: bytes, name: str = "予約"):
        file = SimpleUploadedFile("hall.ics", written, content_type="text/calendar")
        return client.post(f"/staff/venues/{venue.pk}/busy/import/", {"name": name, "file": file}, follow=True)

    return send


@pytest.mark.django_db
def test_a_coordinator_reads_a_calendar_in_and_removes_it(upload, venue, at_desk, staff, clock):
    page = upload(calendar(*event(*TEN, title="山田さん送別会"))).content.decode()
    assert "Read in. Times when the venue is taken: 1" in page
    assert "山田" not in page
    at_desk(staff).post(f"/staff/busy/{venue.busy_calendars.get().pk}/remove/")
    assert BusyTime.objects.count() == 0


@pytest.mark.django_db
def test_a_file_of_fifty_megabytes_is_refused_before_it_is_read(upload):
    page = upload(b"BEGIN:VCALENDAR" + b" " * (50 * 1024 * 1024)).content.decode()
    assert "The file is larger than 1 MB. Please export a shorter period." in page
    assert BusyCalendar.objects.count() == 0


@pytest.mark.django_db
def test_what_is_wrong_with_a_file_stands_beside_the_field(upload):
    assert (
        "“定例会” ends before it begins."
        in upload(calendar(*event("DTSTART:20261204T110000", "DTEND:20261204T100000"))).content.decode()
    )


@pytest.mark.django_db
def test_sessions_planned_before_are_shown(upload, venue, program, clock):
    course = make.make_course(program=program, venue=venue, title="先に決めた講座", starts_at=make.in_days(10))
    assert "先に決めた講座" in upload(calendar(*event(*TEN))).content.decode()
    assert ClassSession.objects.get(course=course).is_cancelled is False


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 300])
def test_the_page_asks_the_same_number_of_queries(at_desk, staff, venue, count, django_assert_num_queries):
    hour = timedelta(hours=1)
    make.make_busy_calendar(
        venue=venue,
        times=tuple((make.in_days(1) + n * hour, make.in_days(1) + (n + 1) * hour) for n in range(count)),
    )
    client = at_desk(staff)
    with django_assert_num_queries(7):
        assert client.get(f"/staff/venues/{venue.pk}/busy/").status_code == 200


def test_an_outcome_is_told_from_a_refusal():
    assert not Unreadable("x")
    assert Imported(BusyCalendar(), 0)
