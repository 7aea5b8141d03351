"""Money that a shop gave back, where the shop does not say whether the units had left: what left decides; pure.

What is given back for units that are still here lowers the order: they are not sent, and it costs less. What is given
back for units that left changes neither: the order stays what it was, and the refund is told beside it. Of a line of
which some left, those that did not are meant first: nobody sends what is paid back.

Told again, a refund is judged the same: what left stays gone, and an order that was lowered costs less.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from msgspec import structs

from colisage.intake.ports import DraftCharge, DraftLine, GivenBack, OrderDraft, OrderTold, RefundTold
from colisage.intake.rules.drafts import difference
from colisage.intake.rules.elsewhere import Here
from colisage.kit.money import shares


@dataclass(frozen=True, slots=True)
class Standing:
    """How an order stands here: whether it is complete, and what it comes to."""

    complete: bool
    cents: int


@dataclass(slots=True)
class _Taken:
    """What is taken off an order: of lines by the shop's name of them, of carriage, of tax, of all."""

    units: Counter[str] = field(default_factory=Counter)
    cents: Counter[str] = field(default_factory=Counter)
    taxes: Counter[str] = field(default_factory=Counter)
    shipping: int = 0
    tax: int = 0
    total: int = 0


@dataclass(slots=True)
class _Rest:
    """What a refund gives back besides units: all of it, its tax, and money of lines without units of them."""

    refund: GivenBack
    cents: int
    tax: int
    early: bool = False  # some of its units did not leave
    late: tuple[tuple[str, int, int, str], ...] = ()  # as `RefundTold.lines`


def judged(told: OrderTold, *, here: Sequence[Here] | None, standing: Standing | None) -> OrderTold:
    """Give an order lowered by what was given back before it left, and all that was given back told beside it.

    `here` and `standing` are what is known of the order, None while it is new.
    """
    if not told.given_back:
        return told
    draft, taken = told.draft, _Taken()
    closed = standing is not None and standing.complete
    pieces = [one for one in here or () if not one.served_by]
    left: Counter[str] = Counter()
    for one in pieces:
        left[one.ref] += one.units if closed else one.left
    room = Counter({line.external_ref: line.quantity for line in draft.lines})
    room.subtract(left)
    rests = [_units(refund, room, taken, gross=draft.prices_include_tax) for refund in told.given_back]
    gone = bool(pieces) and all(one.left >= one.units for one in pieces)
    _besides(rests, taken, lines=room, room=_lowered_by(draft, taken, standing), gone=closed or gone)
    some_left = any(line[2] for rest in rests for line in rest.late)
    payment = draft.payment
    if some_left and payment == "refunded":
        payment = "paid"  # it was, and what left is settled beside it
    return replace(
        told,
        draft=structs.replace(_lower(draft, taken), payment=payment),
        cancelled=told.cancelled and not some_left,
        refunds=(*told.refunds, *(_told(rest) for rest in rests if rest.refund.key)),
        given_back=(),
    )


def _units(refund: GivenBack, room: Counter[str], taken: _Taken, *, gross: bool) -> _Rest:
    """Take the units of a refund that did not leave off the order; those that left are told."""
    rest = _Rest(refund, refund.cents, refund.tax_cents)
    lines = []
    for ref, units, cents, tax in refund.lines:
        if not units or ref not in room:
            continue
        early = min(units, max(room[ref], 0))
        room[ref] -= early
        ours, ours_tax = (shares(value, weights=[early, units - early])[0] for value in (cents, tax))
        taken.units[ref] += early
        taken.cents[ref] += ours
        taken.taxes[ref] += ours_tax
        taken.tax += ours_tax
        taken.total += ours + (0 if gross else ours_tax)
        rest.cents -= cents + (0 if gross else tax)
        rest.tax -= tax
        rest.early |= early > 0
        lines.append((ref, units, units - early, ""))
    rest.late = tuple(lines)
    return rest


def _lowered_by(draft: OrderDraft, taken: _Taken, standing: Standing | None) -> int:
    """Say what an order was lowered by already, besides its units."""
    return draft.total_cents - taken.total - standing.cents if standing else 0


def _besides(rests: Sequence[_Rest], taken: _Taken, *, lines: Collection[str], room: int, gone: bool) -> None:
    """Take what is given back for no units off the order, as long as it has not left, or where it was taken off."""
    room -= sum(rest.cents for rest in rests if rest.early)
    for rest in rests:
        units_left = any(line[2] for line in rest.late)
        before = not units_left and (not gone or 0 < rest.cents <= room)
        if not (rest.early or before):
            continue
        room -= 0 if rest.early else rest.cents
        for ref, units, cents, tax in rest.refund.lines:
            if not units and ref in lines:
                taken.cents[ref] += cents
                taken.taxes[ref] += tax
        taken.shipping += rest.refund.shipping_cents
        taken.tax += rest.tax
        taken.total += rest.cents


def _lower(draft: OrderDraft, taken: _Taken) -> OrderDraft:
    lines = tuple(line for one in draft.lines if (line := _line(one, taken)) is not None)
    lower = structs.replace(
        draft,
        lines=lines,
        total_cents=draft.total_cents - taken.total,
        tax_cents=draft.tax_cents - taken.tax,
        shipping_cents=draft.shipping_cents - taken.shipping,
    )
    named = sum(taken.cents.values()) + taken.shipping + (0 if draft.prices_include_tax else taken.tax)
    unexplained = difference(lower) - difference(draft)
    if not unexplained:
        return lower
    if unexplained == named - taken.total and unexplained < 0:
        return structs.replace(lower, charges=(*draft.charges, DraftCharge("refund", unexplained)))
    if abs(unexplained) <= len(draft.lines) + len(draft.charges) + 2:  # the shop rounds each line by itself
        return structs.replace(lower, charges=(*draft.charges, DraftCharge("rounding", unexplained)))
    return lower


def _line(line: DraftLine, taken: _Taken) -> DraftLine | None:
    """Lower a line; None when all its units are given back. A discount is never negative."""
    ref = line.external_ref
    units = line.quantity - taken.units[ref]
    if units < 1:
        return None
    if not taken.units[ref] and not taken.cents[ref]:
        return line
    paid = line.total_cents - taken.cents[ref]
    unit = max(line.unit_price_cents, -(-max(paid, 0) // units))
    tax = max(line.tax_cents - taken.taxes[ref], 0)
    off = unit * units - paid
    return structs.replace(line, quantity=units, unit_price_cents=unit, discount_cents=off, tax_cents=tax)


def _told(rest: _Rest) -> RefundTold:
    refund = rest.refund
    return RefundTold(
        key=refund.key, at=refund.at, cents=refund.cents, shipping_cents=refund.shipping_cents, lines=rest.late
    )
