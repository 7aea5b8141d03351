"""A node is closed for good when nothing lies there and nobody works on anything, and used again."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from colisage.inventory.actions.count_bins import count_bins
from colisage.inventory.models import Reservation, StockCell
from colisage.kit.actors import SYSTEM
from colisage.kit.models import AuditEntry
from colisage.network.models import Node, NodeService
from colisage.network.queries import node_ids_serving
from colisage.people.models import ServiceContract, User
from tests.books import balanced, lose, spot_of
from tests.cast import World
from tests.orders.parts import part_of
from tests.program import Make, code_of, program, stranger

__all__ = ["balanced", "program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")


def desk(person: User) -> Client:
    client = Client()
    client.force_login(person)
    client.cookies["language"] = "en"
    return client


def clear(world: World) -> None:
    """Take all goods out of Lyon, for another merchant's too."""
    for cell in StockCell.objects.filter(node=world.lyon, kept=True, qty__gt=0).select_related("sku", "place"):
        lose(cell.sku, cell.qty, at=spot_of(cell.place, lot_id=cell.lot_id))


def serves_elsewhere(world: World) -> None:
    NodeService.objects.get_or_create(node=world.montreal, merchant=world.tilleul)


def reasons(answer: Any) -> list[str]:
    assert code_of(answer) == (409, "node_in_use")
    return [one["code"] for one in answer.json()["errors"]]


def test_while_goods_lie_there_or_work_is_open_it_is_refused_with_each_reason(world: World, program: Make) -> None:
    ask = program("network:read", "nodes:write")
    part_of(world, ("MUG", 1))
    place = world.bins()[11]
    count_bins(world.nord.pk, node_id=world.lyon.pk, bins=[(place.pk, "hand")], actor=SYSTEM)
    found = reasons(ask.post("nodes/LYON/close", {"reason": "We move"}))
    assert set(found) >= {"places", "promised", "parts", "counts"}
    assert Node.objects.get(pk=world.lyon.pk).active
    assert not AuditEntry.objects.filter(verb="node_closed").exists()


def test_the_only_node_of_a_merchant_stays(world: World, program: Make) -> None:
    NodeService.objects.filter(merchant=world.tilleul).exclude(node=world.lyon).delete()
    clear(world)
    answer = program("nodes:write").post("nodes/LYON/close", {"reason": "We move"})
    assert reasons(answer) == ["only_node"]
    assert "Maison Tilleul" in answer.json()["detail"]


def test_an_empty_node_is_closed_serves_nobody_and_is_used_again(world: World, program: Make) -> None:
    serves_elsewhere(world)
    clear(world)
    ask = program("network:read", "nodes:write")
    assert world.lyon.pk in node_ids_serving([world.tilleul.pk])[world.tilleul.pk]
    closed = ask.post("nodes/lyon/close", {"reason": "We move"})
    assert closed.status_code == 200, closed.content
    assert (closed.json()["active"], closed.json()["closed_why"]) == (False, "We move")
    assert world.lyon.pk not in node_ids_serving([world.tilleul.pk])[world.tilleul.pk]
    assert ask.post("nodes/LYON/close", {"reason": "Once more"}).json()["closed_why"] == "We move"
    assert code_of(ask.post("nodes/LYON/zones", {"zones": [{"code": "Z"}]})) == (404, "not_there")
    opened = ask.post("nodes/LYON/open")
    assert (opened.json()["active"], opened.json()["closed_why"]) == (True, "")
    assert list(AuditEntry.objects.filter(doc_kind="node").order_by("pk").values_list("verb", flat=True)) == [
        "node_closed", "node_opened_again",
    ]  # fmt: skip
    assert not Reservation.objects.filter(node=world.lyon).exists()


def test_the_page_says_what_stands_in_the_way_and_closes_when_nothing_does(world: World) -> None:
    serves_elsewhere(world)
    chen = desk(world.chen)
    page = reverse("node-shut", args=[world.lyon.pk])
    told = chen.get(page).content.decode()
    assert "cannot be closed yet" in told
    assert "Goods lie in" in told
    assert chen.post(page, {"why": "We move"}).status_code == 422
    clear(world)
    assert "Nothing lies there" in chen.get(page).content.decode()
    assert "Say in a few words why." in chen.post(page, {"why": " "}).content.decode()
    told = chen.post(page, {"why": "We move"}, follow=True).content.decode()
    assert "This node is closed for good." in told
    assert "We move" in told
    assert "closed for good" in chen.get(reverse("nodes")).content.decode()
    told = chen.post(reverse("node-use-again", args=[world.lyon.pk]), follow=True).content.decode()
    assert "is used again" in told


def test_only_who_runs_a_node_closes_it(world: World, program: Make, stranger: Make) -> None:
    clear(world)
    serves_elsewhere(world)
    for name in ("node-shut", "node-use-again"):
        assert desk(world.ada).post(reverse(name, args=[world.lyon.pk]), {"why": "x"}).status_code == 403
        assert desk(world.chen).post(reverse(name, args=[world.montreal.pk]), {"why": "x"}).status_code == 404
    for path, body in (("nodes/LYON/close", {"reason": "x"}), ("nodes/LYON/open", None)):
        assert code_of(program("network:read").post(path, body)) == (401, "unauthorized")
        assert code_of(stranger("nodes:write").post(path, body)) == (404, "not_there")
    ServiceContract.objects.create(operator=world.nord, merchant=world.northwind)
    assert code_of(program("nodes:write").post("nodes/LYON/close", {"reason": "x"})) == (403, "not_your_floor")
    assert Node.objects.get(pk=world.lyon.pk).active
