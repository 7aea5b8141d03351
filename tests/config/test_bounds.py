"""More than a program may send, over a real socket: refused with a code before it is read, or while it is."""

import json
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from colisage.config.bounds import MOST_BYTES
from colisage.intake.models import ImportRun, ShopMessage
from colisage.orders.models import Order
from tests.cast import World
from tests.program import Program
from tests.serving import house, process_of

pytestmark = pytest.mark.django_db(transaction=True)
DOORS = (
    "/api/v1/orders",
    "/api/v1/imports?channel=shop&name=a.csv",
    "/api/v1/skus",
    "/api/v1/skus/files?name=a.csv",
    "/api/v1/interchanges?channel=shop",
    "/api/v1/epcis/capture",
    "/hooks/shops/nobody",
    "/hooks/custom-store/shop?action=shipnotify",
    "/tracking/webhooks/nobody",
)
PIECE = b"x" * 1_000_000


def answered(url: str, path: str, *headers: str, pieces: int = 0, language: str = "en") -> tuple[int, str]:
    """Send the head of a request and so many megabytes in pieces of unknown number; give the status and the code."""
    where = urlsplit(url)
    with socket.create_connection((where.hostname or "", where.port or 0), timeout=30) as door:
        lines = (f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Accept-Language: {language}", *headers)
        door.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        for _ in range(pieces):
            door.sendall(b"%x\r\n%s\r\n" % (len(PIECE), PIECE))
        if pieces:
            door.sendall(b"0\r\n\r\n")
        answer = door.makefile("rb")
        status = int(answer.readline().split()[1])
        fields = dict(line.decode().strip().lower().split(": ", 1) for line in iter(answer.readline, b"\r\n"))
        body = answer.read(int(fields.get("content-length", 0)))
    assert fields["content-type"] == "application/problem+json", (status, body)
    return status, str(json.loads(body)["code"])


def most_kilobytes(url: str) -> int:
    """Give the most memory that the process at an address ever held."""
    said = Path(f"/proc/{process_of(url)}/status").read_text()
    return int(said.partition("VmHWM:")[2].split()[0])


def test_more_than_twenty_megabytes_are_refused_at_every_door_and_kept_nowhere(world: World) -> None:
    key = f"Authorization: Bearer {Program(world.tilleul, 'orders:write', 'products:write', 'epcis:write').token}"
    with house() as url:
        for path in DOORS:  # what is announced is not waited for
            assert answered(url, path, key, f"Content-Length: {MOST_BYTES + 1}") == (413, "too_large"), path
            assert answered(url, path, key, "Content-Length: 9", "Content-Encoding: gzip") == (415, "packed"), path
        before = most_kilobytes(url)
        for path in DOORS:  # what comes without its length is counted
            assert answered(url, path, key, "Transfer-Encoding: chunked", pieces=80) == (413, "too_large"), path
        assert most_kilobytes(url) - before < 60_000
    assert (Order.objects.count(), ImportRun.objects.count(), ShopMessage.objects.count()) == (0, 0, 0)
