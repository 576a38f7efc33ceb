"""The page of papers in a browser: wide, narrow and without scripts; each paper it offers opens."""

import pytest
from django.urls import reverse

from sessions.paper import print_sheet
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_every_paper_the_page_offers_opens(new_visitor, program, staff):
    course = make.make_course(program=program, session_count=2)
    make.make_registration(course=course)
    print_sheet(course.class_sessions.first(), by=staff)
    for width, javascript in ((1366, True), (390, False)):
        visitor = new_visitor(width=width, javascript=javascript)
        visitor.sign_in(staff)
        page = visitor.visit(reverse("sessions:papers", args=[course.pk]))
        links = [link.get_attribute("href") for link in page.locator("main .act a").all()]
        forms = page.locator("main form.act")
        assert (len(links), forms.count()) == (18, 2)
        for href in links if javascript else links[:1]:
            answer = visitor.context.request.get(visitor.base_url + href)
            assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
