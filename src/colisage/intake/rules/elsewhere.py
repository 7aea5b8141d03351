"""Which units of an order are sent from here, and which by somebody else: a line of both is told as two; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from colisage.intake.ports import DraftLine, OrderDraft, OrderTold
from colisage.kit.money import shares


@dataclass(frozen=True, slots=True)
class Here:
    """Units of a line of the shop as they are known here: who sends them (nobody named: we do), and how many left."""

    ref: str
    served_by: str
    units: int
    left: int


def shared_out(told: OrderTold, *, here: Sequence[Here] | None) -> OrderDraft:
    """Give the draft of an order with the units that others send as lines of their own; its money stays to the cent.

    `here` is what is known of the order, None while it is new. What left from here is ours whatever the shop says: it
    hears of parcels later than they leave. What was sent by hand in the shop is taken back only where that delay cannot
    be the reason.
    """
    if not told.sender:
        return told.draft
    lines: list[DraftLine] = []
    for line in told.draft.lines:
        known = [one for one in here or () if one.ref == line.external_ref and one.units]
        lines += _pieces(line, _others(line, told, known)) if line.requires_shipping else [line]
    return replace(told.draft, lines=tuple(lines))


def _others(line: DraftLine, told: OrderTold, known: Sequence[Here]) -> dict[str, int]:
    """Give who else sends how many units of a line; never more than did not leave from here."""
    ours = sum(one.units for one in known if not one.served_by)
    left = min(sum(one.left for one in known), line.quantity)
    by_hand = sum(one.units for one in known if one.served_by == told.sender)
    sent = told.sent.get(line.external_ref, 0)
    if told.away is not None:
        away = dict(told.away.get(line.external_ref, {}))
        before = by_hand - away.get(told.sender, 0)
        hand = max(sent - left, before if left else 0)
    elif known:
        away = {one.served_by: one.units for one in known if one.served_by not in {"", told.sender}}
        if len(away) == 1 and not ours and not by_hand:
            away = dict.fromkeys(away, line.quantity)
        hand = max(sent - left - sum(away.values()), by_hand)
    else:
        away = {line.served_by: line.quantity} if line.served_by else {}
        hand = sent - sum(away.values())
    room = line.quantity - left
    found: dict[str, int] = {}
    for name, units in (*away.items(), (told.sender, hand)):
        if some := min(max(units, 0), room):
            found[name] = found.get(name, 0) + some
            room -= some
    return found


def _pieces(line: DraftLine, others: Mapping[str, int]) -> list[DraftLine]:
    own = line.quantity - sum(others.values())
    who = [(name, units) for name, units in (("", own), *others.items()) if units]
    if [name for name, _units in who] == [line.served_by]:
        return [line]
    weights = [units for _name, units in who]
    discounts, taxes = shares(line.discount_cents, weights=weights), shares(line.tax_cents, weights=weights)
    return [
        replace(line, quantity=units, served_by=name, discount_cents=discount, tax_cents=tax)
        for (name, units), discount, tax in zip(who, discounts, taxes, strict=True)
    ]
