"""A program that receives webhooks over a real socket, and misbehaves as it is told."""

import json
import socket
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from colisage.kit.signing import signature
from colisage.notices.rules.webhooks import secret_bytes


@dataclass
class Got:
    """A message that came."""

    headers: dict[str, str]
    body: bytes
    path: str

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def told(self) -> Any:
        return json.loads(self.body)

    def signed_by(self, secret: str) -> bool:
        """Verify as a receiver does."""
        wanted = signature(
            secret_bytes(secret),
            message_id=self.id,
            timestamp=int(self.headers["webhook-timestamp"]),
            body=self.body,
        )
        return wanted in self.headers["webhook-signature"].split(" ")


@dataclass
class Receiver:
    """`behaviour` is done once for each message that comes, then it answers 200 again.

    A number is answered as status; `slow`, `drip`, `close`, `after` (the effect, then nothing), `redirect`, `later`
    (503 with Retry-After), `loud` (an endless answer).
    """

    behaviour: list[Any] = field(default_factory=list)
    got: list[Got] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks?from=colisage"

    def __enter__(self) -> Self:
        door = type("Door", (_Door,), {"receiver": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), door)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Door(BaseHTTPRequestHandler):
    receiver: Receiver

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.receiver.got.append(Got({k.lower(): v for k, v in self.headers.items()}, body, self.path))
        how = self.receiver.behaviour.pop(0) if self.receiver.behaviour else 200
        getattr(self, f"_{how}", lambda: self._status(how))()

    def _status(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        said = b"thank you" if status < 300 else b"no\x00\n<b>thanks</b>"
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def _slow(self) -> None:
        time.sleep(2)

    def _drip(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for _ in range(20):
            time.sleep(0.1)
            self.wfile.write(b"X-Drip: 1\r\n")

    def _close(self) -> None:
        self.connection.shutdown(socket.SHUT_RDWR)

    _after = _close

    def _redirect(self) -> None:
        self._status(302, Location=f"http://127.0.0.1:{self.receiver.port}/elsewhere")

    def _later(self) -> None:
        self._status(503, Retry_After="7200")

    def _loud(self) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(10_000):
            self.wfile.write(b"blah " * 200)

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except OSError:  # the caller left
            self.close_connection = True
