"""The messages of the simulated carrier, as the port of tracking asks for them."""

from collections.abc import Sequence

from colisage.connectors.carrier_sim.config import config
from colisage.connectors.carrier_sim.mapping import from_message
from colisage.tracking.ports import CarrierEvent


class SimulatedMessages:
    """Fills `tracking.ports.TrackingSource`."""

    def secrets(self) -> Sequence[bytes]:
        """Give the secret it signs with."""
        return [config().secret]

    def read(self, body: bytes) -> Sequence[CarrierEvent]:
        """Read a message."""
        return from_message(body)
