"""A carrier on a loopback socket, for demos and tests: it sells labels, moves parcels, and misbehaves on demand.

It knows nothing of Colisage: this is its own interface, JSON over HTTP.

    POST   /shipments            Idempotency-Key: KEY   {"account", "service", "reference", "from", "to",
                                                         "parcels": [{"grams", "sides_mm": [l, w, h]}]}
                                 201, or 200 when the key is known: {"shipment": "S-…", "key", "live": false,
                                                                     "parcels": [{"tracking": "SM…"}]}
                                 409 the key is known with other content; 422 {"error": "…"} refused, nothing sold
    GET    /shipments?key=KEY    200 {"shipments": [the same]}, empty when nothing was sold
    DELETE /shipments?key=KEY    204; 409 {"error": "…"} when it was collected already
    POST   /collections          {"manifest", "keys": […]}: 200 {"accepted": n}; the parcels begin to move
    GET    /tracking/NUMBER      200 {"tracking", "scans": [{"id", "code", "at", "site"}]}
    POST   /behaviour            {"answers": […], "messages": […]}: how it misbehaves from now on

Scans are pushed to the webhook, signed as Standard Webhooks ask (webhook-id, webhook-timestamp, webhook-signature):

    {"account", "tracking", "scans": [{"id", "code", "at", "site", "due"}]}

Codes: ANNOUNCED COLLECTED HUB ON_VAN HANDED_OVER LATE NOT_HOME AT_SHOP REFUSED GOING_BACK BACK.

Answers misbehave as `slow`, `error_before_effect`, `error_after_effect`, `drop` (the connection breaks after the
effect), `refuse`; also for one request by the header `Misbehave`. Messages misbehave as `duplicate`, `out_of_order`,
`drop`.
"""

import asyncio
import base64
import contextlib
import hashlib
import hmac
import itertools
import json
import random
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

ANSWERS = frozenset({"slow", "error_before_effect", "error_after_effect", "drop", "refuse"})
MESSAGES = frozenset({"duplicate", "out_of_order", "drop"})
SITES = ("Lyon Corbas", "Orléans", "Paris Nord", "Rennes", "Bordeaux")
# Where a parcel is how many days after its collection.
USUAL = ((0.05, "COLLECTED"), (0.4, "HUB"), (0.9, "HUB"), (1.3, "ON_VAN"), (1.5, "HANDED_OVER"))
TROUBLES = (
    ((0.05, "COLLECTED"), (0.4, "HUB"), (1.0, "LATE"), (2.0, "HUB"), (2.3, "ON_VAN"), (2.5, "HANDED_OVER")),
    ((0.05, "COLLECTED"), (0.4, "HUB"), (1.3, "ON_VAN"), (1.5, "NOT_HOME"), (1.7, "AT_SHOP"), (3.0, "HANDED_OVER")),
    ((0.05, "COLLECTED"), (0.4, "HUB"), (1.3, "ON_VAN"), (1.5, "REFUSED"), (1.6, "GOING_BACK"), (3.0, "BACK")),
)


@dataclass
class Parcel:
    """A parcel the carrier knows of."""

    tracking: str
    account: str
    scans: list[dict[str, str]] = field(default_factory=list)


@dataclass
class Shipment:
    """What was sold under one key."""

    name: str
    key: str
    digest: str
    parcels: list[Parcel]
    collected: bool = False

    def told(self) -> dict[str, Any]:
        """Give it as the interface does."""
        return {
            "shipment": self.name,
            "key": self.key,
            "live": False,
            "parcels": [{"tracking": parcel.tracking} for parcel in self.parcels],
        }


