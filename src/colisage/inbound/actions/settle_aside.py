"""What becomes of what was set aside: it is identified and taken in, or it goes back."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.inbound.actions.receive_goods import receive_goods
from colisage.inbound.actions.receive_many import Origin
from colisage.inbound.models import AnnouncedLine, Delivery, PurchaseLine, SetAside
from colisage.inventory.actions.post_movements import Move, NotEnoughThere, Spot, post_movements
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere, Refused
from colisage.network.queries import place_of, virtual_place


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """What the label of identified goods says: the lot or the serial number, the date; and what the SKU asks for."""

    number: str = ""
    expires_on: date | None = None
    tracks_lots: bool = False
    tracks_serials: bool = False


class AsideSettled(Refused):
    """Somebody decided before."""

    code = "aside_settled"
    text = _("This was settled already, by %(who)s.")


class StaysOut(Refused):
    """An expired lot is not taken in."""

    code = "stays_out"
    text = _("An expired lot is not taken in. Send it back to the supplier.")


class GoneFromQuarantine(Refused):
    """The units no longer lie in quarantine."""

    code = "gone_from_quarantine"
    text = _("These units no longer lie in quarantine: something else was done with them.")


class AnotherSku(Refused):
    """What was set aside as one SKU is not taken in as another: the books have it in quarantine."""

    code = "another_sku"
    text = _("This was set aside as %(sku)s. Take it in as such, or send it back.")


@transaction.atomic
def settle_aside(
    merchant_id: int,
    *,
    aside_id: int,
    actor: Actor,
    take: tuple[int, str] | None = None,
    labelled: Labelled | None = None,
    note: str = "",
) -> int | None:
    """Take what was set aside in as a SKU (`take`: its id and code), or send it back; give the receipt.

    Taken in, it counts on the order of its delivery where that has the SKU, and stands on the dock.
    """
    kept = SetAside.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk=aside_id).first()
    if kept is None:
        raise NotThere
    if kept.state != "open":
        raise AsideSettled(who=kept.settled_by)
    receipt = None
    if take is not None:
        receipt = _take_in(kept, take=take, labelled=labelled or Labelled(), actor=actor)
    elif kept.sku_id is not None:
        _send_back(kept, actor=actor)
    SetAside.objects.filter(pk=kept.pk).update(
        state="taken" if receipt else "sent_back", receipt_id=receipt, note=note.strip()[:300],
        settled_by=str(actor)[:150], settled_at=timezone.now(), sku_id=take[0] if take else kept.sku_id,
    )  # fmt: skip
    verb = "aside_taken_in" if receipt else "aside_sent_back"
    record_deeds([Deed("set_aside", kept.pk, verb, {"units": kept.units}, merchant_id)], actor=actor)
    return receipt


def _take_in(kept: SetAside, *, take: tuple[int, str], labelled: Labelled, actor: Actor) -> int:
    if kept.kind == "expired":
        raise StaysOut
    sku_id, code = take
    if kept.sku is not None and kept.sku_id != sku_id:
        raise AnotherSku(sku=kept.sku.code)
    delivery = Delivery.objects.filter(pk=kept.delivery_id or 0).first() or Delivery()
    listed = (
        PurchaseLine.objects.filter(purchase_order=delivery.purchase_order_id or 0, sku_id=sku_id).exists()
        or AnnouncedLine.objects.filter(announcement=delivery.announcement_id or 0, sku_id=sku_id).exists()
    )
    try:
        return receive_goods(
            kept.merchant_id,
            node_id=kept.node_id,
            sku_id=sku_id,
            sku_code=code,
            good=kept.units,
            purchase_order_id=delivery.purchase_order_id,
            announcement_id=delivery.announcement_id,
            delivery_id=kept.delivery_id,
            lot="" if kept.lot_id or labelled.tracks_serials else labelled.number,
            lot_id=kept.lot_id,
            serial=labelled.number if labelled.tracks_serials and not kept.lot_id else "",
            expires_on=labelled.expires_on,
            tracks_lots=labelled.tracks_lots,
            tracks_serials=labelled.tracks_serials and not kept.lot_id,
            unexpected=not listed,
            over_confirmed=True,
            origin=Origin(spot=_spot(kept)) if kept.sku_id is not None else None,
            actor=actor,
        )
    except NotEnoughThere as gone:
        raise GoneFromQuarantine from gone


def _send_back(kept: SetAside, *, actor: Actor) -> None:
    try:
        post_movements(
            [
                Move(
                    merchant_id=kept.merchant_id, sku_id=kept.sku_id or 0, qty=kept.units, source=_spot(kept),
                    target=Spot(place_id=virtual_place("supplier"), lot_id=kept.lot_id), reason="back_to_supplier",
                    doc_kind="aside_back", doc_id=kept.pk,
                )
            ],
            actor=actor,
        )  # fmt: skip
    except NotEnoughThere as gone:
        raise GoneFromQuarantine from gone


def _spot(kept: SetAside) -> Spot:
    return Spot(place_id=place_of(kept.node_id, kind="quarantine").pk, lot_id=kept.lot_id, condition=kept.condition)
