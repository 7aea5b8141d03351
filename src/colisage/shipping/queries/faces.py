"""What is printed on labels: addresses, names and numbers, in no language but the address's own."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from babel import Locale

from colisage.carriers.queries import services_by_id
from colisage.network.queries import node_by_id
from colisage.orders.queries import Order, orders_across
from colisage.shipping.models import Shipment
from colisage.shipping.queries.buying import parcels_by_part, sender_of
from colisage.shipping.rules import address_lines

FRENCH: Final = frozenset({"FR", "BE", "LU", "MC", "CH"})  # these posts write the country of destination in French


def faces_of(shipments: Sequence[Shipment]) -> dict[int, list[tuple[int, dict[str, Any]]]]:
    """Give the faces of the labels of shipments: (parcel id, face) in the order of the parcels."""
    orders = orders_across({s.order_id for s in shipments})
    services = services_by_id({s.service_id for s in shipments if s.service_id})
    nodes = {pk: node_by_id(pk) for pk in {s.node_id for s in shipments}}
    parcels = parcels_by_part([s.fulfillment_order_id for s in shipments])
    faces: dict[int, list[tuple[int, dict[str, Any]]]] = {}
    for s in shipments:
        order, service = orders[s.order_id], services.get(s.service_id or 0)
        common = {
            **_addresses(order, origin=nodes[s.node_id].address),
            "carrier": service.carrier_name if service else "",
            "service": service.name if service else "",
            "reference": order.number,
        }
        mine = parcels[s.fulfillment_order_id]
        faces[s.pk] = [(p.id, {**common, "parcel": f"{p.number}/{len(mine)}", "grams": p.grams}) for p in mine]
    return faces


def _addresses(order: Order, *, origin: Mapping[str, Any]) -> dict[str, Any]:
    """Write sender and recipient, and the route: country and beginning of the postcode."""
    to: Mapping[str, Any] = order.ship_to or {}
    sender = sender_of(order, address=dict(origin))
    country, home = str(to.get("country") or ""), str(origin.get("country") or "")
    postcode, city = str(to.get("postcode") or "")[:12], str(to.get("city") or "")[:50]
    town = " ".join(filter(None, (sender.get("postcode"), sender.get("city"))))
    return {
        "sender": ", ".join(filter(None, (*address_lines(sender), town, home))),
        "to": address_lines({**to, "name": to.get("name") or order.customer_name}),
        "postcode": postcode,
        "city": " ".join(
            filter(None, (city.upper(), str(to.get("region") or "").upper() if country in {"US", "CA"} else ""))
        ),
        "country": _country(country, home=home) if country != home else "",
        "route": " ".join(filter(None, (country, postcode[:2]))),
    }


def _country(code: str, *, home: str) -> str:
    """Name a country of destination in capitals, in French or English as the post of the origin writes it."""
    names: Mapping[str, str] = Locale("fr" if home in FRENCH else "en").territories
    return names.get(code, code).upper()
