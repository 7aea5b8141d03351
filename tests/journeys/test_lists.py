"""No list, search or page that is measured at 100,000 rows asks the database more often for many than for a few."""

from itertools import pairwise

import pytest
from bench._people import PERSON
from bench._rows import write
from bench.pages import PAGES, address_of
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from colisage.people.models import User

pytestmark = pytest.mark.django_db
# Of each kind of row some three: rare ones stand at n of 49 to 53, 77, 100, 500 and 1,000, suppliers at 1, 451 and 901.
FEW = ((1, 11), (20, 20), (49, 53), (77, 77), (100, 101), (451, 451), (500, 503), (901, 901), (1_000, 1_001))


def _asked(client: Client, facts: dict[str, int]) -> dict[str, int]:
    """Give the number of statements of each page."""
    found = {}
    for name, address in PAGES.items():
        with CaptureQueriesContext(connection) as caught:
            answer = client.get(address_of(address, facts=facts, rows=2, orders=10))
            assert (name, answer.status_code in {200, 302}) == (name, True)
        found[name] = len(caught)
    return found


def test_no_list_asks_more_often_for_many_rows_than_for_few() -> None:
    for first, last in FEW:
        facts = write(first, last)
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(User.objects.get(email=PERSON), backend="django.contrib.auth.backends.ModelBackend")
    _asked(client, facts)  # what a process asks once, it has asked
    few = _asked(client, facts)
    for (_first, last), (following, _last) in pairwise(FEW):
        if last + 1 < following:
            write(last + 1, following - 1)
    write(1_002, 1_200)
    many = _asked(client, facts)
    # A page with a bundle on it asks once more for its recipe: among a few rows there is one on the first page.
    assert {name: (few[name], many[name]) for name in PAGES if not few[name] - 1 <= many[name] <= few[name]} == {}
