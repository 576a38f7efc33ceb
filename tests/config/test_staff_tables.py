"""Every table of the staff pages takes whatever stands in its address."""

import pytest
from django.urls import reverse

from accounts import audit
from tests import make

TABLES = {
    "participants:people": 25,
    "sessions:courses": 25,
    "sessions:outreach_list": 25,
    "phone:threads": 25,
    "accounts:audit": 50,
    "programs:programs": 25,
    "programs:venues": 25,
    "programs:curricula": 25,
}


@pytest.fixture
def page(client, shibukawa):
    client.force_login(make.make_user(town=shibukawa, role="admin"))
    return client


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize(
    "query",
    [
        {"per_page": "-1"},
        {"per_page": "0"},
        {"per_page": "1000000"},
        {"page": "99999"},
        {"page": "-1"},
        {"page": "x"},
        {"sort": "nonsense"},
    ],
)
def test_a_table_of_the_staff_opens_whatever_its_address_says(page, program, name, query):
    response = page.get(reverse(name), query)
    assert response.status_code == 200
    assert response.context["table"].paginator.per_page == TABLES[name]


def test_a_page_past_the_last_is_the_last(page, admin_entries):
    table = page.get(reverse("accounts:audit"), {"page": "99999"}).context["table"]
    assert table.page.number == table.paginator.num_pages == 2


@pytest.fixture
def admin_entries(shibukawa):
    for _ in range(60):
        audit.record("course.planned", shibukawa, by=None, municipality=shibukawa)
