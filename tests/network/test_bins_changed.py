"""Bins get other codes, other places along the walk, or are blocked: by the API as on their pages."""

from typing import Any, Final

import pytest
from django.test import Client
from django.urls import reverse

from colisage.inventory.actions.block_bins import block_bins
from colisage.inventory.actions.count_bins import count_bins
from colisage.inventory.actions.move_stock import NoPlaceForStock, Shift, move_stock
from colisage.inventory.models import BinRoom, StockCell
from colisage.kit.actors import SYSTEM
from colisage.kit.models import AuditEntry
from colisage.network.models import Node, Place, Stretch
from colisage.network.queries.plans import bins_of_part, floor_parts
from colisage.network.rules import Walked, walk_after, walk_by_aisles
from colisage.people.models import ServiceContract, User
from tests.books import balanced, find, spot_of
from tests.cast import World
from tests.program import Make, code_of, program, stranger
from tests.together import behind

__all__ = ["balanced", "program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")
MAY: Final = ("network:read", "nodes:write")
CHANGES: Final[tuple[tuple[str, str, Any], ...]] = (
    ("PUT", "nodes/LYON/walk", {"aisles": [{"aisle": "B"}]}),
    ("POST", "nodes/LYON/bins/change", {"bins": [{"bin": "A-01-1", "code": "A-99-1"}]}),
    ("POST", "nodes/LYON/bins/block", {"bins": ["C-02-2"], "reason": "wet floor"}),
    ("POST", "nodes/LYON/bins/use", {"bins": ["C-02-2"]}),
)


def along(node: Node) -> list[str]:
    return list(Place.objects.filter(node=node, kind="bin").order_by("walk", "pk").values_list("code", flat=True))


def drawn(node: Node) -> set[int]:
    return {pk for part in floor_parts(node.pk) for pk in bins_of_part(part)}


