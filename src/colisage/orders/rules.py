"""Pure decisions about orders: which stage may follow which, what holds an order, how a refusal is told."""

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MOVES: Final[Mapping[str, frozenset[str]]] = {
    "waiting": frozenset({"ready", "cancelled"}),
    "ready": frozenset({"released", "waiting", "cancelled"}),
    "released": frozenset({"picking", "picked", "ready", "waiting", "cancelled"}),
    "picking": frozenset({"picked", "ready", "waiting", "cancelled"}),
    "picked": frozenset({"packed", "cancelled"}),
    "packed": frozenset({"labelling", "cancelled"}),
    "labelling": frozenset({"labelled", "packed", "cancelled"}),
    "labelled": frozenset({"handed_over", "packed", "cancelled"}),
    "handed_over": frozenset({"delivered", "problem"}),
    "problem": frozenset({"handed_over", "delivered", "cancelled"}),
    "delivered": frozenset(),
    "cancelled": frozenset(),
}
ONE_COUNTS: Final = frozenset({"node", "packaging", "service", "priority"})  # kinds of instructions; slips take all
CANCELLABLE: Final = frozenset({"waiting", "ready"})  # later stages need a person on the floor
ON_FLOOR: Final = frozenset({"released", "picking", "picked", "packed", "labelling", "labelled"})  # at work, not gone

HOLD_REASONS: Final[Mapping[str, str | Promise]] = {
    "no_address": _("The delivery address is missing."),
    "no_postcode": _("The postcode is missing."),
    "bad_postcode": _("The postcode does not fit the country."),
    "postcode_city": _("The postcode and the town do not belong together."),
    "no_region": _("The region (state, province) is missing or is not one of the country."),
    "no_city": _("The town is missing."),
    "no_name": _("The recipient’s name is missing."),
    "unknown_country": _("The country is not known."),
    "not_paid": _("The payment has not arrived."),
    "paid_back": _("The money was paid back: cancel the order, or release it to be sent."),
    "unknown_sku": _("A SKU is not in the catalogue."),
    "amounts_differ": _("The lines do not add up to the total."),
    "changed_in_shop": _("The shop changed this order after work on it had begun."),
    "change_untaken": _("The shop changed this order, and that could not be taken over: its message says why."),
    "cancelled_in_shop": _("The shop cancelled this order after work on it had begun."),
    "lost_in_shop": _(
        "The shop does not have this order any more, and it is not sure that somebody deleted it: cancel it, or "
        "release it to be sent."
    ),
    "collected": _(
        "The customer collects it: no parcel goes out. Complete it in the shop when it is handed over, or release it "
        "to be sent to the address it has."
    ),
    "sent_elsewhere": _("The shop says that something of this order was sent, or is to be sent, by another way."),
    "shop_holds": _("It is on hold in the shop."),
    "shop_payment": _("It is on hold in the shop: the payment is awaited."),
    "shop_risk": _("It is on hold in the shop: it may be fraud."),
    "shop_address": _("It is on hold in the shop: the address is wrong."),
    "shop_stock": _("It is on hold in the shop: stock is missing, or its day is not known."),
    "shop_return": _("It is on hold in the shop: something is to come back first."),
    "shop_later": _("The shop wants it to be sent later."),
    "cancel_asked": _("The customer asks the shop to cancel this order: cancel it, or release it to be sent."),
    "possible_duplicate": _("The same customer ordered the same things moments before."),
    "risk_signals": _("Several signs together say that it may not be meant honestly."),
    "node_disrupted": _("The node that sends it cannot work."),
    "carrier_disrupted": _("Its carrier cannot carry it."),
    "lane_disrupted": _("Nothing can be carried to its destination."),
    "supplier_disrupted": _("The supplier of what is missing cannot deliver."),
}


LEFT_OUT: Final[Mapping[str, str | Promise]] = {  # why an insert is left out
    "none_free": _("none was free where the order is sent from"),
    "too_late": _("the order was on the floor already"),
    "lost": _("it was not in its bin"),
    "unfit": _("it has no stock of its own, or serial numbers"),
}


