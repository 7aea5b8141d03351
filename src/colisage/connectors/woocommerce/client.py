"""Calling the REST API v3 of a WooCommerce shop."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

import httpx

from colisage.connectors.calls import call, json_of
from colisage.connectors.ports import Access, ShopRefused
from colisage.connectors.values import items, text

PAGE: Final = 50
NO_SUCH_ORDER: Final = "woocommerce_rest_shop_order_invalid_id"


class WooClient:
    """One shop; each method is one call."""

    def __init__(self, access: Access) -> None:
        self.access = access

    def system(self) -> dict[str, Any]:
        """Ask what the shop is; needs the right to read."""
        return self._object("GET", "system_status", query={"_fields": "environment,settings"})

    def orders(self, *, after: str, offset: int, status: str) -> list[dict[str, Any]]:
        """Give orders changed after a time (UTC, ISO), the longest unchanged first; `any` leaves `trash` out."""
        query = {
            "orderby": "modified", "order": "asc", "per_page": str(PAGE), "offset": str(offset), "status": status,
            "dates_are_gmt": "true",
        }  # fmt: skip
        if after:
            query["modified_after"] = after
        return self._list("orders", query)

    def known(self, refs: Sequence[str]) -> set[str]:
        """Give which of these orders stand in the shop's list, the bin left out."""
        query = {"include": ",".join(refs), "status": "any", "per_page": str(len(refs)), "_fields": "id"}
        return {str(one.get("id", "")) for one in self._list("orders", query)}

    def newest(self) -> int:
        """Give the number of the youngest order; 0 when there is none."""
        query = {"orderby": "id", "order": "desc", "status": "any", "per_page": "1", "_fields": "id"}
        return max((int(one.get("id") or 0) for one in self._list("orders", query)), default=0)

    def is_gone(self, ref: str) -> bool:
        """Say whether the shop says that there is no such order: it itself, not somebody before it."""
        try:
            self.order(ref)
        except ShopRefused as fault:
            if fault.code == "unknown_to_shop" and NO_SUCH_ORDER in fault.detail:
                return True
            raise
        return False

    def order(self, ref: str) -> dict[str, Any]:
        """Give one order."""
        return self._object("GET", f"orders/{int(ref)}")

    def refunds(self, ref: str) -> list[dict[str, Any]]:
        """Give the refunds of an order."""
        found = json_of(self._call("GET", f"orders/{int(ref)}/refunds", query={"per_page": "100"}))
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

    def notes(self, ref: str) -> list[dict[str, Any]]:
        """Give the notes of an order."""
        found = json_of(self._call("GET", f"orders/{int(ref)}/notes"))
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

    def write_note(self, ref: str, *, text: str) -> None:
        """Write a note that the customer is sent."""
        self._call("POST", f"orders/{int(ref)}/notes", json={"note": text, "customer_note": True})

    def complete(self, ref: str, *, meta: list[dict[str, str]]) -> None:
        """Say that everything was sent."""
        self._call("PUT", f"orders/{int(ref)}", json={"status": "completed", "meta_data": meta})

    def products(self, sku: str) -> list[dict[str, Any]]:
        """Find products and variations by SKU."""
        found = json_of(
            self._call("GET", "products", query={"sku": sku, "_fields": "id,parent_id,sku,type,stock_quantity"})
        )
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

    def virtual(self, order: Mapping[str, Any]) -> list[str]:
        """Give the lines of an order whose products, or variations of them, are virtual: nothing of them is sent."""
        lines, wanted = items(order, "line_items"), defaultdict[str, set[str]](set)
        for one in lines:
            parent, variation = _product(one)
            if variation or parent:
                wanted[parent if variation else ""].add(variation or parent)
        found: set[str] = set()
        for parent, ids in wanted.items():
            path = f"products/{int(parent)}/variations" if parent else "products"
            query = {"include": ",".join(sorted(ids)), "per_page": "100", "_fields": "id,virtual"}
            found |= {text(one, "id") for one in self._list(path, query) if one.get("virtual") is True}
        return [text(one, "id") for one in lines if (_product(one)[1] or _product(one)[0]) in found]

    def set_stock(self, product: Mapping[str, Any], *, quantity: int) -> None:
        """Set what may be sold of a product, or of a variation of one."""
        path = f"products/{product['id']}"
        if product.get("parent_id"):
            path = f"products/{product['parent_id']}/variations/{product['id']}"
        self._call("PUT", path, json={"manage_stock": True, "stock_quantity": quantity})

    def _list(self, path: str, query: Mapping[str, str]) -> list[dict[str, Any]]:
        found = json_of(self._call("GET", path, query=query))
        if not isinstance(found, list):
            raise ShopRefused("strange_answer", path)
        return [one for one in found if isinstance(one, dict)]

    def _object(self, method: str, path: str, **asked: Any) -> dict[str, Any]:
        found = json_of(self._call(method, path, **asked))
        if not isinstance(found, dict):
            raise ShopRefused("strange_answer", path)
        return found

    def _call(self, method: str, path: str, **asked: Any) -> httpx.Response:
        secrets = self.access.secrets
        base = self.access.option("url").rstrip("/")
        auth = (secrets.get("key", ""), secrets.get("secret", ""))
        return call(self.access, method, f"{base}/wp-json/wc/v3/{path}", auth=auth, **asked)


def _product(line: Mapping[str, Any]) -> tuple[str, str]:
    """Give the numbers of the product of a line and of its variation, empty where it has none."""
    product, variation = (text(line, name) for name in ("product_id", "variation_id"))
    return _number(product), _number(variation)


def _number(said: str) -> str:
    return said if said != "0" and said.isascii() and said.isdecimal() else ""
