"""The page of one order: what it is, where it is, why, and what may be done."""

from collections import Counter
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from colisage.automation.queries import runs_told
from colisage.automation.queries.watching import suspicions_of
from colisage.catalog.queries import skus_by_id
from colisage.desk.queries.changes import summary, told_changes, what_differs
from colisage.desk.queries.holds import told_holds
from colisage.desk.queries.listing import badge_of
from colisage.desk.queries.stuck import step_name
from colisage.intake.queries.addresses import address_check
from colisage.intake.queries.messages import last_refused
from colisage.intake.queries.told import untaken_change
from colisage.inventory.queries.owed import Debt, debts_of
from colisage.kit.actors import SYSTEM
from colisage.kit.models import AuditEntry
from colisage.kit.queries import deeds_on
from colisage.network.queries import node_names
from colisage.network.queries.disruptions import about_said
from colisage.notices.queries import messages_about, token_of
from colisage.orders.queries import (
    ON_FLOOR,
    Hold,
    Order,
    OrderLine,
    Part,
    cancel_verdict,
    hold_reason,
    holds_of,
    lines_of,
    mailable,
    orders_named,
    parts_of,
)
from colisage.orders.queries.backorders import Owing, expected_words, owing_of
from colisage.orders.queries.changes import charges_told, comes_to, credit_of
from colisage.orders.queries.inserts import inserts_of, left_out_words
from colisage.orders.queries.moved_on import moved_on
from colisage.orders.queries.splitting import divisible
from colisage.orders.queries.together import aboard, could_go_with, orders_aboard
from colisage.packing.queries import parcels_of
from colisage.returns.queries import returns_of, shop_refunds_of
from colisage.shipping.queries import labels_of, whys_of
from colisage.sourcing.queries import why_of
from colisage.tracking.queries import progress_of
from colisage.ui import words

_MOVED: Final = frozenset({"paid", "authorized"})  # money is there, and what a change comes to is to be settled
_UNTOLD: Final = frozenset({"order_instructed"})  # its rule says it beside it, in words
_REACHED: Final = (
    "waiting", "ready", "released", "picking", "picked", "packed", "labelling", "labelled", "handed_over", "delivered",
)  # fmt: skip


def page_of(order: Order) -> dict[str, Any]:
    """Give everything the page of an order shows."""
    lines = lines_of([order.pk])[order.pk]
    parts = parts_of([order.pk])[order.pk]
    holds = holds_of([order.pk])[order.pk]
    nodes = node_names({part.node_id for part in parts})
    deeds = [deed for deed in deeds_on("order", doc_id=order.pk) if deed.verb not in _UNTOLD]
    open_holds = [h for h in holds if h.released_at is None and order.state == "open"]
    changes = told_changes(order)
    runs = runs_told(order.merchant_id, run_ids=runs_in(deeds))
    ahead = divisible(order.merchant_id, parts=parts) if order.state == "open" else set()
    too_late = cancel_verdict(((p.stage, p.together is not None) for p in parts), on_floor=True)
    moved = moved_on(lines)
    return {
        "order": order,
        "badge": badge_of(order, held=bool(open_holds), stages=[p.stage for p in parts]),
        "lines": _lines(order, lines, parts, owing=owing_of([order.pk]).get(order.pk, []), moved=moved),
        "inserts": inserts_of([order.pk])[order.pk] if order.state != "cancelled" else [],
        "units": sum(line.quantity - line.cancelled for line in lines),
        **_sums(order, lines, moved=moved),
        "charges": charges_told(order),
        "changes": changes.values(),
        "to_settle": _to_settle(changes) if order.payment in _MOVED else {},
        "credit_cents": credit_of(order),
        "shared": _shared(order, parts),
        "price_changed": order.state != "cancelled" and any(told["change"].price_cents for told in changes.values()),
        "parts": [
            {
                "part": part,
                "key": str(part.id),
                "node": nodes.get(part.node_id, ""),
                "units": sum(row[3] for row in part.lines),
                "divisible": part.id in ahead,
            }
            for part in parts
        ],
        "part_ids": [part.id for part in parts],
        "holds": told_holds(open_holds),
        **_said_by_shop(order, open_holds),
        "steps": _steps(order, parts, deeds),
        "events": [_event(deed, changes, runs) for deed in _with_first_holds(deeds, holds)],
        "cancellable": order.state == "open" and not too_late,
        "too_late": too_late,
        "on_floor": any(p.stage in ON_FLOOR for p in parts),
        "mailable": mailable(order.email),
        "address": _address(order),
        "panels": _panels(order),
        "suspicions": suspicions_of(order.merchant_id, order_id=order.pk),
        "check": address_check(order.merchant_id, order_id=order.pk),
        "parcels": _parcels(order, [part.id for part in parts]),
        "progress": progress_of(order.merchant_id, order_id=order.pk),
        "returns": returns_of(order.merchant_id, order_id=order.pk),
        "shop_refunds": _paid_in_shop(order),
        "returnable": order.quiet or any(p.stage in {"handed_over", "delivered", "problem"} for p in parts),
        "messages_told": messages_about(order.merchant_id, order_id=order.pk),
        "token": token_of(order.merchant_id, order_id=order.pk),
    }


