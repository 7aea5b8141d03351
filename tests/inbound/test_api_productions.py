"""Own production over the API: a batch comes in by codes with what was used for it, once, and is read."""

from typing import Any

import pytest

from colisage.catalog.models import Sku
from colisage.inbound.models import Production
from colisage.inventory.models import StockMovement
from tests.cast import World
from tests.inbound.test_production import make
from tests.inbound.test_transfers import lying
from tests.program import Make, code_of, program, statements, stranger

__all__ = ["program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")
MAY = ("inbound:read", "dock:write")


def batch(**changes: Any) -> dict[str, Any]:
    parts = [{"sku": "mug", "quantity": 6}, {"sku": "CARTE", "quantity": 12}]
    return {
        "sku": "LAMPE",
        "quantity": 6,
        "node": "lyon",
        "lot": "B-7",
        "batch": "OF-12",
        "components": parts,
        **changes,
    }


def test_a_batch_comes_in_once_with_what_was_used_for_it(world: World, program: Make) -> None:
    ask = program(*MAY)
    first = ask.post("inbound/productions", batch(), Idempotency_Key="p1")
    assert first.status_code == 201, first.content
    assert ask.post("inbound/productions", batch(), Idempotency_Key="p1").content == first.content
    assert lying(world, "LAMPE") == {"LYON/bin": 20, "LYON/dock": 6}
    assert (lying(world), lying(world, "CARTE")) == ({"LYON/bin": 14}, {"LYON/bin": 8})
    told = first.json()
    assert (told["sku"], told["node"], told["quantity"], told["lot"], told["batch"]) == (
        "LAMPE",
        "LYON",
        6,
        "B-7",
        "OF-12",
    )
    assert told["components"] == [{"sku": "MUG", "quantity": 6}, {"sku": "CARTE", "quantity": 12}]
    assert ask.read(f"inbound/productions/{told['id']}") == told
    assert ask.every("inbound/productions", limit=1) == [told]


def test_units_with_serial_numbers_come_each_as_itself(world: World, program: Make) -> None:
    Sku.objects.filter(pk=world.sku("LAMPE").pk).update(tracks_serials=True)
    ask = program(*MAY)
    sent = batch(quantity=2, components=[], lot="")
    assert code_of(ask.post("inbound/productions", sent)) == (409, "serials_do_not_fit")
    assert ask.post("inbound/productions", {**sent, "serials": ["S-1", " S-2 "]}).json()["serials"] == ["S-1", "S-2"]
    assert code_of(ask.post("inbound/productions", {**sent, "serials": ["S-1", "S-3"]})) == (409, "serial_on_hand")
    assert Production.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"components": [{"sku": "MUG", "quantity": 21}]}, (409, "too_few_components")),
        ({"components": [{"sku": "LAMPE", "quantity": 1}]}, (422, "not_made")),
        ({"serials": ["S-1"]}, (409, "no_serials")),
        ({"expires_on": "2020-01-01"}, (409, "lot_expired")),
        ({"quantity": 0}, (422, "malformed")),
        ({"serials": [""]}, (422, "malformed")),
        ({"units": 6}, (422, "malformed")),
    ],
)
def test_what_is_refused_makes_nothing(
    world: World, program: Make, change: dict[str, Any], refusal: tuple[int, str]
) -> None:
    assert code_of(program(*MAY).post("inbound/productions", batch(**change))) == refusal
    assert not Production.objects.exists()
    assert lying(world) == lying(world, "LAMPE") == {"LYON/bin": 20}


def test_what_means_nothing_is_named_at_once(world: World, program: Make, stranger: Make) -> None:
    parts = [{"sku": "NOPE", "quantity": 1}, {"sku": "MUG", "quantity": 1}]
    wrong = program(*MAY).post("inbound/productions", batch(node="NOPE", sku="COFFRET", components=parts))
    assert code_of(wrong) == (422, "means_nothing")
    assert [(one["pointer"], one["code"]) for one in wrong.json()["errors"]] == [
        ("/node", "no_such_node"), ("/sku", "bundle"), ("/components/0", "no_such_sku"),
    ]  # fmt: skip
    assert code_of(stranger(*MAY).post("inbound/productions", batch())) == (422, "means_nothing")
    assert code_of(program("inbound:read", "inbound:write").post("inbound/productions", batch())) == (
        401, "unauthorized",
    )  # fmt: skip
    rehearsed = program(*MAY).post("inbound/productions", batch(), Dry_Run="true")
    assert rehearsed.status_code == 201
    assert not StockMovement.objects.filter(reason="produced").exists()


def test_strangers_read_no_batch_and_a_page_costs_the_same(world: World, program: Make, stranger: Make) -> None:
    for _n in range(3):
        made = make(world, ("MUG", 1), lot="B-7")
    assert stranger(*MAY).every("inbound/productions") == []
    assert code_of(stranger(*MAY).get(f"inbound/productions/{made}")) == (404, "not_there")
    ask = program(*MAY)
    few = statements(lambda: ask.read("inbound/productions", limit=1))
    assert statements(lambda: ask.read("inbound/productions", limit=3)) == few
    assert len(ask.every("inbound/productions", limit=2)) == 3
