"""Telling Shopify what may be sold: set, compared with what was read, never over a change in between."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from colisage.connectors.ports import ShopRefused, StockTold
from colisage.connectors.shopify.client import ShopifyClient
from colisage.connectors.values import text

AT_ONCE: Final = 25  # an SKU may stand at several items of the shop
_STALE: Final = frozenset({"CHANGE_FROM_QUANTITY_STALE", "COMPARE_QUANTITY_STALE", "IDEMPOTENCY_CONCURRENT_REQUEST"})


def tell_stock(client: ShopifyClient, *, stock: Sequence[StockTold], location: str) -> dict[str, str]:
    """Set quantities at a location, called or numbered so; give why not by SKU. Raises `ShopRefused`."""
    where = _location(client, location)
    refused: dict[str, str] = {}
    for first in range(0, len(stock), AT_ONCE):
        some = stock[first : first + AT_ONCE]
        if _set(client, some, where, refused) and _set(client, some, where, refused):
            raise ShopRefused("changed_meanwhile")
    return refused


def _location(client: ShopifyClient, wanted: str) -> str:
    found = client.locations()
    if wanted:
        folded = wanted.casefold()
        found = [one for one in found if folded in {text(one, "name").casefold(), text(one, "id").rpartition("/")[2]}]
    if len(found) != 1:
        raise ShopRefused("location_unclear", wanted)
    return text(found[0], "id")


def _set(client: ShopifyClient, stock: Sequence[StockTold], where: str, refused: dict[str, str]) -> bool:
    """Read, and set what differs; give whether something changed in between, and nothing was set."""
    items = client.items(query=" OR ".join(f"sku:{_quoted(one.sku)}" for one in stock), location=where)
    quantities: list[dict[str, Any]] = []
    for one in stock:
        same = [item for item in items if text(item, "sku") == one.sku]
        counted = {text(item, "id"): now for item in same if (now := _available(item)) is not None}
        if not counted:
            refused[one.sku] = "not_counted_there" if same else "unknown_to_shop"
        quantities += [
            {"inventoryItemId": pk, "locationId": where, "quantity": one.quantity, "changeFromQuantity": now}
            for pk, now in counted.items()
            if now != one.quantity
        ]
    if not quantities:
        return False
    errors = client.set_stock(quantities, key=_key(stock, quantities))
    if any(text(error, "code") in _STALE for error in errors):
        return True
    if errors:
        raise ShopRefused("said_no", "; ".join(text(error, "message") for error in errors))
    return False


def _available(item: Mapping[str, Any]) -> int | None:
    """Give what the shop has for sale there; None when it does not count."""
    level = item.get("inventoryLevel")
    if not item.get("tracked") or not isinstance(level, Mapping):
        return None
    named = {text(one, "name"): one.get("quantity") for one in level.get("quantities") or ()}
    return int(named.get("available") or 0)


def _key(stock: Sequence[StockTold], quantities: Sequence[Mapping[str, Any]]) -> str:
    """Name one setting: the same question again has the same name, another quantity has another."""
    said = json.dumps([[one.key for one in stock], quantities], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:36]


def _quoted(sku: str) -> str:
    escaped = sku.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