def _sums(order: Order, lines: Sequence[OrderLine], *, moved: Mapping[int, tuple[int, int]]) -> dict[str, int]:
    """Give what the goods come to, the whole order, what is cancelled of it, and what it comes to now."""
    twice = sum(cents for _units, cents in moved.values())
    goods = sum(line.quantity * line.unit_price_cents - line.discount_cents for line in lines)
    total, now = order.total_cents - twice, comes_to(order, lines)
    return {
        "goods_cents": goods - twice,
        "total_cents": total,
        "now_cents": now,
        "less_cents": total - now if order.state != "cancelled" else 0,
    }


def _said_by_shop(order: Order, holds: Sequence[Hold]) -> dict[str, Any]:
    """Give the message of the shop that stopped an order, if one did, and what it wants to be different."""
    if not any(hold.kind == "shop" for hold in holds):
        return {}
    change = untaken_change(order)
    return {
        "shop_message": last_refused(order.merchant_id, order_id=order.pk),
        "shop_wants": what_differs(*change) if change else [],
    }


def _paid_in_shop(order: Order) -> list[dict[str, Any]]:
    """Give what was paid back in the shop itself: when, how much, for which articles, and what becomes of them."""
    known = {line.pk: line for line in lines_of([order.pk])[order.pk]}
    names = {pk: line.name or line.sku_code for pk, line in known.items()}
    taken = {pk: line.cancelled for pk, line in known.items()}
    return [
        {
            "refund": told,
            "lines": [
                {
                    "units": units,
                    "name": names.get(line, ""),
                    "word": _("had left, comes back")
                    if left and restock == "return"
                    else _("had left, is not expected back")
                    if left
                    else _("had not left, is free again")
                    if taken.get(line, 0) >= units
                    else _("had not left, and was not taken out of the order"),
                }
                for line, units, left, restock in told.lines
            ],
        }
        for told in shop_refunds_of(order.merchant_id, order_id=order.pk)
    ]


def _shared(order: Order, parts: Sequence[Part]) -> dict[str, Any]:
    """Give the orders that go in one parcel with this one, and those that could."""
    mates = {pk for each in orders_aboard([p.id for p in parts]).values() for pk in each} - {order.pk}
    open_ready = order.state == "open" and any(p.stage == "ready" and not p.held for p in parts)
    could = could_go_with(order.merchant_id, order_id=order.pk) if open_ready else {}
    named = orders_named([order.merchant_id], ids=mates)
    return {
        "mates": [(pk, number) for pk, _merchant, number in reversed(named)],
        "alone": bool(mates) and all(p.stage == "ready" for p in parts if p.together is not None),
        "could": sorted((pk, number) for pk, number in could.items() if pk not in mates),
    }


