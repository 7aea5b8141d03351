"""Nodes, their closed days, zones and bins by the API, as their pages have them."""

from datetime import UTC, date, datetime
from typing import Any, Final

import pytest
import time_machine

from colisage.kit.actors import SYSTEM
from colisage.kit.models import AuditEntry
from colisage.network.actions.close_days import close_days
from colisage.network.models import Closure, Node, Place, Zone
from colisage.network.queries import nodes_serving
from colisage.people.models import Operator, ServiceContract
from tests.books import balanced
from tests.cast import World
from tests.program import Make, code_of, program, statements, stranger

__all__ = ["balanced", "program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")
MAY: Final = ("network:read", "nodes:write")
NOW: Final = datetime(2026, 12, 23, 9, 0, tzinfo=UTC)
HOURS: Final[dict[str, Any]] = {
    "name": "Lyon",
    "address": {"line1": "12 rue des Tisseurs", "postcode": "69004", "city": "Lyon", "country": "FR"},
    "timezone": "Europe/Paris",
    "cutoff": "14:30",
    "working_days": [6, 1, 2, 3, 4, 5],
}
AISLE: Final[dict[str, Any]] = {"zone": "a", "aisle": "d", "bays": 10, "levels": 4, "bay_mm": 1_200}
CHANGES: Final = (
    ("PUT", "nodes/LYON", HOURS),
    ("POST", "nodes/LYON/closures", {"days": [{"day": "2026-12-24"}]}),
    ("POST", "nodes/LYON/closures/holidays", None),
    ("POST", "nodes/LYON/closures/open", {"days": ["2026-12-24"]}),
    ("POST", "nodes/LYON/zones", {"zones": [{"code": "COLD"}]}),
    ("POST", "nodes/LYON/bins", {"zone": "A", "bins": [{"code": "Z-1", "x_mm": 1, "y_mm": 90_000}]}),
    ("POST", "nodes/LYON/aisles", AISLE),
)


def shared(world: World) -> None:
    """Let the operator of Lyon work for another merchant, too."""
    ServiceContract.objects.create(operator=world.nord, merchant=world.northwind)


def outcomes(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [one.get("code") or one["outcome"] for one in answer.json()["results"]]


def test_a_node_is_read_and_its_hours_are_changed_as_they_were_read(world: World, program: Make) -> None:
    ask = program(*MAY)
    before = ask.get("nodes/lyon")
    assert (before.json()["code"], before.json()["own"], before.json()["operator"]) == ("LYON", True, world.nord.slug)
    assert code_of(ask.send("PUT", "nodes/LYON", HOURS)) == (428, "etag_needed")
    after = ask.send("PUT", "nodes/LYON", HOURS, If_Match=before.headers["ETag"])
    assert after.status_code == 200, after.content
    assert (after.json()["cutoff"], after.json()["working_days"]) == ("14:30", [1, 2, 3, 4, 5, 6])
    assert after.headers["ETag"] == ask.get("nodes/LYON").headers["ETag"]
    assert code_of(ask.send("PUT", "nodes/LYON", HOURS, If_Match=before.headers["ETag"])) == (412, "etag_differs")
    deed = AuditEntry.objects.get(verb="node_changed")
    assert (deed.actor_kind, deed.data["changed"]) == ("key", ["address", "cutoff", "working_days"])


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"timezone": "Europe/Atlantis"}, "unknown_timezone"),
        ({"address": {**HOURS["address"], "country": "XX"}}, "unknown_country"),
        ({"gln": "4006381000018"}, "not_a_gln"),
        ({"cutoff": "25:00"}, "malformed"),
        ({"working_days": []}, "malformed"),
        ({"name": " "}, "malformed"),
    ],
)
def test_hours_that_cannot_be_are_refused(world: World, program: Make, wrong: dict[str, Any], code: str) -> None:
    answer = program(*MAY).send("PUT", "nodes/LYON", {**HOURS, **wrong}, If_Match="*")
    assert code_of(answer) == (422, code)
    assert f"{Node.objects.get(pk=world.lyon.pk).cutoff:%H:%M}" == "16:00"
    assert not AuditEntry.objects.filter(verb="node_changed").exists()


def test_what_handling_costs_is_told_in_the_currency_of_the_operator(world: World, program: Make) -> None:
    ask = program(*MAY)
    Operator.objects.filter(pk=world.nord.pk).update(currency="CHF")
    before = ask.get("nodes/LYON")
    assert (before.json()["handling_cents"], before.json()["currency"]) == (120, "CHF")
    same = ask.send("PUT", "nodes/LYON", HOURS, If_Match=before.headers["ETag"])
    assert same.json()["handling_cents"] == 120
    changed = ask.send("PUT", "nodes/LYON", {**HOURS, "handling_cents": 95}, If_Match="*")
    assert changed.json()["handling_cents"] == 95
    assert ask.send("PUT", "nodes/LYON", {**HOURS, "handling_cents": -1}, If_Match="*").status_code == 422


