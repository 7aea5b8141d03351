"""Orders with all they refer to, each in one message that can be read by itself; a constant number of calls a page."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from colisage.connectors.ports import Access
from colisage.connectors.prestashop.client import PrestaClient, Record
from colisage.connectors.prestashop.config import CANCELLED, ZONE
from colisage.intake.ports import Arrived


def gathered(access: Access, orders: Sequence[Record]) -> list[Arrived]:
    """Ask for everything these orders refer to, and keep each order with what is its own."""
    client = PrestaClient(access)
    refs = _named(orders, "id")
    details = _grouped(client.those("order_details", ids=refs, by="id_order"), "id_order")
    lines = [line for found in details.values() for line in found]
    addresses = _by_id(client.those("addresses", ids=_named(orders, "id_address_delivery", "id_address_invoice")))
    known = {
        "order_states": _by_id(client.those("order_states", ids=_named(orders, "current_state"))),
        "currencies": _by_id(client.those("currencies", ids=_named(orders, "id_currency"))),
        "languages": _by_id(client.those("languages", ids=_named(orders, "id_lang"))),
        "carriers": _by_id(client.those("carriers", ids=_named(orders, "id_carrier"))),
        "customers": _by_id(client.those("customers", ids=_named(orders, "id_customer"), fields=_CUSTOMER)),
        "countries": _by_id(client.those("countries", ids=_named(addresses.values(), "id_country"))),
        "states": _by_id(client.those("states", ids=_named(addresses.values(), "id_state"))),
        "products": _by_id(client.those("products", ids=_named(lines, "product_id"), fields=_PRODUCT)),
        "combinations": _by_id(
            client.those("combinations", ids=_named(lines, "product_attribute_id"), fields="[id,reference]")
        ),
        "customizations": _by_id(client.those("customizations", ids=_named(lines, "id_customization"))),
    }
    messages = _grouped(client.those("messages", ids=refs, by="id_order"), "id_order")
    return [
        _kept(
            {
                "order": order,
                "details": details.get(order.get("id"), []),
                "addresses": _parts(addresses, [order], "id_address_delivery", "id_address_invoice"),
                "messages": messages.get(order.get("id"), []),
                **_own(known, order, details.get(order.get("id"), []), addresses),
                "zone": access.option("zone") or ZONE,
                "cancelled": access.option("cancelled") or CANCELLED,
            }
        )
        for order in orders
    ]


_CUSTOMER = "[id,email,firstname,lastname,company]"  # and nothing of their passwords
_PRODUCT = "[id,reference,is_virtual]"


def _own(
    known: dict[str, dict[str, Record]], order: Record, lines: Sequence[Record], addresses: dict[str, Record]
) -> dict[str, dict[str, Record]]:
    """Give those records that an order refers to, by resource."""
    its = [addresses.get(str(order.get(name)), {}) for name in ("id_address_delivery", "id_address_invoice")]
    sources: dict[str, tuple[Sequence[Record], str]] = {
        "order_states": ([order], "current_state"),
        "currencies": ([order], "id_currency"),
        "languages": ([order], "id_lang"),
        "carriers": ([order], "id_carrier"),
        "customers": ([order], "id_customer"),
        "countries": (its, "id_country"),
        "states": (its, "id_state"),
        "products": (lines, "product_id"),
        "combinations": (lines, "product_attribute_id"),
        "customizations": (lines, "id_customization"),
    }
    return {resource: _parts(known[resource], *source) for resource, source in sources.items()}


def _parts(known: dict[str, Record], records: Sequence[Record], *names: str) -> dict[str, Record]:
    return {pk: known[pk] for pk in sorted(_named(records, *names)) if pk in known}


def _kept(body: dict[str, Any]) -> Arrived:
    """Keep an order; when it changes, or what it refers to, it is another message."""
    raw = json.dumps(body, ensure_ascii=False, indent=1).encode()
    order = body["order"]
    digest = hashlib.sha256(raw).hexdigest()
    return Arrived(key=f"order:{order.get('id')}:{digest}", body=raw)


def _named(records: Iterable[Record], *names: str) -> set[str]:
    return {str(one.get(name)) for one in records for name in names if one.get(name)}


def _by_id(records: Iterable[Record]) -> dict[str, Record]:
    return {str(one.get("id")): one for one in records}


def _grouped(records: Iterable[Record], name: str) -> dict[Any, list[Record]]:
    found: dict[Any, list[Record]] = defaultdict(list)
    for one in records:
        found[one.get(name)].append(one)
    return found
