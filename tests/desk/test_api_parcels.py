"""Orders of one customer sent in one parcel over the API, and by themselves again: each judged by itself."""

from typing import Any

import pytest

from colisage.orders.models import FulfillmentOrder, OrderChange
from tests.books import balanced
from tests.cast import CAMILLE, World
from tests.orders.parts import part_of
from tests.program import Make, code_of, program, statements, stranger

__all__ = ["balanced", "program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")
ELSEWHERE = {**CAMILLE, "line1": "9 rue Lepic"}


def placed(world: World, **changes: Any) -> int:
    return part_of(world, ("CARTE", 1), **changes).order_id or 0


def outcomes(answer: Any) -> list[tuple[int, str, str]]:
    assert answer.status_code == 200, answer.content
    return [(one["id"], one["outcome"], one.get("code", "")) for one in answer.json()["results"]]


def test_orders_of_one_customer_and_address_go_in_one_parcel(world: World, program: Make) -> None:
    one, other, apart = placed(world), placed(world), placed(world, ship_to=ELSEWHERE)
    ask = program("orders:change", "orders:read")
    body = {"orders": [one, other, apart, 999_999]}
    assert outcomes(ask.post("orders/merge", body)) == [
        (one, "merged", ""),
        (other, "merged", ""),
        (apart, "refused", "no_companion"),
        (999_999, "refused", "not_there"),
    ]
    assert outcomes(ask.post("orders/merge", {"orders": [one, other]})) == [
        (one, "unchanged", ""),
        (other, "unchanged", ""),
    ]
    assert [ask.read(f"orders/{pk}")["together"] for pk in (one, other, apart)] == [[other], [one], []]
    assert [told["together"] for told in ask.read("orders")["items"]] == [[], [one], [other]]


def test_an_order_goes_by_itself_again_until_work_has_begun(world: World, program: Make) -> None:
    ids = [placed(world) for _ in range(3)]
    ask = program("orders:change", "orders:read")
    ask.post("orders/merge", {"orders": ids})
    body = {"orders": [ids[2], 999_999]}
    assert outcomes(ask.post("orders/unmerge", body)) == [(ids[2], "unmerged", ""), (999_999, "refused", "not_there")]
    assert outcomes(ask.post("orders/unmerge", body))[0] == (ids[2], "unchanged", "")
    assert [ask.read(f"orders/{pk}")["together"] for pk in ids] == [[ids[1]], [ids[0]], []]
    FulfillmentOrder.objects.filter(order=ids[0]).update(stage="picking")
    told = [
        ask.post("orders/unmerge", {"orders": [ids[1]]}, Accept_Language=tongue).json()["results"][0]
        for tongue in ("en", "fr")
    ]
    assert {one["code"] for one in told} == {"cannot_go_together"}
    assert "being prepared" in told[0]["detail"]
    assert "déjà en préparation" in told[1]["detail"]
    assert ask.read(f"orders/{ids[0]}")["together"] == [ids[1]]


def test_a_group_of_which_one_cannot_go_is_left_as_it_is(world: World, program: Make) -> None:
    one, other = placed(world), placed(world)
    FulfillmentOrder.objects.filter(order=other).update(stage="waiting")
    answer = program("orders:change").post("orders/merge", {"orders": [one, other]})
    assert outcomes(answer) == [(pk, "refused", "cannot_go_together") for pk in (one, other)]
    assert not FulfillmentOrder.objects.exclude(together=None).exists()


def test_a_stranger_and_a_key_that_may_not_merge_nothing(world: World, program: Make, stranger: Make) -> None:
    ids = [placed(world), placed(world)]
    refused = [(pk, "refused", "not_there") for pk in ids]
    assert outcomes(stranger("orders:change").post("orders/merge", {"orders": ids})) == refused
    program("orders:change").post("orders/merge", {"orders": ids})
    assert outcomes(stranger("orders:change").post("orders/unmerge", {"orders": ids})) == refused
    for path in ("orders/merge", "orders/unmerge"):
        assert code_of(program("orders:read", "orders:write").post(path, {"orders": ids})) == (401, "unauthorized")
        assert code_of(program("orders:change").post(path, {"orders": []})) == (422, "malformed")
    assert FulfillmentOrder.objects.filter(together=None).count() == 0


def test_the_same_request_again_and_a_rehearsal_do_nothing_more(world: World, program: Make) -> None:
    ids = [placed(world), placed(world)]
    ask = program("orders:change")
    assert outcomes(ask.post("orders/merge", {"orders": ids}, Dry_Run="true")) == [(pk, "merged", "") for pk in ids]
    assert not OrderChange.objects.exists()
    first = ask.post("orders/merge", {"orders": ids}, Idempotency_Key="a")
    assert ask.post("orders/merge", {"orders": ids}, Idempotency_Key="a").content == first.content
    assert OrderChange.objects.count() == 2


def test_many_orders_cost_as_many_statements_as_two(world: World, program: Make) -> None:
    ask = program("orders:change", "orders:read")

    def pairs(first: int, last: int) -> list[int]:
        return [placed(world, email=f"c{n}@example.com") for n in range(first, last) for _ in range(2)]

    few, many = pairs(0, 1), pairs(1, 7)
    for path in ("orders/merge", "orders/unmerge"):
        costs = [statements(lambda ids=ids, path=path: ask.post(path, {"orders": ids})) for ids in (few, many)]  # type: ignore[misc]
        assert costs[0] == costs[1]
    ask.post("orders/merge", {"orders": [*few, *many]})
    costs = [statements(lambda limit=limit: ask.read("orders", limit=limit)) for limit in (2, 14)]  # type: ignore[misc]
    assert costs[0] == costs[1]