def outcomes(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [one.get("code") or one["outcome"] for one in answer.json()["results"]]


def empty_bin(world: World) -> Place:
    full = StockCell.objects.filter(kept=True, qty__gt=0).values("place")
    return Place.objects.filter(node=world.lyon, kind="bin").exclude(pk__in=full).order_by("-walk")[0]


def full_bin(world: World) -> Place:
    return StockCell.objects.filter(node=world.lyon, kept=True, qty__gt=0).order_by("pk")[0].place


def desk(person: User) -> Client:
    client = Client()
    client.force_login(person)
    client.cookies["language"] = "en"
    return client


def test_a_walk_enters_aisles_in_the_order_said_and_turns_some() -> None:
    walk = [
        Walked(n, aisle, f"{aisle}-{bay}-{level}", (0, bay))
        for n, (aisle, bay, level) in enumerate((a, b, v) for a in "ABC" for b in (1, 2) for v in (1, 2))
    ]
    assert walk_by_aisles(walk, order=[("C", False)]) == [8, 9, 10, 11, 0, 1, 2, 3, 4, 5, 6, 7]
    assert walk_by_aisles(walk, order=[("B", True), ("A", False)]) == [6, 7, 4, 5, 0, 1, 2, 3, 8, 9, 10, 11]
    assert walk_after(walk[:4], moved=0, after=2) == [1, 2, 0, 3]
    assert walk_after(walk[:4], moved=3, after=None) == [3, 0, 1, 2]


def test_a_bin_gets_another_code_with_all_that_lies_in_it(world: World, program: Make) -> None:
    ask, place = program(*MAY), full_bin(world)
    before, lying = along(world.lyon), StockCell.objects.filter(place=place, qty__gt=0).count()
    other = before[1]
    changes = [
        {"bin": place.code.lower(), "code": "z-01-1"}, {"bin": "Z-01-1", "code": other},
        {"bin": "Z-01-1", "code": "Z-01-1"}, {"bin": place.code, "code": "Y-1"},
        {"bin": other, "code": "no code"},
    ]  # fmt: skip
    answer = ask.post("nodes/lyon/bins/change", {"bins": changes})
    assert outcomes(answer) == ["changed", "bin_taken", "unchanged", "no_such_bin", "not_a_code"]
    place.refresh_from_db()
    assert (place.code, along(world.lyon).index("Z-01-1")) == ("Z-01-1", before.index(before[0]))
    assert place.aisle == max(Place.objects.filter(node=world.lyon).values_list("aisle", flat=True))
    assert StockCell.objects.filter(place=place, qty__gt=0).count() == lying
    assert Stretch.objects.get(node=world.lyon).first == "Z-01-1"
    told = AuditEntry.objects.get(verb="bin_changed").data
    assert (told["before"], told["code"]) == (before[0], "Z-01-1")


def test_a_bin_follows_another_along_the_walk(world: World, program: Make) -> None:
    ask, before = program(*MAY), along(world.lyon)
    first, second, *_, last = before
    changes = [{"bin": last, "after": first}, {"bin": second, "after": ""}, {"bin": first, "after": "NOWHERE"}]
    assert outcomes(ask.post("nodes/LYON/bins/change", {"bins": changes})) == ["changed", "changed", "no_such_bin"]
    assert along(world.lyon) == [second, first, last, *before[2:-1]]
    walks = list(Place.objects.filter(node=world.lyon, kind="bin").order_by("walk").values_list("walk", flat=True))
    assert walks == list(range(1, len(before) + 1))
    assert list(BinRoom.objects.filter(node=world.lyon).order_by("place").values_list("place", "walk")) == list(
        Place.objects.filter(node=world.lyon, kind="bin").order_by("pk").values_list("pk", "walk")
    )


def test_the_walk_is_replaced_as_it_was_read(world: World, program: Make) -> None:
    ask, before = program(*MAY), along(world.lyon)
    read = ask.get("nodes/LYON/walk")
    aisles = [one["aisle"] for one in read.json()["aisles"]]
    assert sum(one["bins"] for one in read.json()["aisles"]) == len(before)
    body = {"aisles": [{"aisle": aisles[-1].lower(), "turned": True}]}
    assert code_of(ask.send("PUT", "nodes/LYON/walk", body)) == (428, "etag_needed")
    done = ask.send("PUT", "nodes/LYON/walk", body, If_Match=read.headers["ETag"])
    assert done.status_code == 200, done.content
    assert [one["aisle"] for one in done.json()["aisles"]] == [aisles[-1], *aisles[:-1]]
    assert code_of(ask.send("PUT", "nodes/LYON/walk", body, If_Match=read.headers["ETag"]))[0] == 412
    ours = [code for code in before if code.startswith(aisles[-1])]
    assert sorted(along(world.lyon)[: len(ours)]) == sorted(ours)
    assert along(world.lyon)[: len(ours)] != ours
    twice = {"aisles": [{"aisle": "A"}, {"aisle": "a"}, {"aisle": "Q"}]}
    assert code_of(ask.send("PUT", "nodes/LYON/walk", twice, If_Match="*")) == (422, "no_such_aisle")


def test_an_empty_bin_is_blocked_with_a_reason_and_used_again(world: World, program: Make) -> None:
    ask, empty, full = program(*MAY, "stock:write"), empty_bin(world), full_bin(world)
    body = {"bins": [empty.code.lower(), full.code, "NOWHERE"], "reason": "A post is bent"}
    assert outcomes(ask.post("nodes/LYON/bins/block", body)) == ["blocked", "goods_in_bin", "not_there"]
    assert outcomes(ask.post("nodes/LYON/bins/block", body)) == ["unchanged", "goods_in_bin", "not_there"]
    empty.refresh_from_db()
    assert (empty.active, empty.blocked_why, empty.pk in drawn(world.lyon)) == (False, "A post is bent", False)
    assert not BinRoom.objects.filter(place=empty).exists()
    (said,) = ask.every("nodes/LYON/bins", code=empty.code)
    assert (said["active"], said["blocked_why"]) == (False, "A post is bent")
    assert outcomes(ask.post("nodes/LYON/bins/use", {"bins": [empty.code, full.code]})) == ["used", "unchanged"]
    empty.refresh_from_db()
    assert (empty.active, empty.blocked_why, empty.pk in drawn(world.lyon)) == (True, "", True)


def test_a_bin_that_is_to_be_counted_is_not_blocked(world: World, program: Make) -> None:
    empty = empty_bin(world)
    count_bins(world.nord.pk, node_id=world.lyon.pk, bins=[(empty.pk, "hand")], actor=SYSTEM)
    answer = program(*MAY).post("nodes/LYON/bins/block", {"bins": [empty.code], "reason": "wet"})
    assert outcomes(answer) == ["bin_is_counted"]


def test_where_another_bin_stands_by_now_none_is_used_again(world: World, program: Make) -> None:
    ask, empty = program(*MAY), empty_bin(world)
    ask.post("nodes/LYON/bins/block", {"bins": [empty.code], "reason": "wet"})
    spot = {"x_mm": empty.x_mm, "y_mm": empty.y_mm, "level": empty.level}
    assert ask.post("nodes/LYON/bins", {"zone": "A", "bins": [{"code": "NEW-1", **spot}]}).status_code == 201
    assert outcomes(ask.post("nodes/LYON/bins/use", {"bins": [empty.code]})) == ["spot_taken"]


def test_nothing_is_moved_into_a_blocked_bin(world: World, program: Make) -> None:
    ask, empty, full = program(*MAY, "stock:write"), empty_bin(world), full_bin(world)
    ask.post("nodes/LYON/bins/block", {"bins": [empty.code], "reason": "wet"})
    cell = StockCell.objects.filter(place=full, qty__gt=0).select_related("sku")[0]
    move = {"sku": cell.sku.code, "node": "LYON", "source": full.code, "quantity": 1, "target": empty.code}
    answer = ask.post("stock/moves", {"moves": [move]})
    assert outcomes(answer) == ["no_place_for_stock"]


@pytest.mark.django_db(transaction=True)
def test_units_that_come_while_a_bin_is_blocked_stay_where_they_are(world: World) -> None:
    empty, full = empty_bin(world), full_bin(world)
    cell = StockCell.objects.filter(place=full, qty__gt=0)[0]

    def block() -> Any:
        return block_bins(world.nord.pk, node_id=world.lyon.pk, place_ids=[empty.pk], why="wet", actor=SYSTEM)

    def move() -> Any:
        shift = Shift(cell_id=cell.pk, qty=1, place_id=empty.pk)
        return move_stock([world.tilleul.pk], shifts=[shift], node_ids=[world.lyon.pk], document=9, actor=SYSTEM)

    done, told = behind(block, move)
    assert (done, type(told)) == ({empty.pk: True}, NoPlaceForStock)
    assert not StockCell.objects.filter(place=empty, qty__gt=0).exists()


@pytest.mark.parametrize("change", CHANGES)
def test_on_a_floor_that_others_use_too_its_operator_decides(
    world: World, program: Make, stranger: Make, change: tuple[str, str, Any]
) -> None:
    method, path, body = change
    before = list(Place.objects.order_by("pk").values())
    assert code_of(program("network:read").send(method, path, body, If_Match="*")) == (401, "unauthorized")
    assert code_of(stranger(*MAY).send(method, path, body, If_Match="*")) == (404, "not_there")
    ServiceContract.objects.create(operator=world.nord, merchant=world.northwind)
    assert code_of(program(*MAY).send(method, path, body, If_Match="*")) == (403, "not_your_floor")
    assert list(Place.objects.order_by("pk").values()) == before


def test_the_page_of_a_bin_renames_moves_blocks_and_frees_it(world: World) -> None:
    chen, empty = desk(world.chen), empty_bin(world)
    before = along(world.lyon)
    page = reverse("node-bin", args=[world.lyon.pk, empty.pk])
    assert f'value="{before[before.index(empty.code) - 1]}"' in chen.get(page).content.decode()
    assert chen.post(page, {"code": before[0], "after": ""}).status_code == 422
    told = chen.post(page, {"code": "n-1", "after": before[0]}, follow=True).content.decode()
    assert "The bin is called N·1 from now on." in told
    assert along(world.lyon)[:2] == [before[0], "N-1"]
    full = full_bin(world)
    told = chen.post(reverse("bin-block", args=[full.pk]), {"why": "wet"}, follow=True).content.decode()
    assert "Move them to another bin first." in told
    assert (
        "Say in a few words why."
        in chen.post(reverse("bin-block", args=[empty.pk]), {"why": " "}, follow=True).content.decode()
    )
    told = chen.post(reverse("bin-block", args=[empty.pk]), {"why": "A post is bent"}, follow=True).content.decode()
    assert "Bin N·1 is blocked" in told
    assert "A post is bent" in told
    listed = chen.get(reverse("stock-bin", args=[empty.pk]), follow=True).content.decode()
    assert "A post is bent" in listed
    chen.post(reverse("bin-use", args=[empty.pk]))
    assert Place.objects.get(pk=empty.pk).active


def test_the_page_of_the_walk_orders_aisles_by_their_numbers(world: World) -> None:
    chen, before = desk(world.chen), along(world.lyon)
    page = reverse("node-walk", args=[world.lyon.pk])
    assert "In which order pickers pass the aisles of" in chen.get(page).content.decode()
    typed: dict[str, Any] = {"place-A": 1, "place-B": 2, "place-C": 0}
    assert chen.post(page, {**typed, "place-A": "x"}).status_code == 422
    assert chen.post(page, typed).status_code == 302
    assert along(world.lyon) == [*[c for c in before if c[0] == "C"], *[c for c in before if c[0] != "C"]]


@pytest.mark.parametrize("name", ["node-bin", "node-walk", "bin-block", "bin-use"])
def test_only_a_manager_of_its_operator_changes_a_floor(world: World, name: str) -> None:
    ours, others = world.bins()[0], Place.objects.filter(node=world.montreal, kind="bin")[0]
    arguments = {"node-bin": lambda one: [one.node_id, one.pk], "node-walk": lambda one: [one.node_id]}
    of = arguments.get(name, lambda one: [one.pk])
    assert desk(world.ada).post(reverse(name, args=of(ours)), {"why": "x"}).status_code == 403
    assert desk(world.chen).post(reverse(name, args=of(others)), {"why": "x"}).status_code == 404
    find(world.sku("MUG"), 1, at=spot_of(ours))
