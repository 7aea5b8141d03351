"""Sales channels by the API: renamed and closed as they were read."""

import pytest

from colisage.network.models import Channel
from tests.books import balanced
from tests.cast import World
from tests.program import Make, code_of, program, stranger

__all__ = ["balanced", "program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")
MAY = ("network:read", "network:write")


def test_a_channel_is_renamed_and_closed_as_it_was_read(world: World, program: Make) -> None:
    ask = program(*MAY)
    before = ask.get("channels/shop")
    assert (before.json()["name"], before.json()["active"]) == ("Boutique", True)
    wanted = {"name": " Boutique en ligne ", "active": False}
    assert code_of(ask.send("PUT", "channels/shop", wanted)) == (428, "etag_needed")
    after = ask.send("PUT", "channels/shop", wanted, If_Match=before.headers["ETag"])
    assert (after.status_code, after.json()["name"], after.json()["active"]) == (200, "Boutique en ligne", False)
    assert after.headers["ETag"] == ask.get("channels/shop").headers["ETag"]
    again = ask.send("PUT", "channels/shop", wanted, If_Match=before.headers["ETag"])
    assert code_of(again) == (412, "etag_differs")
    assert code_of(ask.send("PUT", "channels/shop", {"name": "  ", "active": True}, If_Match="*"))[0] == 422
    assert Channel.objects.get(pk=world.channel.pk).name == "Boutique en ligne"


def test_nobody_changes_a_channel_without_the_scope_or_of_another_merchant(program: Make, stranger: Make) -> None:
    wanted = {"name": "Mine", "active": False}
    assert code_of(program("network:read").send("PUT", "channels/shop", wanted, If_Match="*")) == (401, "unauthorized")
    assert code_of(stranger(*MAY).get("channels/shop")) == (404, "not_there")
    assert code_of(stranger(*MAY).send("PUT", "channels/shop", wanted, If_Match="*")) == (404, "not_there")
    assert not Channel.objects.filter(name="Mine").exists()
