"""Buttons pressed after the session is over, and their addresses opened as pages."""

from typing import Any

import pytest
from django.test import Client

from tests.cast import World

BUTTON = "/orders/7/hold"


@pytest.mark.parametrize(
    ("page", "back"),
    [
        ("http://testserver/orders/7?x=1", "/orders/7%3Fx%3D1"),
        ("http://elsewhere.example/orders/7", "/"),
        ("", "/"),
    ],
)
@pytest.mark.django_db
def test_who_logs_in_again_is_back_on_the_page_of_the_button(client: Client, page: str, back: str) -> None:
    answer = client.post(BUTTON, {"reason": "x"}, headers={"referer": page})
    assert (answer.status_code, answer["Location"]) == (302, f"/people/log-in?next={back}")


@pytest.mark.django_db
def test_a_page_is_come_back_to_as_before(client: Client) -> None:
    answer = client.get("/orders/7", headers={"referer": "http://testserver/elsewhere"})
    assert answer["Location"] == "/people/log-in?next=/orders/7"


def test_the_address_of_a_button_opened_as_a_page_says_what_it_is(world: World, enter: Any) -> None:
    answer = enter(world.chen).get(BUTTON)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    told = answer.content.decode()
    assert "This address opens no page." in told
    assert "Cette adresse n’ouvre pas de page." in told
