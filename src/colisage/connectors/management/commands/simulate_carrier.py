"""`colisage simulate carrier`: a carrier on a loopback socket, for the demo and for trying things out."""

import os
import socket
from argparse import ArgumentParser
from typing import Any

import uvicorn
from django.conf import settings
from django.core.management.base import BaseCommand

from colisage.connectors.carrier_sim.config import NAME, config
from colisage.connectors.carrier_sim.simulator import Carrier


def _told(name: str, otherwise: float) -> float:
    """Read what `colisage run` was told about the demo's carrier."""
    return float(os.environ.get(f"COLISAGE_CARRIER_{name}") or otherwise)


class Command(BaseCommand):
    """Run the carrier simulator until it is stopped."""

    help = "Run the carrier simulator: it sells labels, moves parcels and tells so, at the speed you choose."
    requires_system_checks: list[str] = []  # noqa: RUF012 -- Django's own attribute; the simulator needs no database

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what can be asked for."""
        parser.add_argument("--port", type=int, default=8090, help="0: a free one, which is printed")
        parser.add_argument("--fd", type=int, default=None, help="a listening socket handed over instead of a port")
        parser.add_argument(
            "--speed", type=float, default=_told("SPEED", 60), help="seconds that one of its days lasts"
        )
        parser.add_argument(
            "--trouble", type=float, default=_told("TROUBLE", 0.1), help="share of parcels that go another way"
        )
        parser.add_argument("--slow", type=float, default=30, help="seconds of a slow answer")
        parser.add_argument("--seed", type=int, default=1, help="which parcels have trouble")
        parser.add_argument("--webhook", default="", help="where scans are told; this installation when left out")

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve."""
        carrier = Carrier(
            webhook_url=options["webhook"] or f"{settings.COLISAGE_URL}/tracking/webhooks/{NAME}",
            secret=config().secret,
            day_seconds=options["speed"],
            trouble=options["trouble"],
            slow_seconds=options["slow"],
            seed=options["seed"],
        )
        door = (
            socket.socket(fileno=options["fd"])
            if options["fd"] is not None
            else socket.create_server(("127.0.0.1", options["port"]))
        )
        with door:
            if options["fd"] is None:  # else who opened the socket knows where it is
                self.stdout.write(f"http://127.0.0.1:{door.getsockname()[1]}")
                self.stdout.flush()
            server = uvicorn.Server(uvicorn.Config(carrier.app(), log_level="critical", access_log=False))
            server.run(sockets=[door])
