"""A PrestaShop on a loopback socket, for demos and tests: the part of its webservice that we use.

It knows nothing of Colisage. `tables` are its records by resource and id, all values as texts; how it misbehaves is in
`connectors.misbehaviour`.
"""

import base64
import re
import secrets
from datetime import datetime
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement, tostring

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from colisage.connectors.misbehaviour import Behaviour, Door
from colisage.connectors.xml_trees import tree

ONE: Final = {
    "orders": "order", "order_details": "order_detail", "order_states": "order_state", "addresses": "address",
    "countries": "country", "states": "state", "customers": "customer", "carriers": "carrier", "products": "product",
    "currencies": "currency", "languages": "language", "messages": "message", "combinations": "combination",
    "customizations": "customization", "stock_availables": "stock_available", "order_carriers": "order_carrier",
    "order_histories": "order_history",
}  # fmt: skip


class Presta:
    """The whole shop, in memory."""

    def __init__(self) -> None:
        self.key = secrets.token_hex(16).upper()
        self.tables: dict[str, dict[str, dict[str, Any]]] = {resource: {} for resource in ONE}
        self.forbidden: set[tuple[str, str]] = set()
        self.mails = 0
        self.url = ""  # where it is served
        self.behaviour = Behaviour()

    def app(self) -> Starlette:
        """Give the web application."""
        doors: list[tuple[str, str, Door]] = [
            ("/api/", "GET", self.rights),
            ("/api/{resource}", "GET", self.find),
            ("/api/{resource}/{id}", "GET", self.show),
            ("/api/{resource}", "PUT", self.change),
            ("/api/order_histories", "POST", self.add_history),
        ]
        return Starlette(
            routes=[
                Route(path, self.behaviour.around(self._let_in(door)), methods=[method]) for path, method, door in doors
            ]
        )

    def _let_in(self, door: Door) -> Door:
        async def answer(request: Request) -> Response:
            given = request.headers.get("authorization", "").removeprefix("Basic ")
            if given != base64.b64encode(f"{self.key}:".encode()).decode():
                return _fault(401, "Invalid authentication key format")
            return await door(request)

        return answer

    async def rights(self, _request: Request) -> Response:
        """Say what the key may do."""
        root = Element("prestashop")
        api = SubElement(root, "api", shopName="Boutique Tilleul")
        for resource in ONE:
            verbs = {
                verb: str((resource, verb) not in self.forbidden).lower() for verb in ("get", "put", "post", "delete")
            }
            SubElement(api, resource, verbs)
        return _xml(root)

    async def find(self, request: Request) -> Response:
        """List records: filtered, sorted, some of them."""
        resource, asked = request.path_params["resource"], request.query_params
        if resource not in ONE:
            return _fault(400, "Resource of type not found")
        found = list(self.tables[resource].values())
        for name, value in asked.items():
            if field := re.fullmatch(r"filter\[(\w+)\]", name):
                found = [one for one in found if _matches(str(one.get(field[1], "")), value)]
        if sort := asked.get("sort"):
            names = [name.removesuffix("_ASC") for name in sort.strip("[]").split(",")]
            found.sort(key=lambda one: [_sortable(one.get(name, "")) for name in names])
        if limit := asked.get("limit"):
            first, count = map(int, limit.split(","))
            found = found[first : first + count]
        root = Element("prestashop")
        listed = SubElement(root, resource)
        for one in found:
            _record(SubElement(listed, ONE[resource]), one)
        return _xml(root)

    async def show(self, request: Request) -> Response:
        """Show a record."""
        resource = request.path_params["resource"]
        found = self.tables.get(resource, {}).get(request.path_params["id"])
        if found is None:
            return _fault(404, "This resource does not exist")
        root = Element("prestashop")
        _record(SubElement(root, ONE[resource]), found)
        return _xml(root)

    async def change(self, request: Request) -> Response:
        """Change a record."""
        resource = request.path_params["resource"]
        (sent,) = tree(await request.body())
        values = {one.tag: one.text or "" for one in sent}
        found = self.tables[resource].get(values.get("id", ""))
        if found is None or sent.tag != ONE[resource]:
            return _fault(400, "Invalid ID")
        found.update(values)
        return _xml(Element("prestashop"))

    async def add_history(self, request: Request) -> Response:
        """Set the status of an order."""
        (sent,) = tree(await request.body())
        values = {one.tag: one.text or "" for one in sent}
        order = self.tables["orders"].get(values["id_order"])
        if order is None:
            return _fault(400, "Invalid order")
        pk = str(len(self.tables["order_histories"]) + 1)
        self.tables["order_histories"][pk] = {"id": pk, **values}
        self.mails += request.query_params.get("sendemail") == "1"
        order["current_state"] = values["id_order_state"]
        order["date_upd"] = f"{datetime.fromisoformat(order['date_upd']):%Y-%m-%d} 23:59:59"
        return _xml(Element("prestashop"), 201)


def _matches(value: str, wanted: str) -> bool:
    if wanted.startswith(">["):
        return value > wanted[2:-1]
    return value.casefold() in wanted.strip("[]").casefold().split("|")


def _sortable(value: Any) -> tuple[int, str]:
    return (int(value), "") if str(value).isdecimal() else (0, str(value))


def _record(made: Element, facts: dict[str, Any]) -> None:
    for name, value in facts.items():
        field = SubElement(made, name)
        if isinstance(value, dict):
            for group, records in value.items():
                inside = SubElement(field, group, nodeType=group)
                for one in records:
                    _record(SubElement(inside, group.removesuffix("s")), one)
        else:
            field.text = value


def _xml(root: Element, status: int = 200) -> Response:
    return Response(tostring(root, encoding="utf-8", xml_declaration=True), status, media_type="text/xml")


def _fault(status: int, message: str) -> Response:
    root = Element("prestashop")
    error = SubElement(SubElement(root, "errors"), "error")
    SubElement(error, "code").text, SubElement(error, "message").text = "1", message
    return _xml(root, status)
