"""The documents that moved stock: what people call each of them, and where it is shown."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from colisage.inbound.queries.sources import purchases_of_receipts
from colisage.inventory.queries.wording import document_word
from colisage.orders.queries import orders_across
from colisage.packing.queries import orders_of_parcels
from colisage.people.queries import key_names, names_of
from colisage.picking.queries import orders_of_tasks

Key = tuple[str, int]  # kind and id


@dataclass(frozen=True, slots=True)
class Document:
    """What caused a movement; `url` is empty where it has no page."""

    text: str
    url: str = ""


def documents_of(merchant_id: int, *, keys: Collection[Key]) -> dict[Key, Document]:
    """Name the documents of movements; a constant number of statements, however many."""
    by_kind: dict[str, set[int]] = {}
    for kind, pk in keys:
        by_kind.setdefault(kind, set()).add(pk)
    named = {**_orders(merchant_id, by_kind), **_purchases(merchant_id, by_kind)}
    return {key: named.get(key) or _plain(*key) for key in keys}


def _orders(merchant_id: int, by_kind: Mapping[str, Collection[int]]) -> dict[Key, Document]:
    tasks = [*by_kind.get("pick_task", ()), *by_kind.get("short_pick", ()), *by_kind.get("put_back", ())]
    parcels = [*by_kind.get("parcel", ()), *by_kind.get("parcel_out", ()), *by_kind.get("parcel_undone", ())]
    order_of = {
        **{("pick", pk): order for pk, order in orders_of_tasks([merchant_id], task_ids=tasks).items()},
        **{("parcel", pk): order for pk, order in orders_of_parcels([merchant_id], parcel_ids=parcels).items()},
    }
    orders = orders_across(set(order_of.values()))
    means = {
        "pick_task": "pick", "short_pick": "pick", "put_back": "pick",
        "parcel": "parcel", "parcel_out": "parcel", "parcel_undone": "parcel",
    }  # fmt: skip
    return {
        (kind, pk): Document(_("order %(number)s") % {"number": orders[order].number}, reverse("order", args=[order]))
        for kind, group in means.items()
        for pk in by_kind.get(kind, ())
        if (order := order_of.get((group, pk), 0)) in orders
    }


def _purchases(merchant_id: int, by_kind: Mapping[str, Collection[int]]) -> dict[Key, Document]:
    receipts = [*by_kind.get("receipt", ()), *by_kind.get("putaway", ())]
    found = purchases_of_receipts([merchant_id], receipt_ids=receipts)
    return {
        (kind, pk): Document(_("purchase order %(number)s") % {"number": number}, reverse("purchase", args=[order]))
        for kind in ("receipt", "putaway")
        for pk in by_kind.get(kind, ())
        for order, number in [found.get(pk, (0, ""))]
        if order
    }


def _plain(kind: str, pk: int) -> Document:
    page = {"return": "return", "inspection": "return", "assembly": "assembly", "count": "count-result"}.get(kind)
    return Document(document_word(kind, pk=pk), reverse(page, args=[pk]) if page else "")


def who_did(merchant_id: int, *, actors: Collection[tuple[str, int | None]]) -> dict[tuple[str, int | None], str]:
    """Name those who moved stock: people, keys, and the system itself."""
    people = names_of({pk for kind, pk in actors if kind == "person" and pk})
    keys = key_names(merchant_id, key_ids={pk for kind, pk in actors if kind == "key" and pk})
    names = {"person": people, "key": keys}
    return {
        (kind, pk): names.get(kind, {}).get(pk or 0) or ("Colisage" if kind == "system" else _("somebody"))
        for kind, pk in actors
    }
