"""Calling the Selling Partner API: orders 2026-01-01, shipment confirmation v0, listings 2021-08-01."""

import hashlib
import time
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any, Final
from urllib.parse import quote

import httpx

from colisage.connectors.amazon.config import ENDPOINT, LOG_IN
from colisage.connectors.calls import call, json_of
from colisage.connectors.ports import Access, ShopRefused

PAGE: Final = 100
INCLUDED: Final = "BUYER,RECIPIENT,PROCEEDS,CANCELLATION,FULFILLMENT,PAYMENT"
SPARE_SECONDS: Final = 300.0  # a token is not used in its last minutes
_tokens: dict[str, tuple[float, str]] = {}
_asking = Lock()


class AmazonClient:
    """One seller; each method is one call, and one more to log in where the last log-in has run out."""

    def __init__(self, access: Access) -> None:
        self.access = access
        self.marketplaces = [name.strip() for name in access.option("marketplaces").split(",") if name.strip()]

    def participations(self) -> list[Mapping[str, Any]]:
        """Give the marketplaces that the seller sells on."""
        found = self._object("GET", "/sellers/v1/marketplaceParticipations").get("payload")
        if not isinstance(found, list):
            raise ShopRefused("strange_answer", "marketplaceParticipations")
        return [one for one in found if isinstance(one, Mapping)]

    def orders(self, *, after: str, token: str = "", most: int = PAGE) -> dict[str, Any]:
        """Give a page of orders changed since a moment, with a token where there are more."""
        query = {
            "lastUpdatedAfter": after,
            "marketplaceIds": ",".join(self.marketplaces),
            "maxResultsPerPage": str(most),
            "includedData": INCLUDED,
        }
        found = self._object(
            "GET", "/orders/2026-01-01/orders", query=query | ({"paginationToken": token} if token else {})
        )
        if not isinstance(found.get("orders"), list):
            raise ShopRefused("strange_answer", "orders")
        return found

    def order(self, ref: str, *, included: str = INCLUDED) -> dict[str, Any]:
        """Give one order."""
        path = f"/orders/2026-01-01/orders/{quote(ref, safe='')}"
        found = self._object("GET", path, query={"includedData": included}).get("order")
        if not isinstance(found, dict):
            raise ShopRefused("strange_answer", ref)
        return found

    def confirm(self, ref: str, *, marketplace: str, package: Mapping[str, Any]) -> None:
        """Say that a package left; the same package reference again changes what was said of it."""
        path = f"/orders/v0/orders/{quote(ref, safe='')}/shipmentConfirmation"
        self._call("POST", path, json={"marketplaceId": marketplace, "packageDetail": package})

    def set_stock(self, sku: str, *, quantity: int) -> Sequence[str]:
        """Set what may be sold of a SKU; give what Amazon has against it, or nothing."""
        path = f"/listings/2021-08-01/items/{quote(self.access.option('seller'), safe='')}/{quote(sku, safe='')}"
        value = [{"fulfillment_channel_code": "DEFAULT", "quantity": quantity}]
        patch = {"op": "replace", "path": "/attributes/fulfillment_availability", "value": value}
        found = self._object(
            "PATCH", path,
            query={"marketplaceIds": ",".join(self.marketplaces)}, json={"productType": "PRODUCT", "patches": [patch]},
        )  # fmt: skip
        if found.get("status") != "INVALID":
            return ()
        issues = found.get("issues") or [{"message": "INVALID"}]
        return [str(one.get("message", "")) for one in issues if isinstance(one, Mapping)]

    def _object(self, method: str, path: str, **asked: Any) -> dict[str, Any]:
        found = json_of(self._call(method, path, **asked))
        if not isinstance(found, dict):
            raise ShopRefused("strange_answer", path)
        return found

    def _call(self, method: str, path: str, **asked: Any) -> httpx.Response:
        base = (self.access.option("url") or ENDPOINT).rstrip("/")
        headers = {"x-amz-access-token": self._token()}
        try:
            return call(self.access, method, base + path, headers=headers, **asked)
        except ShopRefused as fault:
            if fault.code in {"not_let_in", "not_allowed"}:  # an app that was let go, or a role that is missing
                _tokens.pop(self._who(), None)
            raise

    def _token(self) -> str:
        """Give the token of the last log-in, or log in."""
        with _asking:
            until, token = _tokens.get(self._who(), (0.0, ""))
            if until < time.monotonic():
                token, seconds = self._log_in()
                _tokens[self._who()] = (time.monotonic() + seconds - SPARE_SECONDS, token)
            return token

    def _who(self) -> str:
        secrets = self.access.secrets
        said = (self._log_in_address(), self.access.option("client"), *(secrets.get(n, "") for n in _SECRETS))
        return hashlib.sha256("\n".join(said).encode()).hexdigest()

    def _log_in_address(self) -> str:
        return self.access.option("log_in") or LOG_IN

    def _log_in(self) -> tuple[str, float]:
        form = httpx.QueryParams(
            grant_type="refresh_token", client_id=self.access.option("client"),
            **{name: self.access.secrets.get(name, "") for name in _SECRETS},
        )  # fmt: skip
        headers = {"content-type": "application/x-www-form-urlencoded"}
        try:
            answer = call(self.access, "POST", self._log_in_address(), headers=headers, content=str(form).encode())
        except ShopRefused as fault:
            if fault.code == "strange_answer":  # 400 says which of the three is wrong
                raise ShopRefused("not_let_in", fault.detail) from fault
            raise
        found = json_of(answer)
        if not isinstance(found, dict) or not isinstance(found.get("access_token"), str):
            raise ShopRefused("strange_answer", "access_token")
        seconds = found.get("expires_in")
        return found["access_token"], float(seconds) if isinstance(seconds, int | float) else 3600.0


_SECRETS: Final = ("client_secret", "refresh_token")
