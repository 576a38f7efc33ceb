"""A coordinator reads the calendar of a hall in and gets an address for their own; every page is checked."""

import pytest
from django.urls import reverse

from sessions.models import BusyTime, FeedToken
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_calendars_come_in_and_go_out(visitor_on_a_phone, program, staff, shibukawa):
    visitor = visitor_on_a_phone
    venue, start = make.make_venue(town=shibukawa), make.in_days(10)
    make.make_course(program=program, venue=venue, starts_at=start)
    day = f"{start:%Y%m%d}"
    event = f"BEGIN:VEVENT\r\nUID:a\r\nDTSTART:{day}T100000\r\nDTEND:{day}T110000\r\nEND:VEVENT\r\n"
    files = {"bad": "hello", "good": f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{event}END:VCALENDAR\r\n"}
    visitor.sign_in(staff)
    page = visitor.visit(reverse("sessions:busy", args=[venue.pk]))
    for text in files.values():
        page.locator("#id_name").fill("公民館の予約")
        file = {"name": "hall.ics", "mimeType": "text/calendar", "buffer": text.encode()}
        page.locator("#id_file").set_input_files(files=[file])
        page.locator("form[enctype] .btn").click()
        visitor.check()
    assert BusyTime.objects.count() == 1
    visitor.visit(reverse("sessions:my_feed"))
    page.locator("main form .btn").click()
    visitor.check()
    assert FeedToken.objects.get().token in page.locator("#address").input_value()
