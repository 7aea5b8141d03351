"""Writing clean orders: order, lines, reservations, holds, event and audit in one transaction, many at once."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import msgspec
from django.db import connection, transaction
from django.utils import timezone
from msgspec.structs import replace

from colisage.inventory.actions.end_holds import end_holds
from colisage.inventory.actions.reserve import Demand, expect_to_hold, is_certain, is_countable, reserve_or_refuse
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, tell_deeds
from colisage.kit.statements import ask, ask_along, perform, rows
from colisage.kit.turns import Turn
from colisage.orders.events import OrderAccepted


class NewLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """A clean line, as `sql/insert_orders.sql` takes it; its `id` is drawn where it is written.

    `recipe` are (SKU id, units) of a bundle; without `sku_id` the SKU is not known yet.
    """

    sku_id: int | None
    sku_code: str
    name: str
    quantity: int
    unit_price_cents: int
    id: int = 0
    discount_cents: int = 0
    tax_cents: int = 0
    requires_shipping: bool = True
    recipe: tuple[tuple[int, int], ...] | None = None
    external_ref: str = ""
    personalisation: str = ""
    served_by: str = ""


class NewOrder(msgspec.Struct, frozen=True, omit_defaults=True):
    """A clean order of one channel, as `sql/insert_orders.sql` takes it; its `id` is drawn where it is written.

    `holds` are (kind, reason) found by the checks.
    """

    merchant_id: int
    channel_id: int
    external_ref: str
    number: str
    placed_at: datetime
    currency: str
    lines: tuple[NewLine, ...]
    id: int = 0
    payment: str = "unknown"
    shipping_cents: int = 0
    discount_cents: int = 0
    charges: Sequence[Any] = ()  # of `kind`, `cents` and `name`: what is neither goods nor carriage
    tax_cents: int = 0
    total_cents: int = 0
    prices_include_tax: bool = True
    email: str = ""
    phone: str = ""
    customer_name: str = ""
    language: str = "fr"
    ship_to: object = None  # an address as a dataclass or mapping: name, company, line1, line2, postcode, city, …
    bill_to: object = None
    shipping_method: str = ""
    customer_note: str = ""
    gift_note: str = ""
    purchase_reference: str = ""
    wanted_on: date | None = None
    tags: tuple[str, ...] = ()
    quiet: bool = False
    may_owe: bool = True
    buffer: int = 0
    holds: tuple[tuple[str, str], ...] = ()
    fingerprint: str = ""
    reserves: bool = True  # a historic order that left long ago holds nothing
    hold_id: int | None = None  # what its cart held: taken over in the same breath


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one order of a batch.

    `accepted`; `duplicate`, with the id it has; `differs`, when that one came with other content; `refused` (no stock).
    """

    outcome: str
    order_id: int | None


class Drawn(NamedTuple):
    """Ids drawn for orders and lines, enough for all that may be written."""

    orders: Sequence[int]
    lines: Sequence[int]


def draw_ids(orders: int, *, lines: int) -> Callable[[], Drawn]:
    """Draw ids for so many orders and lines; they are there once the next statement is answered."""
    found = ask_along("orders", "draw_ids", [orders, lines])
    return lambda: Drawn(*found()[0])


