"""A group's request, from the telephone to the count of those who came, in a real browser."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from sessions.models import Headcount, OutreachRequest
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [390, 1366])
def test_a_request_is_written_down_planned_and_counted(new_visitor, staff, program, shibukawa, width):
    make.make_curriculum(title="はじめてのスマホ")
    make.make_outreach(program=program, town=shibukawa, group="栄町町内会", group_kind="neighbours")
    visitor = new_visitor(width=width)
    page = visitor.page
    visitor.sign_in(staff)
    visitor.visit(reverse("sessions:outreach_list"))
    page.locator(".desk-head a.btn").click()
    visitor.check()
    visitor.picture("outreach-new")
    page.fill("#id_group", "渋川寿会")
    page.select_option("#id_group_kind", "seniors")
    page.fill("#id_contact_name", "堀口")
    page.fill("#id_contact_phone", "0279-00-0477")
    page.fill("#id_people", "14")
    page.fill("#id_place", "第三集会所")
    page.locator("main form.stack .btn").click()
    visitor.check()
    visitor.picture("outreach-asked")
    page.locator(".desk-head a.btn").click()
    visitor.check()
    page.fill("#id_first_at", make.in_days(10).strftime("%Y-%m-%dT%H:%M"))
    visitor.picture("outreach-plan")
    page.locator("main form.stack .btn").click()
    visitor.check()
    request = OutreachRequest.objects.get(group="渋川寿会")
    assert request.is_planned
    start = timezone.now() - timedelta(hours=1)
    request.course.class_sessions.update(starts_at=start, ends_at=start + timedelta(hours=2))
    visitor.visit(reverse("sessions:outreach", args=[request.pk]))
    page.fill("#id_people", "13")
    page.locator("main form.stack .btn").click()
    visitor.check()
    visitor.picture("outreach-counted")
    assert Headcount.objects.get().people == 13
    visitor.visit(reverse("sessions:outreach_list"))
    visitor.picture("outreach-list")
    visitor.visit(reverse("sessions:course", args=[request.course_id]))
    visitor.picture("outreach-course")
