"""The simulated carrier as the port of shipping asks for it."""

from collections.abc import Sequence

from colisage.connectors.carrier_sim.client import call
from colisage.connectors.carrier_sim.config import Config, config
from colisage.connectors.carrier_sim.mapping import from_shipment, to_shipment
from colisage.shipping.ports import Bought, CarrierSilent, ShipmentToBuy


class SimulatedCarrier:
    """Fills `shipping.ports.CarrierPort`."""

    def __init__(self, where: Config | None = None) -> None:
        self.config = where or config()

    def buy(self, shipment: ShipmentToBuy) -> Bought:
        """Buy a shipment under its key."""
        headers = {"Idempotency-Key": shipment.key}
        return _read(call(self.config, "POST", "/shipments", headers=headers, body=to_shipment(shipment)))

    def find(self, key: str) -> Bought | None:
        """Ask what was sold under a key."""
        answer = call(self.config, "GET", "/shipments", query={"key": key})
        if not isinstance(answer, dict) or not isinstance(answer.get("shipments"), list):
            raise CarrierSilent("an answer that cannot be read")
        return _read(answer["shipments"][0]) if answer["shipments"] else None

    def void(self, key: str) -> None:
        """Give a shipment back."""
        call(self.config, "DELETE", "/shipments", query={"key": key})

    def hand_over(self, keys: Sequence[str], *, manifest: str) -> None:
        """Tell what its driver took."""
        call(self.config, "POST", "/collections", body={"manifest": manifest, "keys": list(keys)})


def _read(answer: object) -> Bought:
    """Read what was sold; an answer that cannot be read leaves open what happened."""
    try:
        return from_shipment(answer)
    except ValueError as error:
        raise CarrierSilent("an answer that cannot be read") from error
