"""Interchanges over the API: sent as they are, acknowledged in the answer, once."""

import pytest
from tests.cast import World
from tests.connectors.edi.conftest import orders, x12, x850
from tests.connectors.shops import read
from tests.program import Make, code_of, program, stranger

from colisage.connectors.models import Connection, Interchange
from colisage.orders.models import Order

__all__ = ["program", "stranger"]
MAY = ("orders:read", "orders:write", "customers:read")
DOOR = "channels/shop/interchanges"


def test_an_interchange_is_sent_and_acknowledged_and_its_orders_are_found(
    connection: Connection, program: Make
) -> None:
    ask = program(*MAY)
    answer = ask.send("POST", DOOR, x12(x850("A"), x850("B", control="0002")))
    assert answer.status_code == 202, answer.content
    [made] = answer.json()["items"]
    assert (made["state"], made["sender"], made["standard"]) == ("taken", "HOTELARTS", "x12")
    assert "AK9*A*2*2*2" in made["acknowledgement"]
    assert [(one["kind"], one["state"]) for one in made["messages"]] == [("850", "waiting"), ("850", "waiting")]
    read(connection)
    told = ask.read(f"interchanges/{made['id']}")
    assert {one["order_id"] for one in told["messages"]} == set(Order.objects.values_list("pk", flat=True))
    assert len(told["messages"]) == Order.objects.count() == 2
    assert [one["id"] for one in ask.every("interchanges", channel="shop", text="HOTELARTS")] == [made["id"]]


def test_the_same_bytes_again_are_the_same_interchange(connection: Connection, program: Make) -> None:
    ask, body = program(*MAY), x12(x850("A"))
    first = ask.send("POST", DOOR, body).json()["items"][0]
    again = ask.send("POST", DOOR, body).json()["items"][0]
    assert (again["id"], again["times"]) == (first["id"], 2)
    assert Interchange.objects.get().channel_id == connection.channel_id


def test_a_refused_interchange_is_told_and_taken_all_the_same_or_set_aside(
    connection: Connection, program: Make, stranger: Make
) -> None:
    ask = program(*MAY)
    other = ask.send("POST", DOOR, x12(x850("A"), receiver="OTHERS")).json()["items"][0]
    assert (other["state"], other["code"]) == ("refused", "not_for_us")
    path = f"interchanges/{other['id']}"
    for method, door in (("GET", path), ("POST", f"{path}/take"), ("POST", f"{path}/set-aside")):
        assert code_of(stranger(*MAY).send(method, door)) == (404, "not_there")
    assert ask.read("interchanges", channel="shop")["items"][0]["code"] == "not_for_us"
    assert ask.post(f"{path}/set-aside").json()["outcome"] == "set_aside"
    assert ask.post(f"{path}/set-aside").json()["outcome"] == "unchanged"
    assert ask.post(f"{path}/take").json()["state"] == "taken"
    assert code_of(ask.post(f"{path}/take")) == (409, "nothing_to_take")
    assert connection.pk


@pytest.mark.parametrize(("body", "state"), [("hello", "refused"), ("\n".join(orders("A")), "refused"), (" ", None)])
def test_what_is_no_interchange_is_kept_as_refused(
    connection: Connection, program: Make, body: str, state: str | None
) -> None:
    answer = program(*MAY).send("POST", DOOR, body)
    assert connection.pk
    assert answer.status_code == (422 if state is None else 202)
    assert [one.state for one in Interchange.objects.all()] == ([state] if state else [])


def test_a_channel_that_does_not_speak_edi_is_not_there(balanced: World, program: Make) -> None:
    assert balanced.channel.code == "shop"
    assert code_of(program(*MAY).send("POST", DOOR, x12(x850("A")))) == (404, "not_there")
