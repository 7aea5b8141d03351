"""What is where, and what may be promised."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from colisage.inventory.models import Availability, Reservation, StockCell
from colisage.inventory.queries.browser import figures_of
from colisage.network.queries import bins_of

__all__ = ["figures_of"]


@dataclass(frozen=True, slots=True)
class Promise:
    """A reservation, as plain values."""

    id: int
    owner_id: int
    sku_id: int
    node_id: int | None
    qty: int
    state: str


def promises_of(merchant_id: int, *, owner_kind: str, owner_ids: Collection[int]) -> list[Promise]:
    """Give the open and picked reservations of owners, the oldest first."""
    rows = Reservation.objects.filter(
        merchant_id=merchant_id,
        owner_kind=owner_kind,
        owner_id__in=owner_ids,
        state__in=["held", "waiting", "ahead", "picked"],
    ).order_by("pk")
    return [Promise(*row) for row in rows.values_list("pk", "owner_id", "sku_id", "node_id", "qty", "state")]


def units_kept(merchant_id: int, *, owner_kind: str, owner_ids: Collection[int]) -> dict[tuple[int, int, int], int]:
    """Give the units that are there for owners, by (owner, SKU, node): held, picked or sent, and not owed."""
    rows = Reservation.objects.filter(
        merchant_id=merchant_id,
        owner_kind=owner_kind,
        owner_id__in=owner_ids,
        node__isnull=False,
        state__in=["held", "picked", "consumed"],
    )
    summed = rows.values("owner_id", "sku_id", "node_id").annotate(n=Sum("qty"))
    return {(r["owner_id"], r["sku_id"], r["node_id"]): r["n"] for r in summed}


@dataclass(frozen=True, slots=True)
class Stock:
    """What one node can promise of one SKU."""

    sku_id: int
    node_id: int
    sellable: int
    reserved: int
    safety: int
    source: str
    unreleased: bool = False  # before its day nothing of it is held

    @property
    def free(self) -> int:
        """Give the units that may still be promised."""
        if self.unreleased:
            return 0
        return 10**9 if self.source == "unlimited" else self.sellable - self.reserved - self.safety


def stock_of(merchant_id: int, *, sku_ids: Collection[int]) -> list[Stock]:
    """Give what every node can promise of these SKUs."""
    rows = Availability.objects.filter(Q(merchant_id=merchant_id), sku__in=sku_ids).order_by("sku_id", "node_id")
    return [
        Stock(*row)
        for row in rows.values_list("sku_id", "node_id", "sellable", "reserved", "safety", "source", "unreleased")
    ]


REASONS = {
    "opening": _("opening stock"),
    "receipt": _("received"),
    "putaway": _("put away"),
    "pick": _("picked"),
    "seal": _("packed"),
    "unpack": _("unpacked"),
    "hand_over": _("handed over"),
    "short_pick": _("not found at the pick"),
    "put_back": _("put back after a cancelled order"),
    "return_received": _("returned by a customer"),
    "restock": _("back on the shelf"),
    "quarantine": _("to quarantine"),
    "destroy": _("destroyed"),
    "move": _("moved"),
    "count": _("counted"),
    "found": _("found"),
    "lost": _("lost"),
    "damaged": _("damaged"),
    "damaged_at_pick": _("damaged, seen at the pick"),
    "sample": _("given as a sample"),
    "theft": _("stolen"),
    "expired": _("expired"),
    "own_use": _("used in the house"),
    "assembled": _("assembled into a kit"),
    "disassembled": _("taken out of a kit"),
    "produced": _("made in the house"),
    "sent": _("sent to another node"),
    "arrived": _("arrived from another node"),
    "lot_held": _("lot held back"),
    "lot_freed": _("lot freed"),
    "lot_recalled": _("lot recalled"),
    "condition": _("condition changed"),
    "plate_loaded": _("put on a plate"),
    "plate_unloaded": _("taken off a plate"),
    "plate_moved": _("moved with its plate"),
    "bought": _("bought from the supplier who owned it"),
    "back_to_supplier": _("sent back to the supplier"),
    "repair": _("books repaired"),
    "correction": _("mistake corrected"),
    "unrecorded_in": _("came in without being recorded"),
    "unrecorded_out": _("went out without being recorded"),
    "donated": _("donated"),
    "quality_test": _("used in a test"),
}


def bins_with(merchant_id: int, *, sku_id: int, node_id: int) -> list[str]:
    """Give the codes of the bins of a node where a SKU lies, the fullest first."""
    rows = StockCell.objects.filter(merchant_id=merchant_id, sku_id=sku_id, node_id=node_id, sellable=True, qty__gt=0)
    return list(rows.order_by("-qty").values_list("place__code", flat=True))


def empty_bin(node_id: int) -> str:
    """Give the code of the first bin along the walk in which nothing lies; empty when every bin is used."""
    used = StockCell.objects.filter(node_id=node_id, qty__gt=0).values_list("place_id", flat=True)
    return next((b.code for b in bins_of(node_id) if b.id not in set(used)), "")
