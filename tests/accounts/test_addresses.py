"""Addresses that nobody can mean are pages that are not here, on every database."""

import pytest
from django.test import Client


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/classes/%00/", "/?town=%00", "/?q=a%00b"])
def test_an_address_with_a_nul_is_a_page_that_is_not_here(address):
    assert Client().get(address).status_code == 404
