"""An Amazon on a loopback socket, for demos and tests: log-in, orders, shipment confirmation, listings.

It knows nothing of Colisage. `orders` are as the API gives them; how it misbehaves is in `connectors.misbehaviour`.
"""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from colisage.connectors.misbehaviour import Behaviour, Door

MARKETPLACES: Final = {"A13V1IB3VIYZZH": "Amazon.fr", "A1PA6795UKMFR9": "Amazon.de"}
DATASETS: Final = {"BUYER": "buyer", "RECIPIENT": "recipient", "PROCEEDS": "proceeds", "FULFILLMENT": "fulfillment",
                   "PACKAGES": "packages", "PAYMENT": "payment"}  # fmt: skip


class Seller:
    """The account of one seller, in memory."""

    def __init__(self) -> None:
        self.seller, self.client = "A3TH9S8BH6GOGM", "amzn1.application-oa2-client.1"
        self.client_secret, self.refresh_token = secrets.token_hex(16), f"Atzr|{secrets.token_hex(16)}"
        self.tokens: set[str] = set()
        self.log_ins = 0
        self.orders: dict[str, dict[str, Any]] = {}
        self.listings: dict[str, int] = {}
        self.refused_listings: set[str] = set()
        self.sees_recipients = True
        self.page = 100  # orders at most on a page
        self.url = ""  # where it is served
        self.behaviour = Behaviour()

    def app(self) -> Starlette:
        """Give the web application."""
        doors: list[tuple[str, str, Door]] = [
            ("/sellers/v1/marketplaceParticipations", "GET", self.participations),
            ("/orders/2026-01-01/orders", "GET", self.search),
            ("/orders/2026-01-01/orders/{ref}", "GET", self.show),
            ("/orders/v0/orders/{ref}/shipmentConfirmation", "POST", self.confirm),
            ("/listings/2021-08-01/items/{seller}/{sku:path}", "PATCH", self.change_listing),
        ]
        return Starlette(
            routes=[
                Route("/auth/o2/token", self.log_in, methods=["POST"]),
                *(Route(path, self.behaviour.around(self._let_in(door)), methods=[verb]) for path, verb, door in doors),
            ]
        )

    async def log_in(self, request: Request) -> Response:
        """Give an access token for a refresh token."""
        given = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        wanted = {"client_id": self.client, "client_secret": self.client_secret, "refresh_token": self.refresh_token}
        if given != {"grant_type": "refresh_token", **wanted}:
            return JSONResponse({"error": "invalid_grant", "error_description": "not valid"}, 400)
        self.log_ins += 1
        token = f"Atza|{secrets.token_hex(16)}"
        self.tokens.add(token)
        return JSONResponse({"access_token": token, "token_type": "bearer", "expires_in": 3600})

    def _let_in(self, door: Door) -> Door:
        async def answer(request: Request) -> Response:
            if request.headers.get("x-amz-access-token", "") not in self.tokens:
                return _fault(403, "Unauthorized", "Access to requested resource is denied.")
            return await door(request)

        return answer

    async def participations(self, _request: Request) -> Response:
        """Say where the seller sells."""
        found = [
            {"marketplace": {"id": pk, "name": name}, "participation": {"isParticipating": True}}
            for pk, name in MARKETPLACES.items()
        ]
        return JSONResponse({"payload": found})

    async def search(self, request: Request) -> Response:
        """Give orders that changed since, a page of them."""
        asked = request.query_params
        included = asked.get("includedData", "").split(",")
        try:
            after = datetime.fromisoformat(asked["lastUpdatedAfter"])
            at = int(asked.get("paginationToken", "0").removeprefix("page-"))
        except (KeyError, ValueError):
            return _fault(400, "InvalidInput", "Invalid Input")
        if "RECIPIENT" in included and not self.sees_recipients:
            return _fault(403, "Unauthorized", "The role is missing.")
        places = asked.get("marketplaceIds", "").split(",")
        found = [
            one
            for one in sorted(self.orders.values(), key=lambda one: str(one["lastUpdatedTime"]))
            if datetime.fromisoformat(one["lastUpdatedTime"]) >= after
            and one["salesChannel"]["marketplaceId"] in places
        ]
        size = min(self.page, int(asked.get("maxResultsPerPage", "100")))
        answer: dict[str, Any] = {
            "orders": [_some(one, included) for one in found[at : at + size]],
            "lastUpdatedBefore": f"{datetime.now(UTC) - timedelta(minutes=2):%Y-%m-%dT%H:%M:%SZ}",
        }
        if at + size < len(found):
            answer["pagination"] = {"nextToken": f"page-{at + size}"}
        return JSONResponse(answer)

    async def show(self, request: Request) -> Response:
        """Give an order."""
        found = self.orders.get(request.path_params["ref"])
        if found is None:
            return _fault(404, "NotFound", "Order not found")
        return JSONResponse({"order": _some(found, request.query_params.get("includedData", "").split(","))})

    async def confirm(self, request: Request) -> Response:
        """Take a package; the same reference again replaces it."""
        found = self.orders.get(request.path_params["ref"])
        sent = await request.json()
        package = sent.get("packageDetail", {})
        wanted = {"packageReferenceId", "carrierCode", "trackingNumber", "shipDate", "orderItems"}
        named = package.get("carrierCode") != "Other" or package.get("carrierName")
        if found is None or not sent.get("marketplaceId") or not wanted <= package.keys() or not named:
            return _fault(400, "InvalidInput", "Invalid Input")
        lines = {one["orderItemId"]: one for one in found["orderItems"]}
        if not package["orderItems"] or any(one["orderItemId"] not in lines for one in package["orderItems"]):
            return _fault(400, "InvalidInput", "Order items")
        kept = [one for one in found.get("packages", []) if one["packageReferenceId"] != package["packageReferenceId"]]
        found["packages"] = [*kept, package]
        for ref, line in lines.items():
            sent_units = sum(
                one["quantity"] for p in found["packages"] for one in p["orderItems"] if one["orderItemId"] == ref
            )
            ordered = line["quantityOrdered"]
            line["fulfillment"] |= {"quantityFulfilled": sent_units, "quantityUnfulfilled": ordered - sent_units}
        left = sum(line["fulfillment"]["quantityUnfulfilled"] for line in lines.values())
        found["fulfillment"]["fulfillmentStatus"] = "PARTIALLY_SHIPPED" if left else "SHIPPED"
        found["lastUpdatedTime"] = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        return Response(status_code=204)

    async def change_listing(self, request: Request) -> Response:
        """Set what may be sold of a listing."""
        sku = request.path_params["sku"]
        if sku not in self.listings:
            return _fault(404, "NOT_FOUND", f"SKU '{sku}' not found.")
        answer = {"sku": sku, "submissionId": secrets.token_hex(8)}
        if sku in self.refused_listings:
            return JSONResponse({**answer, "status": "INVALID", "issues": [{"code": "90220", "message": "brand"}]})
        (patch,) = (await request.json())["patches"]
        self.listings[sku] = patch["value"][0]["quantity"]
        return JSONResponse({**answer, "status": "ACCEPTED", "issues": []})


def _some(order: dict[str, Any], included: list[str]) -> dict[str, Any]:
    """Give an order with the parts that were asked for."""
    left_out = {name for dataset, name in DATASETS.items() if dataset not in included}
    return {name: value for name, value in order.items() if name not in left_out}


def _fault(status: int, code: str, message: str) -> Response:
    return JSONResponse({"errors": [{"code": code, "message": message, "details": ""}]}, status)