def test_a_node_is_made_and_serves_after_the_others(world: World, program: Make) -> None:
    ask = program(*MAY)
    rehearsed = ask.post("nodes", {**HOURS, "code": "nantes"}, Dry_Run="true")
    assert (rehearsed.status_code, Node.objects.filter(code="NANTES").exists()) == (201, False)
    made = ask.post("nodes", {**HOURS, "code": "nantes", "name": "Nantes"}, Idempotency_Key="one")
    assert ask.post("nodes", {**HOURS, "code": "nantes", "name": "Nantes"}, Idempotency_Key="one").json() == made.json()
    assert (made.status_code, made.json()["code"], made.json()["own"]) == (201, "NANTES", True)
    assert [one.code for one in nodes_serving([world.tilleul.pk])[world.tilleul.pk]][-1] == "NANTES"
    assert code_of(ask.post("nodes", {**HOURS, "code": "Lyon"})) == (409, "node_code_taken")
    assert [one["code"] for one in ask.read("nodes")["items"]][-1] == "NANTES"


def test_of_several_operators_that_work_for_one_alone_one_is_named(world: World, program: Make) -> None:
    south = Operator.objects.create(name="Sud", slug="sud")
    ServiceContract.objects.create(operator=south, merchant=world.tilleul)
    ask = program(*MAY)
    assert code_of(ask.post("nodes", {**HOURS, "code": "NICE"})) == (422, "unknown_operator")
    made = ask.post("nodes", {**HOURS, "code": "NICE", "operator": "sud"})
    assert (made.status_code, Node.objects.get(code="NICE").operator_id) == (201, south.pk)
    shared(world)
    assert code_of(ask.post("nodes", {**HOURS, "code": "LENS", "operator": world.nord.slug})) == (
        422, "unknown_operator",
    )  # fmt: skip


@time_machine.travel(NOW, tick=False)
def test_days_are_closed_and_opened_each_by_itself(world: World, program: Make) -> None:
    ask = program(*MAY)
    days = [{"day": day, "reason": "Inventory"} for day in ("2026-12-22", "2026-12-23", "2026-12-28")]
    assert outcomes(ask.post("nodes/LYON/closures", {"days": days})) == ["day_is_over", "closed", "closed"]
    assert outcomes(ask.post("nodes/LYON/closures", {"days": days[1:]})) == ["unchanged", "unchanged"]
    assert [one["day"] for one in ask.every("nodes/LYON/closures", limit=1)] == ["2026-12-23", "2026-12-28"]
    opened = ask.post("nodes/LYON/closures/open", {"days": ["2026-12-23", "2026-12-30", "2026-12-23"]})
    assert outcomes(opened) == ["opened", "unchanged"]
    assert set(Closure.objects.values_list("day", flat=True)) == {date(2026, 12, 28)}


@time_machine.travel(NOW, tick=False)
def test_a_node_is_closed_on_the_holidays_of_its_country(world: World, program: Make) -> None:
    ask = program(*MAY)
    made = ask.post("nodes/LYON/closures/holidays")
    assert set(outcomes(made)) == {"closed"}
    assert [one["name"] for one in made.json()["results"]][:2] == ["2026-12-25", "2027-01-01"]
    assert set(outcomes(ask.post("nodes/LYON/closures/holidays"))) == {"unchanged"}
    Node.objects.filter(pk=world.lyon.pk).update(address={"country": "QQ"})
    assert code_of(ask.post("nodes/LYON/closures/holidays")) == (409, "no_holidays_known")


@time_machine.travel(datetime(2026, 12, 24, 1, 0, tzinfo=UTC), tick=False)
def test_a_day_is_over_where_the_node_is(world: World) -> None:
    Node.objects.filter(pk=world.lyon.pk).update(timezone="America/Toronto")
    became = close_days(
        world.nord.pk, node_id=world.lyon.pk, days={date(2026, 12, 23): "", date(2026, 12, 22): ""}, actor=SYSTEM
    )
    assert [one is True for one in became.values()] == [True, False]


def test_zones_are_added_each_by_itself(world: World, program: Make) -> None:
    ask = program(*MAY)
    wanted = [("cold", "storage"), ("a", "storage"), ("A-01-1", "bench"), ("été !", "storage"), ("B2", "bench")]
    sent = {"zones": [{"code": code, "kind": kind} for code, kind in wanted]}
    answer = ask.post("nodes/LYON/zones", sent)
    assert outcomes(answer) == ["added", "zone_taken", "zone_taken", "not_a_code", "added"]
    assert Zone.objects.filter(node=world.lyon, code="COLD").exists()
    assert [p.kind for p in Place.objects.filter(node=world.lyon, code__in=["COLD", "B2"])] == ["bench"]
    told = {one["code"]: (one["kind"], one["places"]) for one in ask.read("nodes/LYON/zones")["items"]}
    assert (told["COLD"], told["A"], told["B2"]) == (("storage", 0), ("storage", 12), ("bench", 1))