@transaction.atomic(savepoint=False)  # hot, and nobody goes on after it failed
def place_orders(
    orders: Sequence[NewOrder], *, actor: Actor, turn: Turn | None = None, drawn: Drawn | None = None
) -> list[Answer]:
    """Accept orders, each by itself, in their order; the same reference of a channel is accepted once.

    The rows are written first and stock is locked last, so that two batches wait for each other as briefly as
    possible; whoever has batches that follow one another gives the `turn` of this one: its rows are its middle part,
    and stock its last. What no stock can refuse is told between the two, while the next batch writes its rows. The
    number of statements does not depend on the number of orders.

    With ids `drawn` before, all is written in the expectation that every order is new and finds its units at the first
    node: nothing waits for an answer. If that is not so, the transaction is undone (`kit.expected`).
    """
    if turn:
        turn.middle()
    at_once = drawn is not None
    drawn = drawn or draw_ids(len(orders), lines=sum(len(order.lines) for order in orders))()
    named = _named(orders, drawn=drawn)
    firsts = _first_of_each(named)
    if at_once and len(firsts) == len(orders) and (answers := _place_at_once(firsts, actor=actor)):
        return answers
    ((made,),) = ask("orders", "insert_orders", [rows(firsts.values()), False])
    if turn:
        turn.through()
    new = set(made)
    fresh = {n: order for n, order in firsts.items() if order.id in new}
    demands = _demands(fresh)
    certain = {n: order for n, order in fresh.items() if n not in demands or is_certain(demands[n])}

    def tell_certain() -> None:
        _tell(certain.values(), actor=actor)

    if turn:
        tell_certain()
        turn.last()
    refused = _hold_stock(fresh, demands, meanwhile=None if turn else tell_certain)
    _undo({fresh[n].id for n in refused})
    _tell([order for n, order in fresh.items() if n not in certain and n not in refused], actor=actor)
    return _answers(orders, refused=refused, fresh=fresh)


def _place_at_once(orders: Mapping[int, NewOrder], *, actor: Actor) -> list[Answer]:
    """Write orders as if nothing could stand in their way; give nothing, and write nothing, where something will."""
    if any(order.hold_id is not None for order in orders.values()):
        return []
    demands = [demand for demand in _demands(orders).values() if demand.lines]
    if not all(map(is_countable, demands)):
        return []
    ask_along("orders", "insert_orders", [rows(orders.values()), True])
    _tell(orders.values(), actor=actor)
    if demands:
        expect_to_hold(demands)
    return [Answer("accepted", order.id) for order in orders.values()]


def _named(orders: Sequence[NewOrder], *, drawn: Drawn) -> list[NewOrder]:
    """Give orders and lines their ids."""
    of_lines = iter(drawn.lines)
    return [
        replace(order, id=pk, lines=tuple(replace(line, id=next(of_lines)) for line in order.lines))
        for order, pk in zip(orders, drawn.orders, strict=False)
    ]


def _first_of_each(orders: Sequence[NewOrder]) -> dict[int, NewOrder]:
    """Give the orders whose reference no earlier one of the batch has, by number, in their order."""
    first: dict[tuple[int, str], int] = {}
    for n, order in enumerate(orders):
        first.setdefault((order.channel_id, order.external_ref), n)
    return {n: orders[n] for n in first.values()}


def _tell(accepted: Collection[NewOrder], *, actor: Actor) -> None:
    """Write the holds and tags of accepted orders, that they were accepted, and by whom."""
    _write_holds(accepted)
    _write_tags(accepted)
    tell_deeds(
        (OrderAccepted(merchant_id=order.merchant_id, order_id=order.id, quiet=order.quiet) for order in accepted),
        (
            Deed("order", order.id, "order_accepted", {"channel": order.channel_id}, merchant_id=order.merchant_id)
            for order in accepted
        ),
        actor=actor,
    )


def _demands(orders: Mapping[int, NewOrder]) -> dict[int, Demand]:
    """Give what the new orders ask for, by number, those first that take over what their cart held."""
    numbers = sorted((n for n in orders if orders[n].reserves), key=lambda n: (orders[n].hold_id is None, n))
    return {n: _demand(orders[n]) for n in numbers}


def _hold_stock(
    orders: Mapping[int, NewOrder], demands: dict[int, Demand], *, meanwhile: Callable[[], None] | None
) -> set[int]:
    """Reserve for every new order; give the numbers of those refused for want of stock. `meanwhile`: see `ask`.

    In the order of arrival, but first those that take over what their cart held: it was theirs before. The cart of an
    order that is refused keeps what it holds, for the corrected order: all is judged again without its units.
    """
    if all(orders[n].hold_id is None for n in demands):
        return _reserve(orders, demands, meanwhile=meanwhile)
    if meanwhile:
        meanwhile()
    kept: set[int] = set()
    while True:
        before = transaction.savepoint()
        refused = _reserve(orders, {n: demand for n, demand in demands.items() if n not in kept})
        losing = {n for n in refused if orders[n].hold_id is not None}
        if not losing:
            transaction.savepoint_commit(before)
            return refused | kept
        transaction.savepoint_rollback(before)
        kept |= losing