class Carrier:
    """The whole carrier, in memory. `day_seconds` is how long one of its days lasts.

    `trouble` is the share of parcels that do not go the usual way; the same parcels for the same `seed`.
    """

    def __init__(
        self,
        *,
        webhook_url: str,
        secret: bytes,
        day_seconds: float = 60,
        trouble: float = 0.1,
        slow_seconds: float = 30,
        seed: int = 1,
    ) -> None:
        self.webhook_url, self.secret = webhook_url, secret
        self.day_seconds, self.trouble, self.slow_seconds = day_seconds, trouble, slow_seconds
        self.random = random.Random(seed)  # noqa: S311 -- a simulation
        self.sold: dict[str, Shipment] = {}
        self.parcels: dict[str, Parcel] = {}
        self.answers: frozenset[str] = frozenset()
        self.messages: frozenset[str] = frozenset()
        self.calls: list[tuple[str, str]] = []  # method and path, for who watches
        self._due: asyncio.PriorityQueue[tuple[float, int, Parcel, dict[str, str]]] = asyncio.PriorityQueue()
        self._turn = itertools.count()
        self._held: list[tuple[str, dict[str, Any]]] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def app(self) -> Starlette:
        """Give the web application."""
        return Starlette(
            routes=[
                Route("/shipments", self.buy, methods=["POST"]),
                Route("/shipments", self.find, methods=["GET"]),
                Route("/shipments", self.void, methods=["DELETE"]),
                Route("/collections", self.collect, methods=["POST"]),
                Route("/tracking/{number}", self.track, methods=["GET"]),
                Route("/behaviour", self.behave, methods=["POST"]),
            ],
            lifespan=self._open,
        )

    async def buy(self, request: Request) -> Response:
        """Sell a shipment, once for each key."""
        key, body = request.headers.get("idempotency-key", ""), await request.body()
        ways = self._ways(request)
        if not key:
            return JSONResponse({"error": "Idempotency-Key is missing"}, 400)
        if "error_before_effect" in ways:
            return JSONResponse({"error": "try later"}, 503)
        if "refuse" in ways:
            return JSONResponse({"error": "address not served"}, 422)
        known, digest = self.sold.get(key), hashlib.sha256(body).hexdigest()
        if known and known.digest != digest:
            return JSONResponse({"error": "the key is known with other content"}, 409)
        try:
            asked = json.loads(body)
            shipment = known or self._sell(key, digest, account=str(asked["account"]), parcels=len(asked["parcels"]))
        except (ValueError, KeyError, TypeError):
            return JSONResponse({"error": "cannot be read"}, 400)
        return await self._answer(JSONResponse(shipment.told(), 200 if known else 201), ways)

    def _sell(self, key: str, digest: str, *, account: str, parcels: int) -> Shipment:
        made = [Parcel(f"SM{secrets.randbelow(10**13):013d}", account) for _ in range(parcels)]
        shipment = Shipment(f"S-{secrets.token_hex(5)}", key, digest, made)
        self.sold[key] = shipment
        self.parcels.update((parcel.tracking, parcel) for parcel in made)
        for parcel in made:
            self._plan(parcel, 0, "ANNOUNCED")
        return shipment

    async def find(self, request: Request) -> Response:
        """Say what was sold under a key."""
        known = self.sold.get(request.query_params.get("key", ""))
        return await self._answer(JSONResponse({"shipments": [known.told()] if known else []}), self._ways(request))

    async def void(self, request: Request) -> Response:
        """Take a shipment back, unless it was collected."""
        key = request.query_params.get("key", "")
        known = self.sold.get(key)
        if known and known.collected:
            return JSONResponse({"error": "collected already"}, 409)
        self.sold.pop(key, None)
        for parcel in known.parcels if known else []:
            self.parcels.pop(parcel.tracking, None)
        return await self._answer(Response(status_code=204), self._ways(request))

    async def collect(self, request: Request) -> Response:
        """Take parcels along; each begins to move, once."""
        asked = await request.json()
        found = [self.sold[key] for key in asked["keys"] if key in self.sold]
        for shipment in found:
            if not shipment.collected:
                shipment.collected = True
                self._move(shipment)
        return await self._answer(JSONResponse({"accepted": len(found)}), self._ways(request))

    async def track(self, request: Request) -> Response:
        """Tell what happened to a parcel."""
        parcel = self.parcels.get(request.path_params["number"])
        if parcel is None:
            return JSONResponse({"error": "not known"}, 404)
        return JSONResponse({"tracking": parcel.tracking, "scans": parcel.scans})

    async def behave(self, request: Request) -> Response:
        """Misbehave as told from now on."""
        asked = await request.json()
        self.answers = frozenset(asked.get("answers", ())) & ANSWERS
        self.messages = frozenset(asked.get("messages", ())) & MESSAGES
        return JSONResponse({"answers": sorted(self.answers), "messages": sorted(self.messages)})

    def _ways(self, request: Request) -> frozenset[str]:
        self.calls.append((request.method, request.url.path))
        own = request.headers.get("misbehave", "").replace(",", " ").split()
        return (self.answers | set(own)) & ANSWERS

    async def _answer(self, good: Response, ways: frozenset[str]) -> Response:
        """Answer after the effect, well or badly."""
        if "slow" in ways:
            await asyncio.sleep(self.slow_seconds)
        if "error_after_effect" in ways:
            return JSONResponse({"error": "internal"}, 500)
        if "drop" in ways:
            return StreamingResponse(_broken(), headers={"content-length": "1000"})
        return good

    # --- parcels that move

    def _move(self, shipment: Shipment) -> None:
        way = self.random.choice(TROUBLES) if self.random.random() < self.trouble else USUAL
        for parcel in shipment.parcels:
            for days, code in way:
                self._plan(parcel, days, code)

    def _plan(self, parcel: Parcel, days: float, code: str) -> None:
        moment = time.time() + days * self.day_seconds
        at = datetime.fromtimestamp(moment, UTC)
        scan = {
            "id": secrets.token_hex(8),
            "code": code,
            "at": at.isoformat(),
            "site": self.random.choice(SITES) if code == "HUB" else "",
        }
        if code == "LATE":
            scan["due"] = (at + timedelta(days=2)).date().isoformat()
        self._due.put_nowait((moment, next(self._turn), parcel, scan))

    @contextlib.asynccontextmanager
    async def _open(self, app: Starlette) -> AsyncIterator[None]:
        """Move parcels while the server runs."""
        async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
            running = asyncio.create_task(self._run(client))
            yield
            for task in (running, *self._tasks):
                task.cancel()
            await asyncio.gather(running, *self._tasks, return_exceptions=True)

    async def _run(self, client: httpx.AsyncClient) -> None:
        while True:
            moment, turn, parcel, scan = await self._due.get()
            if moment > time.time():
                self._due.put_nowait((moment, turn, parcel, scan))
                await asyncio.sleep(min(0.05, moment - time.time()))
                continue
            if parcel.tracking not in self.parcels:  # given back meanwhile
                continue
            parcel.scans.append(scan)
            self._push(client, {"account": parcel.account, "tracking": parcel.tracking, "scans": [scan]})

    def _push(self, client: httpx.AsyncClient, message: dict[str, Any]) -> None:
        """Send a message, well or badly."""
        if "drop" in self.messages:
            return
        batch = [(f"msg_{secrets.token_hex(10)}", message)]
        if "duplicate" in self.messages:  # the same message again, and the same scan in another message
            batch += [batch[0], (f"msg_{secrets.token_hex(10)}", message)]
        if "out_of_order" in self.messages and not self._held:
            self._held = batch  # the next one overtakes it
            return
        batch, self._held = [*batch, *self._held], []
        task = asyncio.create_task(self._send(client, batch))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, client: httpx.AsyncClient, batch: list[tuple[str, dict[str, Any]]]) -> None:
        for name, message in batch:
            for pause in (0.2, 1, 5, 20, 60, 0):
                with contextlib.suppress(httpx.HTTPError):
                    body = json.dumps(message).encode()
                    answer = await client.post(self.webhook_url, content=body, headers=self.signed(name, body))
                    if answer.is_success or answer.status_code in {401, 404, 413}:
                        break
                await asyncio.sleep(pause)

    def signed(self, name: str, body: bytes) -> dict[str, str]:
        """Sign a message."""
        stamp = str(int(time.time()))
        digest = hmac.new(self.secret, f"{name}.{stamp}.".encode() + body, hashlib.sha256).digest()
        return {
            "content-type": "application/json",
            "webhook-id": name,
            "webhook-timestamp": stamp,
            "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
        }


async def _broken() -> AsyncIterator[bytes]:
    """Begin an answer and break off."""
    yield b'{"shipment":'
    raise ConnectionResetError
