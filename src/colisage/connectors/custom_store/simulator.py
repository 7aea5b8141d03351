"""A shop that speaks the custom-store protocol on a loopback socket, for demos and tests.

It knows nothing of Colisage. `orders` are (when it changed, its XML element) by number; what it was told is in
`parcels`, by order and tracking number; how it misbehaves is in `connectors.misbehaviour`.
"""

import base64
import secrets
from datetime import UTC, datetime

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from colisage.connectors.misbehaviour import Behaviour, Door

PATH = "/export.php"


class Store:
    """The whole shop, in memory."""

    def __init__(self, *, page: int = 20) -> None:
        self.username, self.password = "colisage", secrets.token_hex(8)
        self.orders: dict[str, tuple[datetime, str]] = {}
        self.parcels: dict[tuple[str, str], bytes] = {}
        self.told: list[dict[str, str]] = []
        self.page = page
        self.url = ""  # where it is served
        self.behaviour = Behaviour()

    def app(self) -> Starlette:
        """Give the web application."""
        export, notify = (self.behaviour.around(self._let_in(door)) for door in (self.export, self.notify))
        return Starlette(routes=[Route(PATH, export, methods=["GET"]), Route(PATH, notify, methods=["POST"])])

    def _let_in(self, door: Door) -> Door:
        async def answer(request: Request) -> Response:
            given = request.headers.get("authorization", "").removeprefix("Basic ")
            if given != base64.b64encode(f"{self.username}:{self.password}".encode()).decode():
                return PlainTextResponse("who are you", 401)
            return await door(request)

        return answer

    async def export(self, request: Request) -> Response:
        """Export a page of the orders of a span of time."""
        asked = request.query_params
        start, end = (_moment(asked.get(name, "")) for name in ("start_date", "end_date"))
        found = sorted((when, number, order) for number, (when, order) in self.orders.items() if start <= when < end)
        pages, first = max(-(-len(found) // self.page), 1), (int(asked.get("page", "1")) - 1) * self.page
        orders = "".join(order for _when, _number, order in found[first : first + self.page])
        body = f'<?xml version="1.0" encoding="utf-8"?>\n<Orders pages="{pages}">{orders}</Orders>'
        return Response(body.encode(), media_type="text/xml")

    async def notify(self, request: Request) -> Response:
        """Take the notice of a parcel: the same one twice is one parcel."""
        asked = dict(request.query_params)
        if asked.get("action") != "shipnotify" or asked.get("order_number") not in self.orders:
            return PlainTextResponse("no such order", 404)
        self.told.append(asked)
        self.parcels[asked["order_number"], asked.get("tracking_number", "")] = await request.body()
        return PlainTextResponse("")


def _moment(said: str) -> datetime:
    return datetime.strptime(said, "%m/%d/%Y %H:%M").replace(tzinfo=UTC)
