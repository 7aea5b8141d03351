import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from tests.packing.conftest import boxes, picked  # noqa: F401 -- fixtures
from tests.picking.conftest import ready  # noqa: F401 -- a fixture of those
from tests.serving import served
from tests.shipping.conftest import laposte, packed  # noqa: F401 -- fixtures

from colisage.connectors.carrier_sim.client import client_for
from colisage.connectors.carrier_sim.config import Config
from colisage.connectors.carrier_sim.simulator import Carrier
from colisage.shipping.ports import ParcelToShip, ShipmentToBuy

SECRET = b"a secret of the carrier"
Start = Callable[..., tuple[Carrier, Config]]


class Receiver:
    """Keeps the messages that arrive: headers and body. Answers as told."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.statuses: list[int] = []
        self.app = Starlette(routes=[Route("/hook", self.take, methods=["POST"])])

    async def take(self, request: Request) -> Response:
        status = self.statuses.pop(0) if self.statuses else 204
        if status == 204:
            self.got.append((dict(request.headers), await request.body()))
        return Response(status_code=status)

    def wait_for(self, count: int, *, seconds: float = 10) -> list[tuple[dict[str, str], bytes]]:
        """Wait until so many messages are there."""
        for _ in range(int(seconds * 100)):
            if len(self.got) >= count:
                break
            threading.Event().wait(0.01)
        return self.got


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    with served(made.app) as url:
        made.url = f"{url}/hook"  # type: ignore[attr-defined]
        yield made


@pytest.fixture
def start(receiver: Any) -> Iterator[Start]:
    """Start simulators on loopback; stopped at the end."""
    open_: list[Any] = []

    def make(*, timeout_seconds: float = 5, **options: Any) -> tuple[Carrier, Config]:
        carrier = Carrier(webhook_url=receiver.url, secret=SECRET, **{"day_seconds": 0.2, "trouble": 0, **options})
        server = served(carrier.app())
        url = server.__enter__()
        config = Config(url, SECRET, timeout_seconds)
        open_.append((config, server))
        return carrier, config

    yield make
    for config, server in open_:
        client_for(config).close()
        server.__exit__(None, None, None)


@pytest.fixture
def wanted() -> ShipmentToBuy:
    return ShipmentToBuy(
        key="key-1",
        carrier="laposte",
        service="colissimo-domicile",
        reference="#1001",
        sender={
            "name": "Maison Tilleul",
            "line1": "12 rue des Tisseurs",
            "postcode": "69004",
            "city": "Lyon",
            "country": "FR",
        },
        recipient={"name": "Éloïse", "line1": "8 rue Lepic", "postcode": "75018", "city": "Paris", "country": "FR"},
        parcels=[ParcelToShip(1, 400, 200, 150, 100), ParcelToShip(2, 900, 200, 150, 100)],
    )
