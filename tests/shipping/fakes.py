"""A carrier that answers from memory, well or as it is told."""

from collections.abc import Sequence

from colisage.shipping.ports import Bought, CarrierRefused, CarrierSilent, ShipmentToBuy


class FakeCarrier:
    """Remembers what it sold by key.

    Each of `moods` is one call’s: ok, refuse, silent (sold), down (not sold), defect (of ours).
    """

    def __init__(self) -> None:
        self.sold: dict[str, Bought] = {}
        self.bought: list[str] = []  # every call to buy
        self.voided: list[str] = []
        self.handed: list[tuple[str, tuple[str, ...]]] = []
        self.moods: list[str] = []

    def _mood(self) -> str:
        return self.moods.pop(0) if self.moods else "ok"

    def buy(self, shipment: ShipmentToBuy) -> Bought:
        mood = self._mood()
        self.bought.append(shipment.key)
        if mood == "refuse":
            raise CarrierRefused("no such street")
        if mood == "down":
            raise CarrierSilent("connection refused")
        if mood == "defect":
            raise KeyError("tracking")
        if shipment.key not in self.sold:
            numbers = tuple(f"FK{len(self.bought) - 1:04}{n}" for n, _ in enumerate(shipment.parcels))
            self.sold[shipment.key] = Bought(f"ref-{len(self.sold)}", numbers)
        if mood == "silent":
            raise CarrierSilent("timed out")
        return self.sold[shipment.key]

    def find(self, key: str) -> Bought | None:
        if self._mood() == "down":
            raise CarrierSilent("connection refused")
        return self.sold.get(key)

    def void(self, key: str) -> None:
        if self._mood() == "down":
            raise CarrierSilent("connection refused")
        self.voided.append(key)
        self.sold.pop(key, None)

    def hand_over(self, keys: Sequence[str], *, manifest: str) -> None:
        if self._mood() == "down":
            raise CarrierSilent("connection refused")
        self.handed.append((manifest, tuple(keys)))


THE_ONE = FakeCarrier()


def the_one() -> FakeCarrier:
    """Give the carrier that the settings of a test name."""
    return THE_ONE