def test_bins_are_added_all_or_none_and_come_last_on_the_walk(world: World, program: Make) -> None:
    ask = program(*MAY)
    one = {"code": "a-05-1", "x_mm": 2_000, "y_mm": 8_000, "volume_mm3": 90_000_000}
    other = {"code": "A-06-1", "x_mm": 2_000, "y_mm": 9_200, "level": 2}
    assert code_of(ask.post("nodes/LYON/bins", {"zone": "NOWHERE", "bins": [one]})) == (422, "no_such_zone")
    taken = ask.post("nodes/LYON/bins", {"zone": "A", "bins": [one, {**other, "code": "A-01-1"}]})
    assert (code_of(taken), Place.objects.filter(code="A-05-1").exists()) == ((409, "bin_taken"), False)
    there = ask.post("nodes/LYON/bins", {"zone": "A", "bins": [one, {**one, "code": "A-07-1"}]})
    assert code_of(there) == (409, "spot_taken")
    made = ask.post("nodes/LYON/bins", {"zone": "a", "bins": [one, other]})
    assert (made.status_code, made.json()) == (201, {"bins": 2, "first": "A-05-1", "last": "A-06-1"})
    bins = {one["code"]: one for one in ask.every("nodes/LYON/bins", limit=5)}
    assert len(bins) == 14
    assert (bins["A-05-1"]["walk"], bins["A-06-1"]["walk"], bins["A-05-1"]["aisle"]) == (13, 14, 1)
    assert (bins["A-05-1"]["volume_mm3"], bins["A-05-1"]["max_grams"]) == (90_000_000, None)
    assert len(ask.every("nodes/LYON/bins", code="b-")) == 4
    assert ask.every("nodes/LYON/bins", zone="DOCK") == []


def test_an_aisle_is_made_beside_the_last_one(world: World, program: Make) -> None:
    ask = program(*MAY)
    shown = ask.post("nodes/LYON/aisles", AISLE, Dry_Run="true")
    assert (shown.json()["bins"], Place.objects.filter(code__startswith="D-").count()) == (40, 0)
    made = ask.post("nodes/LYON/aisles", {**AISLE, "max_grams": 120_000})
    assert (made.status_code, made.json()) == (201, {"bins": 40, "first": "D-01-1", "last": "D-10-4"})
    rows = Place.objects.filter(node=world.lyon, code__startswith="D-").order_by("walk")
    assert (rows[0].level, rows[0].walk, {row.max_grams for row in rows}) == (1, 13, {120_000})
    assert rows[0].x_mm > Place.objects.filter(node=world.lyon, code__startswith="C-")[0].x_mm
    assert code_of(ask.post("nodes/LYON/aisles", {**AISLE, "aisle": "E-1"})) == (422, "not_an_aisle")
    assert code_of(ask.post("nodes/LYON/aisles", {**AISLE, "bays": 500, "levels": 20})) == (422, "no_bins")


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize("change", CHANGES)
def test_what_others_use_too_its_operator_changes(
    world: World, program: Make, stranger: Make, change: tuple[str, str, Any]
) -> None:
    method, path, body = change
    before = (Place.objects.count(), Zone.objects.count(), Closure.objects.count())
    assert code_of(program("network:read").send(method, path, body, If_Match="*")) == (401, "unauthorized")
    assert code_of(stranger(*MAY).send(method, path, body, If_Match="*")) == (404, "not_there")
    shared(world)
    assert code_of(program(*MAY).send(method, path, body, If_Match="*")) == (403, "not_your_floor")
    assert (Place.objects.count(), Zone.objects.count(), Closure.objects.count()) == before


def test_who_has_no_warehouse_of_its_own_makes_no_node_and_reads_no_bins(
    world: World, program: Make, stranger: Make
) -> None:
    shared(world)
    ask = program(*MAY)
    assert code_of(ask.post("nodes", {**HOURS, "code": "NICE"})) == (403, "not_your_floor")
    assert code_of(ask.get("nodes/LYON/bins")) == (403, "not_your_floor")
    assert (ask.read("nodes/LYON")["own"], len(ask.read("nodes/LYON/zones")["items"])) == (False, 6)
    for path in ("nodes/LYON", "nodes/LYON/zones", "nodes/LYON/bins", "nodes/LYON/closures", "nodes/%00"):
        assert code_of(stranger(*MAY).get(path)) == (404, "not_there")


def test_a_list_costs_as_many_statements_for_many_rows(world: World, program: Make) -> None:
    ask = program(*MAY)
    paths = ("nodes", "nodes/LYON", "nodes/LYON/zones", "nodes/LYON/bins", "nodes/LYON/closures")
    for path in paths:
        ask.read(path)
    before = [statements(lambda path=path: ask.read(path)) for path in paths]  # type: ignore[misc]
    ask.post("nodes/LYON/aisles", AISLE)
    ask.post("nodes/LYON/closures/holidays")
    for n in range(5):
        ask.post("nodes", {**HOURS, "code": f"N{n}"})
        ask.post("nodes/LYON/zones", {"zones": [{"code": f"Z{n}"}]})
    assert [statements(lambda path=path: ask.read(path)) for path in paths] == before  # type: ignore[misc]
