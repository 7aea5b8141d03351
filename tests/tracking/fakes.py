"""A source of messages whose bodies are lines: `NUMBER STATUS HOURS`."""

from collections.abc import Sequence

from colisage.tracking.ports import CarrierEvent, Unreadable
from tests.tracking.conftest import told

SECRET = b"a secret of the carrier"


class FakeSource:
    def secrets(self) -> Sequence[bytes]:
        return [SECRET]

    def read(self, body: bytes) -> Sequence[CarrierEvent]:
        try:
            rows = [line.split() for line in body.decode().splitlines()]
            return [told(number, status, hours=float(hours)) for number, status, hours in rows]  # type: ignore[arg-type]
        except ValueError as error:
            raise Unreadable(str(error)) from error
