"""How bins are chosen, what zones are made for and how much more than ordered is taken in, over the API."""

from typing import Any

import pytest

from colisage.inbound.models import DockPolicy, PutawayRule
from colisage.inbound.queries.shelving import rules_of
from colisage.inbound.rules.putaway import DEFAULT, Rule
from colisage.kit.models import AuditEntry
from colisage.network.models import Place, StorageType, Zone
from tests.cast import World
from tests.program import Make, code_of, program, stranger

__all__ = ["program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")
MAY = ("inbound:read", "inbound:write")
RULES = "inbound/put-away/rules"
ZONES = "inbound/put-away/zones"
POLICY = "inbound/dock-policy"


def test_rules_are_replaced_on_the_own_floor_as_they_were_read(world: World, program: Make) -> None:
    ask = program(*MAY)
    told = {one["node"]: one for one in ask.read(RULES)["items"]}
    assert {node: one["usual"] for node, one in told.items()} == {"LYON": True, "MTL": True}
    assert [(one["kind"], one["must"]) for one in told["LYON"]["rules"]] == [(r.kind, r.must) for r in DEFAULT]
    path, body = f"{RULES}/lyon", {"rules": [{"kind": "near"}, {"kind": "capacity"}, {"kind": "alone", "must": True}]}
    seen = ask.get(path).headers["ETag"]
    assert code_of(ask.send("PUT", path, body)) == (428, "etag_needed")
    answer = ask.send("PUT", path, body, If_Match=seen, Idempotency_Key="p1")
    assert answer.status_code == 200, answer.content
    assert answer.json() == ask.read(path)
    assert answer.json() == {
        "node": "LYON", "usual": False,
        "rules": [
            {"kind": "near", "must": False}, {"kind": "capacity", "must": True}, {"kind": "alone", "must": True},
        ],
    }  # fmt: skip
    assert ask.send("PUT", path, body, If_Match=seen, Idempotency_Key="p1").content == answer.content
    assert code_of(ask.send("PUT", path, body, If_Match=seen)) == (412, "etag_differs")
    twice = {"rules": [{"kind": "near"}, {"kind": "near"}]}
    assert code_of(ask.send("PUT", path, twice, If_Match="*")) == (422, "rule_unknown")
    assert rules_of([world.lyon.pk])[world.lyon.pk] == (
        Rule("near"), Rule("capacity", must=True), Rule("alone", must=True),
    )  # fmt: skip
    assert ask.send("PUT", path, {"rules": []}, If_Match="*").json()["usual"]
    assert AuditEntry.objects.filter(verb="putaway_rules_saved").count() == 2
    assert code_of(ask.send("PUT", f"{RULES}/MTL", body, If_Match="*")) == (403, "not_your_floor")
    assert code_of(ask.send("PUT", f"{RULES}/NOPE", body, If_Match="*")) == (404, "not_there")


def test_zones_get_a_storage_type_and_bins_hold_what_goes_first(world: World, program: Make) -> None:
    ask = program(*MAY)
    cold = StorageType.objects.get(code="cold").pk
    path = f"{ZONES}/LYON"
    told = ask.read(path)
    assert told["zones"] == [{"zone": "A", "storage": ""}]
    assert {"cold", "hazardous"} <= set(told["storages"])
    seen = ask.get(path).headers["ETag"]
    body = {"zones": [{"zone": "a", "storage": "cold"}], "cross_dock": ["b-01-1", "A-01-1"]}
    assert code_of(ask.send("PUT", path, body)) == (428, "etag_needed")
    answer = ask.send("PUT", path, body, If_Match=seen)
    assert (answer.status_code, answer.json()) == (200, ask.read(path))
    assert (answer.json()["zones"], answer.json()["cross_dock"]) == (
        [{"zone": "A", "storage": "cold"}], ["A-01-1", "B-01-1"],
    )  # fmt: skip
    assert code_of(ask.send("PUT", path, body, If_Match=seen)) == (412, "etag_differs")
    for change, refused in (
        ({"zones": [{"zone": "Z"}]}, (422, "no_such_zone")),
        ({"zones": [{"zone": "A", "storage": "lunar"}]}, (422, "no_such_storage")),
        ({"cross_dock": ["DOCK"]}, (409, "not_a_bin")),
    ):
        assert code_of(ask.send("PUT", path, {**body, **change}, If_Match="*")) == refused
    assert Zone.objects.get(node=world.lyon, code="A").storage_id == cold
    last = ask.send("PUT", path, {"zones": [], "cross_dock": []}, If_Match="*").json()
    assert (last["zones"], last["cross_dock"]) == ([{"zone": "A", "storage": "cold"}], [])
    assert code_of(ask.send("PUT", f"{ZONES}/MTL", body, If_Match="*")) == (403, "not_your_floor")
    assert not Place.objects.filter(cross_dock=True).exists()


def test_how_much_more_than_ordered_is_taken_in_is_said_as_it_was_read(world: World, program: Make) -> None:
    ask = program(*MAY)
    assert ask.read(POLICY) == {"over_percent": 5}
    seen = ask.get(POLICY).headers["ETag"]
    assert code_of(ask.send("PUT", POLICY, {"over_percent": 0})) == (428, "etag_needed")
    answer = ask.send("PUT", POLICY, {"over_percent": 0}, If_Match=seen)
    assert (answer.status_code, answer.json()) == (200, {"over_percent": 0})
    assert answer.headers["ETag"] == ask.get(POLICY).headers["ETag"]
    assert code_of(ask.send("PUT", POLICY, {"over_percent": 9}, If_Match=seen)) == (412, "etag_differs")
    assert DockPolicy.objects.get().over_percent == 0


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (f"{RULES}/LYON", {"rules": [{"kind": "nearest"}]}),
        (f"{RULES}/LYON", {}),
        (f"{ZONES}/LYON", {"zones": [{"zone": ""}], "cross_dock": []}),
        (POLICY, {"over_percent": 101}),
    ],
)
@pytest.mark.usefixtures("world")
def test_what_cannot_be_read_is_a_problem(program: Make, path: str, body: Any) -> None:
    assert code_of(program(*MAY).send("PUT", path, body, If_Match="*")) == (422, "malformed")


def test_strangers_and_readers_set_nothing_up(world: World, program: Make, stranger: Make) -> None:
    ask, reader = stranger(*MAY), program("inbound:read")
    assert [one["node"] for one in ask.read(RULES)["items"]] == ["MTL"]
    writes = [(f"{RULES}/LYON", {"rules": []}), (f"{ZONES}/LYON", {"zones": [], "cross_dock": []})]
    for path, body in writes:
        assert code_of(ask.get(path)) == (404, "not_there")
        assert code_of(ask.send("PUT", path, body, If_Match="*")) == (404, "not_there")
    for path, body in [*writes, (POLICY, {"over_percent": 1})]:
        assert code_of(reader.send("PUT", path, body, If_Match="*")) == (401, "unauthorized")
    assert ask.send("PUT", POLICY, {"over_percent": 1}, If_Match="*").status_code == 200
    assert [policy.merchant_id for policy in DockPolicy.objects.all()] == [world.northwind.pk]
    assert not PutawayRule.objects.exists()
