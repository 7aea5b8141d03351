"""What a carrier's system must offer, in our words; connectors fill it, named by `settings.COLISAGE_CARRIERS`.

Every call carries the idempotency key of the shipment: the same key is the same shipment, however often it is sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class ParcelToShip:
    """A closed parcel: weight in grams, sides in millimetres."""

    number: int
    grams: int
    length_mm: int
    width_mm: int
    height_mm: int


@dataclass(frozen=True, slots=True)
class ShipmentToBuy:
    """A shipment as a carrier needs to know it; addresses have name, company, line1, line2, postcode, city, country."""

    key: str
    carrier: str  # our code of the carrier, which its messages name again
    service: str  # the code of the carrier's service
    reference: str
    sender: Mapping[str, Any]
    recipient: Mapping[str, Any]
    parcels: Sequence[ParcelToShip]


@dataclass(frozen=True, slots=True)
class Bought:
    """What the carrier sold: its own reference, and one tracking number for each parcel, in their order."""

    carrier_ref: str
    tracking_numbers: tuple[str, ...]
    specimen: bool = False  # the numbers are of a test system: labels say so


class CarrierRefused(Exception):  # noqa: N818 -- an answer, not an error
    """The carrier says no, and has sold nothing; the text is its own."""


class CarrierSilent(Exception):  # noqa: N818 -- the lack of an answer
    """No answer that can be understood has come: the carrier may or may not have sold the label."""


class CarrierPort(Protocol):
    """One carrier's system. Calls come from several threads at once and never inside a transaction.

    Each raises `CarrierRefused` or `CarrierSilent`.
    """

    def buy(self, shipment: ShipmentToBuy) -> Bought:
        """Buy the labels of a shipment; the same key again gives the same answer and sells nothing new."""
        ...

    def find(self, key: str) -> Bought | None:
        """Give what was sold under a key; None when nothing was."""
        ...

    def void(self, key: str) -> None:
        """Give the labels of a key back; harmless when repeated, or when nothing was sold."""
        ...

    def hand_over(self, keys: Sequence[str], *, manifest: str) -> None:
        """Tell the carrier that its driver took these shipments; harmless when repeated."""
        ...
