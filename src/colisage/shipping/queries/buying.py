"""What is to be asked of carriers, and through which port."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string

from colisage.carriers.queries import services_by_id
from colisage.network.queries import node_by_id
from colisage.orders.queries import Order, orders_across
from colisage.packing.queries import ParcelFacts, parcels_of
from colisage.shipping.models import CarrierAccount, Manifest, Shipment
from colisage.shipping.ports import CarrierPort, CarrierSilent, ParcelToShip, ShipmentToBuy
from colisage.shipping.rules import MOST_ATTEMPTS, UNSURE_SECONDS

MOST = 500  # of what one round takes up


def port_of(connector: str) -> CarrierPort:
    """Give the port of a connector; raises `CarrierSilent` when this installation has none of that name."""
    ports: dict[str, str] = getattr(settings, "COLISAGE_CARRIERS", {})
    if connector not in ports:
        raise CarrierSilent(f"no connector is called {connector}")
    port: CarrierPort = import_string(ports[connector])()
    return port


def connectors_of(shipments: Sequence[tuple[int, int | None]]) -> dict[tuple[int, int | None], str]:
    """Give the connector by operator and carrier; those without an account are left out."""
    rows = CarrierAccount.objects.filter(operator_id__in={o for o, _ in shipments}, active=True)
    return {(o, c): name for o, c, name in rows.values_list("operator_id", "carrier_id", "connector")}


def shipments_to_buy(shipment_ids: Collection[int]) -> dict[int, tuple[ShipmentToBuy, str]]:
    """Give shipments as a carrier needs to know them, each with its connector, or none where we make the label."""
    shipments = list(Shipment.objects.filter(pk__in=shipment_ids).select_related("carrier").order_by("pk"))
    connectors = connectors_of([(s.operator_id, s.carrier_id) for s in shipments])
    orders = orders_across({s.order_id for s in shipments})
    services = services_by_id({s.service_id for s in shipments if s.service_id})
    nodes = {pk: node_by_id(pk) for pk in {s.node_id for s in shipments}}
    parcels = parcels_by_part([s.fulfillment_order_id for s in shipments])
    return {
        s.pk: (
            ShipmentToBuy(
                key=s.idempotency_key,
                carrier=s.carrier.code if s.carrier else "",
                service=services[s.service_id].code if s.service_id else "",
                reference=orders[s.order_id].number,
                sender=sender_of(orders[s.order_id], address=nodes[s.node_id].address),
                recipient=orders[s.order_id].ship_to or {},
                parcels=[
                    ParcelToShip(p.number, p.grams, p.length_mm, p.width_mm, p.height_mm)
                    for p in parcels[s.fulfillment_order_id]
                ],
            ),
            connectors.get((s.operator_id, s.carrier_id), ""),
        )
        for s in shipments
    }


def sender_of(order: Order, *, address: dict[str, str]) -> dict[str, str]:
    """Give who sends and from where: the merchant's name at the node's address."""
    return {**address, "name": order.merchant.name, "company": ""}


def parcels_by_part(fulfillment_order_ids: Collection[int]) -> dict[int, list[ParcelFacts]]:
    """Give the closed parcels of parts, in their order."""
    found: dict[int, list[ParcelFacts]] = defaultdict(list)
    for parcel in parcels_of(fulfillment_order_ids):
        if parcel.state == "sealed":
            found[parcel.fulfillment_order_id].append(parcel)
    return found


def without_answer() -> list[int]:
    """Give the shipments to ask for again: nobody asked yet, or no answer was recorded for a while."""
    late = timezone.now() - timedelta(seconds=UNSURE_SECONDS)
    rows = Shipment.objects.filter(
        Q(state="requested", requested_at__lt=late) | Q(state="unknown", attempts__lt=MOST_ATTEMPTS, asked_at__lt=late)
    )
    return list(rows.order_by("pk").values_list("pk", flat=True)[:MOST])


def being_voided(shipment_ids: Collection[int]) -> list[tuple[int, str, str]]:
    """Give the shipments to give back: id, key, connector."""
    rows = Shipment.objects.filter(pk__in=shipment_ids, state="voiding").order_by("pk")
    found = list(rows.values_list("pk", "idempotency_key", "operator_id", "carrier_id"))
    connectors = connectors_of([(row[2], row[3]) for row in found])
    return [(row[0], row[1], connectors.get((row[2], row[3]), "")) for row in found]


def to_give_back() -> list[int]:
    """Give the shipments that are still to be given back."""
    return list(Shipment.objects.filter(state="voiding").order_by("pk").values_list("pk", flat=True)[:MOST])


def manifests_to_announce(manifest_ids: Collection[int]) -> list[tuple[int, str, str, list[str]]]:
    """Give manifests their carriers do not know of yet: id, number, connector, keys of the shipments."""
    manifests = list(Manifest.objects.filter(pk__in=manifest_ids, announced_at=None).order_by("pk"))
    connectors = connectors_of([(m.operator_id, m.carrier_id) for m in manifests])
    keys: dict[int, list[str]] = {m.pk: [] for m in manifests}
    rows = Shipment.objects.filter(manifest__in=keys).order_by("pk")
    for manifest, key in rows.values_list("manifest_id", "idempotency_key"):
        keys[manifest or 0].append(key)
    return [(m.pk, m.number, connectors.get((m.operator_id, m.carrier_id), ""), keys[m.pk]) for m in manifests]


def to_announce() -> list[int]:
    """Give the manifests whose carriers do not know of them yet."""
    return list(Manifest.objects.filter(announced_at=None).order_by("pk").values_list("pk", flat=True)[:MOST])