EXPECTED_WHY: Final[Mapping[str, str | Promise]] = {  # why what is owed is expected on its day
    "dock": _("it has come and is being put away"),
    "ordered": _("a purchase order comes then"),
    "announced": _("the supplier announced a delivery"),
    "transit": _("units are on their way from another node"),
    "lead_time": _("nothing is ordered; the supplier takes that long"),
    "preorder": _("pre-ordered, and it leaves from that day on"),
    "undated": _("a delivery without a day is on its way"),
    "here": _("it is here and waits for its turn"),
    "unknown": _("nothing is on its way"),
}


def later(on: date | None, told: date | None) -> bool:
    """Say whether a day is later than another one; no day is later than any, and after no day nothing is."""
    return told is not None and (on is None or on > told)


# --- whose turn it is


@dataclass(frozen=True, slots=True)
class Criterion:
    """What puts an order before others: a kind of `models.TurnKind`, and what it is compared with."""

    kind: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Waiter:
    """An order that waits, as far as turns need to know it."""

    method: str
    wanted_on: date | None
    tags: tuple[str, ...]
    channel: str
    is_business: bool


def meets(one: Criterion, waiter: Waiter) -> bool:
    """Say whether an order goes before those that do not meet a criterion; capitals do not matter."""
    words = [word.strip().casefold() for word in one.value.split(",") if word.strip()]
    return {
        "express": any(word in waiter.method.casefold() for word in words),
        "wanted": waiter.wanted_on is not None,
        "tag": any(tag.casefold() in words for tag in waiter.tags),
        "channel": waiter.channel.casefold() in words,
        "business": waiter.is_business,
    }[one.kind]


def turn_of(criteria: Sequence[Criterion], waiter: Waiter) -> str:
    """Give what orders are sorted by before their age: the lower is served first. Empty: by age alone."""
    return "".join(
        f"{waiter.wanted_on or date.max:%Y%m%d}" if one.kind == "wanted" else "0" if meets(one, waiter) else "1"
        for one in criteria
    )


CHARGES: Final[Mapping[str, str | Promise]] = {
    "tip": _("Tip"),
    "fee": _("Fee"),
    "duty": _("Duties"),
    "gift_card": _("Gift card"),
    "refund": _("Paid back by the shop"),
    "rounding": _("Rounding"),
    "difference": _("Difference that nothing explains"),
    "change": _("Changed by the shop"),
}
OF_THE_ORDER: Final = frozenset({"tip", "fee"})  # stay while anything of the order does; a negative fee is a discount


def may_move(before: str, after: str) -> bool:
    """Say whether a fulfilment order may go from one stage to another."""
    return after in MOVES[before]


# --- several orders in one parcel

AS_ONE: Final = frozenset({"packed", "labelling", "labelled", "handed_over", "delivered", "problem"})  # one parcel
_MAIL: Final = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")
ALONE: Final = frozenset({"waiting", "cancelled"})  # what falls back to these leaves the parcel it shares


def mailable(email: str) -> bool:
    """Say whether a mail can be sent there: names before and behind one `@`, the one behind with a dot in it."""
    return _MAIL.fullmatch(email.strip()) is not None


def person_of(email: str, *, name: str, phone: str) -> str:
    """Give what two orders of one person have in common: the e-mail address, or name and telephone number."""
    if email.strip():
        return email.strip().casefold()
    digits = "".join(sign for sign in phone if sign.isdigit())[-9:]
    return f"{_bare(name)} {digits}" if _bare(name) and digits else ""


def door_of(address: Mapping[str, object] | None) -> str:
    """Give what two addresses have in common that are the same door: case, spaces and punctuation do not count."""
    parts = ("name", "company", "line1", "line2", "postcode", "city", "region", "country", "pickup_point")
    return "|".join(_bare(str((address or {}).get(part) or "")) for part in parts).strip("|")


def doorstep_of(
    address: Mapping[str, object] | None, *, email: str, name: str, phone: str, shipping_method: str
) -> str:
    """Give a digest that two orders have in common when one parcel could hold both; "" of one that says too little."""
    person, door = person_of(email, name=name, phone=phone), door_of(address)
    said = f"{person}\0{door}\0{shipping_method}"
    return hashlib.blake2b(said.encode(), digest_size=16).hexdigest() if person and door else ""


