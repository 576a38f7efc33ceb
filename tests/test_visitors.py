"""What the browser tests rely on: a visitor notices what is wrong with a page."""

import pytest

from tests.browser_fixtures import assert_accessible

pytestmark = pytest.mark.browser


def test_the_sign_in_page_opens_on_a_phone_and_without_javascript(new_visitor):
    for javascript in (True, False):
        visitor = new_visitor(width=390, javascript=javascript)
        visitor.visit("/accounts/login/")
        visitor.assert_content()


def test_a_visitor_notices_a_page_that_cannot_be_read_aloud(visitor):
    page = visitor.visit("/accounts/login/")
    page.evaluate("document.body.append(document.createElement('input'))")
    with pytest.raises(AssertionError, match="label"):
        assert_accessible(page)


def test_a_visitor_notices_an_inline_script(visitor):
    page = visitor.visit("/accounts/login/")
    page.evaluate(
        "const script = document.createElement('script'); script.text = '1'; document.body.append(script)"
    )
    with pytest.raises(AssertionError, match="Content Security Policy"):
        visitor.assert_content()
    visitor.errors.clear()


def test_a_visitor_notices_a_page_that_was_not_checked(visitor):
    visitor.page.goto("/accounts/login/")
    with pytest.raises(AssertionError, match="not checked"):
        visitor.assert_content()
    visitor.check()


def test_a_refusal_that_is_expected_is_no_error(visitor):
    visitor.visit("/accounts/no-such-page/", status=404)
    visitor.assert_content()
