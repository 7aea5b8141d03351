"""Units kept back over the API: as safety stock at a node, and from a channel."""

from typing import Any

import pytest

from colisage.inventory.models import Availability, ChannelBuffer
from colisage.kit.models import AuditEntry
from tests.books import balanced
from tests.cast import World
from tests.program import Make, code_of, program, statements, stranger

__all__ = ["balanced", "program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")
MAY = ("stock:read", "stock:write", "network:read")


def outcomes(answer: Any) -> list[tuple[str, str, str]]:
    assert answer.status_code == 200, answer.content
    return [(one["name"], one["outcome"], one.get("code", "")) for one in answer.json()["results"]]


def test_safety_stock_is_set_level_by_level(world: World, program: Make) -> None:
    level = {"sku": "mug", "node": "LYON", "units": 6}
    sent = [
        {**level, "units": 1}, level, {"sku": "CARTE", "node": "MTL", "units": 0}, {**level, "sku": "NOPE"},
        {**level, "node": "X"}, {**level, "sku": "COFFRET"},
    ]  # fmt: skip
    ask = program(*MAY)
    first = ask.post("stock/safety", {"levels": sent}, Idempotency_Key="s1")
    assert outcomes(first) == [
        ("mug", "set", ""), ("mug", "set", ""), ("CARTE", "set", ""), ("NOPE", "refused", "not_there"),
        ("mug", "refused", "not_there"), ("COFFRET", "refused", "bundle_keeps_nothing"),
    ]  # fmt: skip
    assert ask.post("stock/safety", {"levels": sent}, Idempotency_Key="s1").content == first.content
    [item] = ask.read("stock", sku="MUG")["items"]
    assert [(node["node"], node["safety"], node["available"]) for node in item["nodes"]] == [("LYON", 6, 14)]
    deed = AuditEntry.objects.get(verb="safety_set", doc_id=world.sku("MUG").pk)
    assert deed.data == {"node": world.lyon.pk, "units": 6}
    many = [{**level, "sku": sku} for sku in ("MUG", "CARTE", "TAPIS", "LAMPE")]
    assert statements(lambda: ask.post("stock/safety", {"levels": many})) == statements(
        lambda: ask.post("stock/safety", {"levels": [{**level, "sku": "PLUME"}]})
    )


def test_what_a_channel_leaves_is_set_and_read(world: World, program: Make) -> None:
    sent = {
        "channel": "shop", "everything": 2,
        "skus": [{"sku": "mug", "units": 5}, {"sku": "CARTE", "units": 0}, {"sku": "NOPE", "units": 1}],
    }  # fmt: skip
    ask = program(*MAY)
    first = ask.post("stock/buffers", sent, Idempotency_Key="b1")
    assert outcomes(first) == [("mug", "set", ""), ("CARTE", "set", ""), ("NOPE", "refused", "not_there")]
    assert ask.post("stock/buffers", sent, Idempotency_Key="b1").content == first.content
    assert ask.read("stock/buffers", channel="shop")["everything"] == 2
    assert {one["sku"]: one["units"] for one in ask.every("stock/buffers", channel="shop", limit=1)} == {
        "MUG": 5, "CARTE": 0,
    }  # fmt: skip
    sold = {one["sku"]: one["quantity"] for one in ask.every("availability", channel="shop")}
    assert (sold["MUG"], sold["CARTE"], sold["TAPIS"]) == (15, 20, 18)
    unsaid = ask.get("availability")
    assert (code_of(unsaid), unsaid.json()["errors"][0]["pointer"]) == ((422, "malformed"), "/query/channel")
    ask.post("stock/buffers", {"channel": "shop", "skus": [{"sku": "MUG", "units": None}]})
    assert [one["sku"] for one in ask.every("stock/buffers", channel="shop")] == ["CARTE"]
    assert ask.read("stock/buffers", channel="shop")["everything"] == 2


def test_a_stranger_keeps_nothing_back(world: World, program: Make, stranger: Make) -> None:
    level = {"sku": "MUG", "node": "LYON", "units": 6}
    ask = stranger(*MAY)
    assert outcomes(ask.post("stock/safety", {"levels": [level]})) == [("MUG", "refused", "not_there")]
    assert code_of(ask.post("stock/buffers", {"channel": "shop", "everything": 9})) == (404, "unknown_channel")
    assert code_of(ask.get("stock/buffers", channel="shop")) == (404, "unknown_channel")
    for path, body in (("safety", {"levels": [level]}), ("buffers", {"channel": "shop", "everything": 1})):
        assert code_of(program("stock:read").post(f"stock/{path}", body)) == (401, "unauthorized")
    assert Availability.objects.get(sku=world.sku("MUG"), node=world.lyon).safety == 0
    assert not ChannelBuffer.objects.exists()


@pytest.mark.parametrize("units", [-1, 1_000_001, "3", 1.5, None])
def test_what_is_no_number_of_units_is_a_problem(program: Make, units: Any) -> None:
    ask = program(*MAY)
    body = {"levels": [{"sku": "MUG", "node": "LYON", "units": units}]}
    assert code_of(ask.post("stock/safety", body)) == (422, "malformed")
    if units is not None:
        assert code_of(ask.post("stock/buffers", {"channel": "shop", "everything": units})) == (422, "malformed")
