"""Disruptions over the API: declared, foreseen, changed and ended, for one's own orders."""

from typing import Any

import pytest

from colisage.kit.models import AuditEntry
from colisage.network.queries.disruptions import Disruption
from tests.books import balanced
from tests.cast import World, day
from tests.disruptions.conftest import Declare, carry_out, holds
from tests.picking.conftest import Ready
from tests.program import Make, code_of, program, stranger

__all__ = ["balanced", "program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")
MAY = ("disruptions:read", "disruptions:write")
FIRE: dict[str, Any] = {
    "kind": "node", "what": "LYON", "starts_on": day(0).isoformat(), "cause": {"fr": "Incendie", "en": "Fire"},
}  # fmt: skip


def test_it_is_foreseen_declared_changed_and_ended(program: Make, ready: Ready) -> None:
    ready((("MUG", 1),))
    ask = program(*MAY)
    foreseen = ask.post("disruptions/foresee", FIRE).json()
    assert (foreseen["orders"], len(foreseen["order_ids"])) == (1, 1)
    made = ask.post("disruptions", FIRE)
    assert (made.status_code, made.json()["state"], made.json()["about"]) == (201, "active", "Lyon")
    path = f"disruptions/{made.json()['id']}"
    carry_out()
    assert (ask.read(path)["held_now"], ask.read(path)["what"]) == (1, "LYON")
    changed = ask.post(f"{path}/change", {"ends_on": day(3).isoformat(), "cause": {"en": "Flood"}}).json()
    assert (changed["ends_on"], changed["cause"]) == (day(3).isoformat(), {"fr": "", "en": "Flood"})
    assert code_of(ask.post(f"{path}/change", {"ends_on": None, "cause": {"en": " "}})) == (422, "no_cause")
    assert ask.post(f"{path}/end").json()["outcome"] == "ended"
    assert ask.post(f"{path}/end").json()["outcome"] == "unchanged"
    carry_out()
    assert (holds(), ask.every("disruptions", state="open")) == ([], [])
    assert [one["state"] for one in ask.every("disruptions", limit=1)] == ["ended"]
    assert AuditEntry.objects.get(verb="disruption_declared").actor_kind == "key"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"what": "PARIS"}, (422, "unknown_node")),
        ({"kind": "carrier"}, (422, "unknown_carrier")),
        ({"kind": "weather"}, (422, "malformed")),
        ({"cause": {}}, (422, "no_cause")),
        ({"ends_on": "2020-01-01"}, (422, "ends_before_it_starts")),
        ({"starts_on": "2020-01-01", "ends_on": "2020-01-02"}, (409, "over_already")),
    ],
)
def test_what_cannot_be_is_refused_by_a_code(program: Make, wrong: dict[str, Any], code: tuple[int, str]) -> None:
    ask = program(*MAY)
    assert code_of(ask.post("disruptions", FIRE | wrong)) == code
    assert code_of(ask.post("disruptions/foresee", FIRE | wrong)) == code
    assert not Disruption.objects.exists()


def test_it_is_declared_once_and_rehearsed_without_effect(program: Make) -> None:
    ask = program(*MAY)
    assert ask.post("disruptions", FIRE, Dry_Run="true").status_code == 201
    assert not Disruption.objects.exists()
    first, again = (ask.post("disruptions", FIRE, Idempotency_Key="fire").json() for _ in range(2))
    assert first["id"] == again["id"]
    assert code_of(ask.post("disruptions", FIRE)) == (409, "disrupted_already")


def test_others_find_nothing_and_what_an_operator_declared_is_read_only(
    world: World, program: Make, stranger: Make, declare: Declare
) -> None:
    own = declare().pk
    ask = stranger(*MAY)
    assert code_of(ask.get(f"disruptions/{own}")) == code_of(ask.post(f"disruptions/{own}/end")) == (404, "not_there")
    theirs = declare(what="MTL", merchant_id=None, operator_id=world.boreal.pk).pk
    assert (ask.read(f"disruptions/{theirs}")["own"], program(*MAY).read(f"disruptions/{own}")["own"]) == (False, True)
    assert code_of(ask.post(f"disruptions/{theirs}/end")) == (403, "not_allowed")
    assert code_of(program("orders:read").get("disruptions"))[0] == 401
