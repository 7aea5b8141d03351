"""Calling the webservice of a PrestaShop, and its XML as plain records."""

import re
from collections.abc import Collection, Mapping
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement, tostring

import httpx

from colisage.connectors.calls import call, said
from colisage.connectors.ports import Access, ShopRefused
from colisage.connectors.xml_trees import NotXml, clean, tree

PAGE: Final = 50
Record = dict[str, Any]
_SAFE: Final = re.compile(r"[^\[\]|%,]+")


class PrestaClient:
    """One shop; each method is one call."""

    def __init__(self, access: Access) -> None:
        self.access = access

    def rights(self) -> tuple[str, dict[str, set[str]]]:
        """Give the name of the shop, and what the key may do with each resource."""
        api = self._root("GET", "").find("api")
        if api is None:
            raise ShopRefused("not_a_shop", "api")
        verbs = ("get", "put", "post")
        return api.get("shopName", ""), {one.tag: {v for v in verbs if one.get(v) == "true"} for one in api}

    def orders(self, *, after: str, offset: int) -> list[Record]:
        """Give orders changed after a time of the shop, the longest unchanged first."""
        query = {"sort": "[date_upd_ASC,id_ASC]", "limit": f"{offset},{PAGE}", "date": "1"}
        if after:
            query["filter[date_upd]"] = f">[{after}]"
        return self._list("orders", query)

    def order(self, ref: str) -> Record:
        """Give one order."""
        root = self._root("GET", f"orders/{int(ref)}")
        found = root.find("order")
        if found is None:
            raise ShopRefused("strange_answer", "order")
        return record(found)

    def those(self, resource: str, *, ids: Collection[str], by: str = "id", fields: str = "full") -> list[Record]:
        """Give records by ids or by another field; nothing is asked for none."""
        wanted = sorted({one for one in ids if one not in {"", "0"} and _SAFE.fullmatch(one)})
        if not wanted:
            return []
        return self._list(resource, {f"filter[{by}]": f"[{'|'.join(wanted)}]"}, fields=fields)

    def write(self, resource: str, kind: str, facts: Mapping[str, Any]) -> None:
        """Write a whole record back."""
        self._call("PUT", resource, content=written(kind, facts))

    def add_history(self, ref: str, *, state: str) -> None:
        """Set the status of an order; the shop writes to the customer as that status says."""
        body = written("order_history", {"id_order": ref, "id_order_state": state})
        self._call("POST", "order_histories", content=body, query={"sendemail": "1"})

    def _list(self, resource: str, query: Mapping[str, str], *, fields: str = "full") -> list[Record]:
        found = self._root("GET", resource, query={"display": fields, **query}).find(resource)
        records = None if found is None else [record(one) for one in found]
        if records is None or not all("id" in one for one in records):  # or only their numbers, and nothing of them
            raise ShopRefused("strange_answer", resource)
        return records

    def _root(self, method: str, path: str, **asked: Any) -> Element:
        answer = self._call(method, path, **asked)
        try:
            return rooted(answer.content)
        except NotXml as fault:
            raise ShopRefused("not_a_shop", said(answer)) from fault

    def _call(self, method: str, path: str, **asked: Any) -> httpx.Response:
        base = self.access.option("url").rstrip("/")
        headers = {"content-type": "text/xml; charset=utf-8"}
        auth = (self.access.secrets.get("key", ""), "")
        return call(self.access, method, f"{base}/api/{path}", auth=auth, headers=headers, **asked)


def rooted(body: bytes) -> Element:
    """Parse an answer. Characters that no XML may hold, which customers paste into forms, are left out."""
    root = tree(clean(body.decode("utf-8", "replace")).encode())
    if root.tag != "prestashop":
        msg = f"<{root.tag}>"
        raise NotXml(msg)
    return root


def record(found: Element) -> Record:
    """Give an element as a record: texts, names by language, associated records as lists."""
    return {one.tag: _value(one) for one in found}


def _value(found: Element) -> Any:
    if found.tag == "associations":
        return {group.tag: [record(one) for one in group] for group in found}
    if found.find("language") is not None:
        return {one.get("id", ""): (one.text or "").strip() for one in found}
    return (found.text or "").strip()


def written(kind: str, facts: Mapping[str, Any]) -> bytes:
    """Write a record as the webservice takes it; what is associated stays as it is there."""
    root = Element("prestashop")
    made = SubElement(root, kind)
    for name, value in facts.items():
        if isinstance(value, str):
            SubElement(made, name).text = value
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))