def _reserve(
    orders: Mapping[int, NewOrder], demands: dict[int, Demand], *, meanwhile: Callable[[], None] | None = None
) -> set[int]:
    """Take over the carts of orders and reserve for them, in this order; give the numbers of those refused."""
    _take_over([orders[n] for n in demands], skus={line[1] for demand in demands.values() for line in demand.lines})
    busy = {n: demand for n, demand in demands.items() if demand.lines}
    taken = reserve_or_refuse(list(busy.values()), meanwhile=meanwhile)
    return {n for n, held in zip(busy, taken, strict=True) if not held}


def _take_over(orders: Sequence[NewOrder], *, skus: Collection[int]) -> None:
    """Give back what the carts of these orders hold, a moment before the orders reserve it; nobody comes between."""
    holds = [(order.merchant_id, order.hold_id) for order in orders if order.hold_id is not None]
    if holds:
        end_holds(holds, now=timezone.now(), ordered=True, also=skus)


def _demand(order: NewOrder) -> Demand:
    wanted, bundles = [], {}
    for line in order.lines:
        if line.sku_id is None or not line.requires_shipping:
            continue
        if line.recipe is None:
            wanted.append((line.id, line.sku_id, line.quantity))
        else:
            wanted.extend((line.id, sku, units * line.quantity) for sku, units in line.recipe)
            bundles[line.id] = line.quantity
    return Demand(
        order.merchant_id,
        "order_line",
        tuple(wanted),
        may_wait=order.may_owe,
        buffer=order.buffer,
        channel_id=order.channel_id,
        bundles=bundles,
    )


def _undo(order_ids: set[int]) -> None:
    """Take refused orders out again: their rows were written a moment ago in this transaction, nobody has seen them."""
    if order_ids:
        with connection.cursor() as db:
            db.execute("DELETE FROM orders_orderline WHERE order_id = ANY (%s)", [sorted(order_ids)])
            db.execute("DELETE FROM orders_order WHERE id = ANY (%s)", [sorted(order_ids)])


def _write_holds(accepted: Iterable[NewOrder]) -> None:
    found = [
        {"merchant_id": order.merchant_id, "order_id": order.id, "kind": kind, "reason": reason}
        for order in accepted
        for kind, reason in order.holds
    ]
    if found:
        perform("orders", "insert_holds", [rows(found)])


def _write_tags(accepted: Iterable[NewOrder]) -> None:
    tagged = [
        {"merchant_id": order.merchant_id, "id": order.id, "tags": order.tags} for order in accepted if order.tags
    ]
    if tagged:
        perform("orders", "insert_tags", [rows(tagged)])


def _answers(orders: Sequence[NewOrder], *, refused: set[int], fresh: Mapping[int, NewOrder]) -> list[Answer]:
    known: dict[tuple[int, str], tuple[int, str]] = {}
    repeated = [o for n, o in enumerate(orders) if n not in fresh]
    if repeated:
        sought = [[o.channel_id for o in repeated], [o.external_ref for o in repeated]]
        found = ask("orders", "find_references", sought)
        known = {(channel, ref): (pk, fingerprint) for pk, channel, ref, fingerprint in found}
    answers = []
    for n, order in enumerate(orders):
        if n in fresh:
            answers.append(Answer("refused", None) if n in refused else Answer("accepted", fresh[n].id))
        else:
            pk, fingerprint = known.get((order.channel_id, order.external_ref), (None, ""))
            same = fingerprint == order.fingerprint
            answers.append(Answer("refused" if pk is None else "duplicate" if same else "differs", pk))
    return answers