def _to_settle(changes: Mapping[int, Mapping[str, Any]]) -> dict[str, int]:
    """Give the cents to ask for or to pay back after all changes; what the shop changed, it settled itself."""
    own = sum(told["change"].price_cents for told in changes.values() if told["change"].source != "channel")
    return {"more": max(own, 0), "less": max(-own, 0)}


def _panels(order: Order) -> list[dict[str, Any]]:
    """Give the reasons behind the decisions, each drawn by the step that decided."""
    why = why_of(order.merchant_id, order_id=order.pk)
    panels = [{"template": "sourcing/why.html", "data": why}] if why else []
    return panels + [
        {"template": "shipping/why.html", "data": data} for data in whys_of(order.merchant_id, order_id=order.pk)
    ]


def _parcels(order: Order, part_ids: Sequence[int]) -> list[dict[str, Any]]:
    labels = {label.parcel_id: label for label in labels_of(order.merchant_id, order_id=order.pk)}
    return [{"parcel": parcel, "label": labels.get(parcel.id)} for parcel in parcels_of(aboard(part_ids))]


def _lines(
    order: Order,
    lines: Sequence[OrderLine],
    parts: Sequence[Part],
    *,
    owing: Sequence[Owing],
    moved: Mapping[int, tuple[int, int]],
) -> list[dict[str, Any]]:
    """Give the lines with what became of them; units that another service sends by now stand on its line alone."""
    skus = skus_by_id(order.merchant_id, ids={line.sku_id for line in lines if line.sku_id})
    debts = debts_of(order.merchant_id, owner_kind="order_line", owner_ids=[line.pk for line in lines])
    stages: dict[int | None, list[str]] = {}
    for part in parts:
        for row in part.lines:
            stages.setdefault(row[1], []).append(part.stage)
    return [
        {
            "line": line,
            "sku": skus.get(line.sku_id or 0),
            "units": line.wanted,
            "ordered": line.quantity - moved.get(line.pk, (0, 0))[0],
            "owed": _owed(line, debts.get(line.pk, {})),
            "expected": next((one for one in owing if one.line_id == line.pk), None),
            "badge": _line_badge(order, line, stages.get(line.pk, [])),
            "cents": line.quantity * line.unit_price_cents - line.discount_cents - moved.get(line.pk, (0, 0))[1],
        }
        for line in lines
        if line.quantity > moved.get(line.pk, (0, 0))[0]
    ]


