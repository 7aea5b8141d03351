"""Changing an order after it was accepted: asked with how it shall look, done as the floor allows, or refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from colisage.inventory.actions.reserve import lock_free
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, tell_deeds
from colisage.kit.errors import NotThere
from colisage.kit.paid import tax_on
from colisage.orders.actions.advance_stage import advance_stage
from colisage.orders.actions.claim_parts import claim_parts
from colisage.orders.actions.extend_parts import NoStockForChange, extend_parts
from colisage.orders.actions.leave_out_inserts import take_back_inserts
from colisage.orders.actions.note_change import note_change
from colisage.orders.actions.part_ways import part_ways
from colisage.orders.actions.place_orders import NewLine
from colisage.orders.actions.settle_parts import settle_parts
from colisage.orders.actions.shrink_parts import shrink_parts
from colisage.orders.events import OrderCancelled
from colisage.orders.models import Hold, Order, OrderChange, OrderLine
from colisage.orders.problem import (
    FIELDS,
    MOST_UNITS,
    UNTIL_THE_LABEL,
    ChangedMeanwhile,
    OrderIsNotOpen,
    TooLateToChange,
    UnknownSku,
    WrongPromisedDay,
    WrongUnits,
    WrongWantedDay,
    check_days,
    each_of,
    fields_of,
    grows,
    is_sent,
    kind_of,
    line_facts,
    raised,
    too_late,
    units_of,
)
from colisage.orders.queries import Part, parts_of
from colisage.orders.queries.changes import comes_to, last_number, paid_of
from colisage.orders.rules import CANCELLABLE, address_verdict, growth_verdict

__all__ = [
    "Changed", "ChangedMeanwhile", "NoStockForChange", "OrderIsNotOpen", "TooLateToChange", "UnknownSku", "Wish",
    "WrongPromisedDay", "WrongUnits", "WrongWantedDay", "change_order",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How an order shall look; None leaves a thing as it is.

    `cleared` names the days (`promised_on`, `wanted_on`) that no longer hold. `quantities` are the units wanted of
    lines, by id (0: none); lines that are not named stay. Addresses are mappings with name, company, line1, line2,
    postcode, city, region, country, phone.
    """

    ship_to: Mapping[str, Any] | None = None
    bill_to: Mapping[str, Any] | None = None
    email: str | None = None
    phone: str | None = None
    customer_name: str | None = None
    shipping_method: str | None = None
    promised_on: date | None = None
    wanted_on: date | None = None
    customer_note: str | None = None
    gift_note: str | None = None
    cleared: frozenset[str] = frozenset()
    quantities: Mapping[int, int] = field(default_factory=dict)
    added: tuple[NewLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change did: the document's id (None: nothing differed), the cents and the units it comes to."""

    change_id: int | None = None
    price_cents: int = 0
    given_back: int = 0
    held: int = 0
    owed: int = 0
    cancelled: bool = False  # nothing is left of the order


@transaction.atomic
def change_order(
    merchant_id: int,
    *,
    order_id: int,
    wish: Wish,
    actor: Actor,
    reason: str = "",
    source: str = "person",
    key: str = "",
    seen: int | None = None,
) -> Changed:
    """Make an open order look as wished, all of it or nothing; write the document of it.

    Stock follows exactly once: what is not wanted any more is given back, what is added is promised as at acceptance,
    and the parts that nobody works on follow. `key` is the other side's own identity of the change: a second time it
    changes nothing and gives what the first did. Where nothing is left, the order is cancelled.

    Who decided by what a page showed says so with `seen`, the number of the last change it knew: when there is a later
    one, `ChangedMeanwhile` is raised.

    Raises `TooLateToChange` (what to do instead is said), `OrderIsNotOpen`, `NoStockForChange`, `UnknownSku`,
    `WrongUnits`, `WrongWantedDay`, `WrongPromisedDay`, and `NotThere` for another merchant's order or line.
    """
    order = Order.objects.select_for_update(no_key=True, of=("self",)).select_related("channel")
    found = order.filter(merchant_id=merchant_id, pk=order_id).first()
    if found is None:
        raise NotThere
    if key and (known := OrderChange.objects.filter(order=found, key=key).first()):
        return Changed(known.pk, known.price_cents, known.given_back, known.held, known.owed)
    if seen is not None and seen != last_number(found.pk):
        raise ChangedMeanwhile(number=found.number)
    if found.state != "open":
        raise OrderIsNotOpen(number=found.number)
    claim_parts([part.id for part in parts_of([found.pk])[found.pk]])
    work = _Work(found, parts=parts_of([found.pk])[found.pk], actor=actor)
    work.do(wish)
    return work.write(reason=reason, source=source, key=key[:200])


class _Work:
    """One change under its locks: the order, then its parts, then stock."""

    def __init__(self, order: Order, *, parts: Sequence[Part], actor: Actor) -> None:
        self.order, self.parts, self.actor = order, parts, actor
        self.lines = list(OrderLine.objects.filter(order=order).order_by("position"))
        self.paid, self.was = paid_of(order, self.lines), self._net()
        # Tax told of the order alone is split by the prices of its lines: one line with a tax would take it all.
        self.taxed = not order.tax_cents or any(line.tax_cents for line in self.lines)
        self.before: dict[str, Any] = {}
        self.after: dict[str, Any] = {}
        self.kind = ""
        self.given, self.held, self.owed = 0, 0, 0

    def do(self, wish: Wish) -> None:
        """Judge and carry out what differs."""
        self.before, self.after = fields_of(self.order, {name: getattr(wish, name) for name in FIELDS}, wish.cleared)
        check_days(self.order, self.after)
        units = units_of(self.lines, wish.quantities)
        if any(not 0 < line.quantity <= MOST_UNITS for line in wish.added):
            raise WrongUnits
        sent = (line for line in wish.added if line.requires_shipping and not line.served_by)
        if unknown := next((line for line in sent if line.sku_id is None), None):
            raise UnknownSku(code=unknown.sku_code)
        if not (self.after or units or wish.added):
            return
        self.kind = kind_of(self.after, units=units, added=bool(wish.added))
        self._set_fields()
        if units or wish.added:
            self._set_lines(units, added=wish.added)

    def _set_fields(self) -> None:
        verdict = address_verdict([part.stage for part in self.parts])
        if verdict and self.after.keys() & UNTIL_THE_LABEL:
            raise too_late(verdict, name=self.order.number)
        if "ship_to" in self.after:
            self._leave_shared()
        for name, value in self.after.items():
            setattr(self.order, name, value)

    def _leave_shared(self) -> None:
        """Leave the parcel it shares: it goes elsewhere. Too late once the floor has begun with it."""
        shared = [part for part in self.parts if part.together is not None]
        if any(part.stage not in CANCELLABLE for part in shared):
            raise too_late("together", name=self.order.number)
        part_ways([part.id for part in shared], why="address", actor=self.actor)

    def _set_lines(self, units: Mapping[int, int], *, added: Sequence[NewLine]) -> None:
        """Let lines fall, rise and come; availability of all their SKUs is locked before the first promise moves."""
        lines = {line.pk: line for line in self.lines}
        falls = {pk: -n for pk, n in units.items() if n < 0}
        rises = {pk: n for pk, n in units.items() if n > 0}
        growth = growth_verdict([part.stage for part in self.parts])
        if growth and grows(lines, units, added=added):
            raise too_late(growth, name=self.order.number)
        told = [lines[pk] for pk in sorted(units)]
        self.before["lines"] = [line_facts(line) for line in told]
        fresh = self._add(added)
        lines |= {line.pk: line for line in fresh}
        skus = {sku for pk in (*units, *(x.pk for x in fresh)) for sku in each_of(lines[pk])}
        lock_free(skus | {row[2] for part in self.parts for row in part.lines if row[1] is None})  # a part may end
        sent = {pk: n for pk, n in falls.items() if is_sent(lines[pk])}
        self.given = shrink_parts(sent, lines=lines, parts=self.parts) if sent else 0
        for pk, n in falls.items():
            lines[pk].cancelled += n
        self._raise(rises, lines=lines)
        more = rises | {line.pk: line.quantity for line in fresh}
        more = {pk: n for pk, n in more.items() if is_sent(lines[pk])}
        if more:
            self.held, self.owed = extend_parts(self.order, more, lines=lines, parts=self.parts, held=self._is_held())
        self.lines += fresh
        self.after["lines"] = [line_facts(line) for line in (*told, *fresh)]
        moved = ["quantity", "cancelled", "joined", "joined_tax_cents", "tax_cents"]
        OrderLine.objects.bulk_update(told, moved, batch_size=500)
        self._drop_empty()
        settle_parts([self.order.pk])

    def _drop_empty(self) -> None:
        """End the parts that send nothing any more; an insert alone is not sent, another part may take it."""
        idle = [p for p in parts_of([self.order.pk])[self.order.pk] if p.stage in CANCELLABLE]
        empty = [p for p in idle if all(row[1] is None for row in p.lines)]
        take_back_inserts([row[0] for p in empty for row in p.lines])
        advance_stage([p.id for p in empty], before=sorted(CANCELLABLE), after="cancelled", actor=self.actor)

    def _raise(self, rises: Mapping[int, int], *, lines: Mapping[int, OrderLine]) -> None:
        for pk, n in rises.items():
            rise = raised(lines[pk], n)
            cents = rise * lines[pk].unit_price_cents
            tax = tax_on(cents, paid=self.paid, line_id=pk)
            self._join(lines[pk], rise, tax=tax)
            self._cost(cents, tax=tax)

    def _add(self, added: Sequence[NewLine]) -> list[OrderLine]:
        last = max((line.position for line in self.lines), default=0)
        fresh = [
            OrderLine(
                merchant_id=self.order.merchant_id, order_id=self.order.pk, position=position, sku_id=line.sku_id,
                sku_code=line.sku_code, name=line.name, quantity=line.quantity,
                unit_price_cents=line.unit_price_cents, discount_cents=line.discount_cents, tax_cents=line.tax_cents,
                requires_shipping=line.requires_shipping, recipe=line.recipe, external_ref=line.external_ref,
                personalisation=line.personalisation, served_by=line.served_by, joined=0, joined_tax_cents=0,
            )
            for position, line in enumerate(added, last + 1)
        ]  # fmt: skip
        for line in fresh:
            self._cost(line.quantity * line.unit_price_cents - line.discount_cents, tax=line.tax_cents)
            tax, line.tax_cents = line.tax_cents, 0
            self._join(line, line.quantity, tax=tax)
        return OrderLine.objects.bulk_create(fresh)

    def _join(self, line: OrderLine, units: int, *, tax: int) -> None:
        """Remember the units of a line that joined after acceptance: cancelled, they give back what they cost."""
        line.joined += units
        line.joined_tax_cents += tax
        line.tax_cents += tax if self.taxed else 0

    def _cost(self, cents: int, *, tax: int) -> None:
        """Let the order as a whole come to more."""
        self.order.tax_cents += tax
        self.order.total_cents += cents if self.order.prices_include_tax else cents + tax

    def _is_held(self) -> bool:
        return Hold.objects.filter(order=self.order, released_at=None).exists()

    def _net(self) -> int:
        return comes_to(self.order, self.lines)

    def write(self, *, reason: str, source: str, key: str) -> Changed:
        """Write the order and the document, and tell it; nothing when nothing differs."""
        if not self.kind:
            return Changed()
        order = self.order
        ended = bool(self.lines) and all(line.cancelled >= line.quantity for line in self.lines)
        if ended:
            order.state = "cancelled"
        order.save(update_fields=["state", "tax_cents", "total_cents", *(self.after.keys() & FIELDS.keys())])
        made = note_change(
            order, kind=self.kind, before=self.before, after=self.after, reason=reason, source=source, key=key,
            price_cents=self._net() - self.was, given_back=self.given, held=self.held, owed=self.owed, actor=self.actor,
        )  # fmt: skip
        if ended:
            tell_deeds(
                [OrderCancelled(merchant_id=order.merchant_id, order_id=order.pk)],
                [Deed("order", order.pk, "order_cancelled", {}, merchant_id=order.merchant_id)],
                actor=self.actor,
            )
        return Changed(made.pk, made.price_cents, self.given, self.held, self.owed, ended)