def _bare(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


# --- changes after acceptance

CHANGE_REASONS: Final[Mapping[str, str | Promise]] = {
    "customer_asked": _("The customer asked for it."),
    "out_of_stock": _("It is out of stock."),
    "damaged": _("It is damaged."),
    "wrong_price": _("The price was wrong."),
    "address_suggestion": _("The address was corrected as suggested."),
    "wrong_address": _("The address was wrong."),
    "duplicate": _("It was ordered twice."),
    "risk": _("The order looks like fraud."),
    "shop_changed": _("The shop changed the order."),
    "other": _("Another reason."),
}
GONE: Final = frozenset({"handed_over", "delivered", "problem"})  # units have left the house
AT_THE_LABEL: Final = frozenset({"labelling", "labelled"})


def address_verdict(stages: Collection[str]) -> str:
    """Say whether an address may still change: "" when it may, else why not (`label`, `gone`)."""
    alive = set(stages) - {"cancelled"}
    if alive & AT_THE_LABEL:
        return "label"
    return "gone" if alive and alive <= GONE else ""


def growth_verdict(stages: Collection[str]) -> str:
    """Say whether an order may grow, by the stages of its parts: "" when it may, else why not (`floor`, `gone`)."""
    alive = set(stages) - {"cancelled"}
    if alive & GONE:
        return "gone"
    return "floor" if alive and not alive & CANCELLABLE else ""


def cancel_verdict(parts: Iterable[tuple[str, bool]], *, on_floor: bool) -> str:
    """Say why parts cannot be cancelled, by (stage, whether others go in its parcel): "" when all can.

    `work` has begun, unless that is no reason (`on_floor`); something is `gone`; what was picked lies among what others
    get (`shared`).
    """
    late = [(stage, shared) for stage, shared in parts if stage not in CANCELLABLE | {"cancelled"}]
    if late and not on_floor:
        return "work"
    if any(stage not in ON_FLOOR for stage, _shared in late):
        return "gone"
    return "shared" if any(shared and stage not in {"released", "picking"} for stage, shared in late) else ""


def fall_verdict(stages: Collection[str]) -> str:
    """Say why units of parts at these stages cannot be cancelled any more (`floor`, `label`, `gone`)."""
    alive = set(stages) - {"cancelled"} - CANCELLABLE
    return "floor" if alive - GONE - AT_THE_LABEL else "label" if alive & AT_THE_LABEL else "gone"


@dataclass(frozen=True, slots=True)
class Piece:
    """Units of an order line that a part will send: one fulfilment line."""

    part_id: int
    stage: str
    node_id: int
    line_id: int
    sku_id: int
    units: int
    reservation_id: int | None


def shrink(sets: int, *, each: Mapping[int, int], pieces: Sequence[Piece]) -> list[tuple[Piece, int]] | None:
    """Say by how many units to lower each fulfilment line so that an order line loses so many sets.

    `each` are the units of each SKU in one of it. Whole sets are taken from a part: from those that wait first, then
    the last made. None when the parts that nobody works on do not have as many.
    """
    taken: list[tuple[Piece, int]] = []
    free = [piece for piece in pieces if piece.stage in CANCELLABLE]
    parts = {piece.part_id: piece.stage for piece in free}
    for part in sorted(parts, key=lambda pk: (parts[pk] != "waiting", -pk)):
        own = [piece for piece in free if piece.part_id == part]
        there = {sku: sum(p.units for p in own if p.sku_id == sku) for sku in each}
        some = min(sets, *(there[sku] // n for sku, n in each.items()))
        sets -= some
        for sku, n in each.items():
            taken += _from_pieces(some * n, [piece for piece in own if piece.sku_id == sku])
    return None if sets else taken


def _from_pieces(units: int, pieces: Sequence[Piece]) -> Iterable[tuple[Piece, int]]:
    for piece in sorted(pieces, key=lambda piece: -piece.line_id):
        some = min(units, piece.units)
        units -= some
        if some:
            yield piece, some


def stages_to_be(
    pieces: Sequence[Piece], *, owners: Mapping[int, int], kept: Mapping[tuple[int, int, int], int]
) -> dict[int, str]:
    """Say for the parts that are owed or ready which of both they should be, where it differs.

    `owners` is the order line of each fulfilment line, `kept` are the units that are there by (order line, SKU, node).
    What is on the floor or further has its units first, then what is ready, then what waits, the first made first.
    """
    left = Counter(kept)
    stages = {piece.part_id: piece.stage for piece in pieces}
    needed: dict[int, Counter[tuple[int, int, int]]] = {part: Counter() for part in stages}
    for piece in pieces:
        needed[piece.part_id][owners[piece.line_id], piece.sku_id, piece.node_id] += piece.units
    found: dict[int, str] = {}
    turn = {"waiting": 2, "ready": 1}
    for part in sorted(stages, key=lambda pk: (turn.get(stages[pk], 0), pk)):
        enough = all(left[key] >= units for key, units in needed[part].items())
        if enough or stages[part] not in turn:
            left.subtract(needed[part])
        wanted = "ready" if enough else "waiting"
        if stages[part] in turn and stages[part] != wanted:
            found[part] = wanted
    return found


@dataclass(frozen=True, slots=True)
class Owed:
    """An open promise of an order line, as a split needs to know it; what is not `here` is owed."""

    id: int
    owner_id: int
    sku_id: int
    units: int
    here: bool


def leave_behind(
    wanted: Mapping[int, Mapping[int, int]], *, each: Mapping[int, Mapping[int, int]], promises: Sequence[Owed]
) -> dict[int, int]:
    """Give the units of each promise that a part leaves for later when what is here goes now.

    `wanted` are the units of each SKU that the part sends, by order line, `each` those in one of the line. What is owed
    stays behind, and of a bundle what would not make whole sets.
    """
    left: dict[int, int] = {}
    for owner, units in wanted.items():
        owed = Counter[int]()
        for promise in promises:
            if promise.owner_id == owner and not promise.here:
                left[promise.id] = promise.units
                owed[promise.sku_id] += promise.units
        sets = min((max(units[sku] - owed[sku], 0) // n for sku, n in each[owner].items() if sku in units), default=0)
        for sku, n in each[owner].items():
            more = units.get(sku, 0) - sets * n - owed[sku]
            for promise in promises:
                if more > 0 and promise.here and (promise.owner_id, promise.sku_id) == (owner, sku):
                    left[promise.id] = some = min(more, promise.units)
                    more -= some
    return left


@dataclass(frozen=True, slots=True)
class Wished:
    """An insert that is asked for: of which SKU, and the parts of its order as (part, node, stage)."""

    id: int
    sku_id: int
    parts: tuple[tuple[int, int, str], ...]


def place_inserts(
    wishes: Sequence[Wished], *, free: Mapping[tuple[int, int], int], unfit: Collection[int]
) -> dict[int, tuple[int, int] | str]:
    """Say for each insert in which part it goes, as (part, node), or by a code of `LEFT_OUT` why in none.

    It goes with a part that nobody works on, at whose node one is `free` (by SKU and node): those that are ready first,
    then the first made. No part is made for it, and nothing waits for it. Those whose SKU is `unfit` go in none. An
    order without any part yet is left out of the answer.
    """
    left = Counter(free)
    found: dict[int, tuple[int, int] | str] = {}
    for wish in wishes:
        alive = [part for part in wish.parts if part[2] != "cancelled"]
        open_parts = sorted((part for part in alive if part[2] in CANCELLABLE), key=lambda p: (p[2] != "ready", p[0]))
        home = next((part for part in open_parts if left[wish.sku_id, part[1]] > 0), None)
        if not alive:
            continue
        if wish.sku_id in unfit:
            found[wish.id] = "unfit"
        elif home is not None:
            left[wish.sku_id, home[1]] -= 1
            found[wish.id] = home[0], home[1]
        else:
            found[wish.id] = "none_free" if open_parts else "too_late"
    return found


def counting(kind: str, values: Sequence[str]) -> str:
    """Give the value that counts, of an instruction of which only one can: the highest priority, else the first."""
    return max(values, key=int) if kind == "priority" else values[0]