def _owed(line: OrderLine, debts: Mapping[int, Debt]) -> Debt | None:
    """Give how many of a line are owed, a bundle as soon as one component is, and since when."""
    each = {int(sku): int(n) for sku, n in line.recipe or ()}
    units = max((-(-debt.units // each.get(sku, 1)) for sku, debt in debts.items()), default=0)
    return Debt(units, min(d.since for d in debts.values()), any(d.ahead for d in debts.values())) if units else None


def _line_badge(order: Order, line: OrderLine, stages: Sequence[str]) -> str:
    if line.cancelled == line.quantity:
        return "cancelled"
    return badge_of(order, held=False, stages=stages) if line.requires_shipping else ""


def _steps(order: Order, parts: Sequence[Part], deeds: Sequence[AuditEntry]) -> list[dict[str, Any]]:
    """Give the strip of steps: how far the slowest part of the order is."""
    alive = [p.stage for p in parts if p.stage in _REACHED]
    far = min((_REACHED.index(stage) for stage in alive), default=-1)
    titles = (
        (_("Received"), -1, "order_accepted"),
        (_("Sourced"), 0, "order_sourced"),
        (_("Picked"), _REACHED.index("picked"), "stage_picked"),
        (_("Packed"), _REACHED.index("packed"), "stage_packed"),
        (_("Handed over"), _REACHED.index("handed_over"), "stage_handed_over"),
        (_("Delivered"), _REACHED.index("delivered"), "stage_delivered"),
    )
    at = {deed.verb: deed.at for deed in reversed(deeds)}
    steps: list[dict[str, Any]] = []
    now_given = order.state == "cancelled"
    for title, needed, verb in titles:
        done = far >= needed
        steps.append({"title": title, "at": "done" if done else "todo" if now_given else "now", "when": at.get(verb)})
        now_given = now_given or not done
    return steps


def _with_first_holds(deeds: Sequence[AuditEntry], holds: Sequence[Hold]) -> list[AuditEntry]:
    """Add the holds with which the order came in: acceptance writes them with it, and no deed for each."""
    told = Counter(str(deed.data.get("reason")) for deed in deeds if deed.verb.startswith("hold_set"))
    first = []
    for hold in reversed(holds):  # the deeds are of the last ones
        told[hold.reason] -= 1
        if told[hold.reason] < 0:
            told_as = {"verb": "hold_set", "actor_kind": "system", "actor_name": SYSTEM.name, "at": hold.set_at}
            first.append(AuditEntry(**told_as, data={"reason": hold.reason}))
    return sorted([*first, *deeds], key=lambda deed: deed.at, reverse=True) if first else list(deeds)


def verbs() -> Mapping[str, str | Promise]:
    """Collect the sentences by which each step tells what was done to an order."""
    found: dict[str, str | Promise] = {}
    for step in settings.STEPS:
        if find_spec(f"colisage.{step}") and find_spec(f"colisage.{step}.queries"):
            found |= getattr(import_module(f"colisage.{step}.queries"), "VERBS", {})
    return found


def runs_in(deeds: Sequence[AuditEntry]) -> set[int]:
    """Name the runs of rules among deeds."""
    return {int(deed.data["run"]) for deed in deeds if "run" in deed.data}


def _event(deed: AuditEntry, changes: Mapping[int, Mapping[str, Any]], runs: Mapping[int, str]) -> dict[str, Any]:
    """Turn a deed into a line of the timeline."""
    who = _("The customer") if deed.actor_kind == "customer" else deed.actor_name
    data: dict[str, Any] = {**deed.data, "actor": who or _("the system")}
    if "reason" in data:
        data["reason"] = hold_reason(str(data["reason"]))
    data |= expected_words(deed.verb, data) | left_out_words(data)
    if "about" in data:
        data["about"] = about_said(str(data["about"]))
    if "step" in data:
        data["step"] = step_name(str(data["step"]))
    if deed.verb in {"short_pick", "units_put_back"}:
        data["place"] = words.plate(str(data.get("place", "")))
    sentence = str(verbs().get(deed.verb, deed.verb))
    try:
        text = sentence % data
    except KeyError:  # told by an older version with other data
        text = sentence
    if told := changes.get(int(data.get("change") or 0)):
        text = f"{text} {summary(told)}"
    text = runs.get(int(data.get("run") or 0), text)
    bad = deed.verb in {"stage_problem", "order_cancelled"}
    warn = deed.verb.startswith("hold_set") or deed.verb in {"stage_waiting", "insert_left_out", "insert_unknown"}
    return {
        "at": deed.at,
        "text": text,
        "note": who,
        "tone": "bad" if bad else "warn" if warn else "ok",
        "icon": "pause" if warn else "x" if bad else "check",
    }


def _address(order: Order) -> list[str]:
    told = order.ship_to or {}
    town = " ".join(filter(None, (told.get("postcode"), told.get("city"))))
    return [
        line
        for line in (
            told.get("name"),
            told.get("company"),
            told.get("line1"),
            told.get("line2"),
            town,
            told.get("region"),
            words.locale().territories.get(str(told.get("country")), told.get("country")),
        )
        if line
    ]
