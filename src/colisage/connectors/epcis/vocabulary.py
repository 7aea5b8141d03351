"""What each reason of a movement means in GS1's Core Business Vocabulary 2.0."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

OBJECT, AGGREGATION, TRANSFORMATION = "ObjectEvent", "AggregationEvent", "TransformationEvent"
BY_CONDITION: Final = ""  # the disposition follows from the condition in which units lie afterwards


@dataclass(frozen=True, slots=True)
class Meaning:
    """The type of the event, its action, its business step, and in what state the goods are afterwards."""

    type: str
    action: str  # empty for a transformation
    step: str
    disposition: str = BY_CONDITION


CONDITIONS: Final[Mapping[str, str]] = {
    "sellable": "sellable_not_accessible",  # may be sold, and the customer cannot reach it
    "damaged": "damaged",
    "quarantine": "non_sellable_other",
    "held": "non_sellable_other",
    "returned": "returned",
    "expired": "expired",
}
REASONS: Final[Mapping[str, Meaning]] = {
    "opening": Meaning(OBJECT, "OBSERVE", "stock_taking"),
    "receipt": Meaning(OBJECT, "OBSERVE", "receiving", "in_progress"),
    "putaway": Meaning(OBJECT, "OBSERVE", "storing"),
    "pick": Meaning(OBJECT, "OBSERVE", "picking", "in_progress"),
    "seal": Meaning(AGGREGATION, "ADD", "packing", "in_progress"),
    "unpack": Meaning(AGGREGATION, "DELETE", "unpacking", "in_progress"),
    "hand_over": Meaning(OBJECT, "OBSERVE", "shipping", "in_transit"),
    "short_pick": Meaning(OBJECT, "OBSERVE", "cycle_counting", "unknown"),
    "return_received": Meaning(OBJECT, "OBSERVE", "receiving", "returned"),
    "restock": Meaning(OBJECT, "OBSERVE", "storing"),
    "put_back": Meaning(OBJECT, "OBSERVE", "storing"),
    "quarantine": Meaning(OBJECT, "OBSERVE", "holding", "non_sellable_other"),
    "destroy": Meaning(OBJECT, "DELETE", "destroying", "destroyed"),
    "move": Meaning(OBJECT, "OBSERVE", "storing"),
    "count": Meaning(OBJECT, "OBSERVE", "cycle_counting"),
    "found": Meaning(OBJECT, "OBSERVE", "stock_taking"),
    "lost": Meaning(OBJECT, "OBSERVE", "stock_taking", "unknown"),
    "damaged": Meaning(OBJECT, "OBSERVE", "inspecting", "damaged"),
    "damaged_at_pick": Meaning(OBJECT, "OBSERVE", "inspecting", "damaged"),
    "sample": Meaning(OBJECT, "OBSERVE", "sampling", "unavailable"),
    "theft": Meaning(OBJECT, "OBSERVE", "stock_taking", "stolen"),
    "expired": Meaning(OBJECT, "OBSERVE", "holding", "expired"),
    "own_use": Meaning(OBJECT, "DELETE", "decommissioning", "inactive"),
    "quality_test": Meaning(OBJECT, "OBSERVE", "sampling", "unavailable"),
    "donated": Meaning(OBJECT, "OBSERVE", "dispensing", "dispensed"),
    "unrecorded_in": Meaning(OBJECT, "OBSERVE", "stock_taking"),
    "unrecorded_out": Meaning(OBJECT, "OBSERVE", "stock_taking", "unknown"),
    "assembled": Meaning(TRANSFORMATION, "", "assembling", "in_progress"),
    "disassembled": Meaning(TRANSFORMATION, "", "disassembling", "in_progress"),
    "produced": Meaning(OBJECT, "ADD", "commissioning", "active"),
    "sent": Meaning(OBJECT, "OBSERVE", "shipping", "in_transit"),
    "arrived": Meaning(OBJECT, "OBSERVE", "receiving", "in_progress"),
    "lot_held": Meaning(OBJECT, "OBSERVE", "holding", "non_sellable_other"),
    "lot_freed": Meaning(OBJECT, "OBSERVE", "inspecting"),
    "lot_recalled": Meaning(OBJECT, "OBSERVE", "holding", "recalled"),
    "condition": Meaning(OBJECT, "OBSERVE", "inspecting"),
    "plate_loaded": Meaning(AGGREGATION, "ADD", "packing", "in_progress"),
    "plate_unloaded": Meaning(AGGREGATION, "DELETE", "unpacking", "in_progress"),
    "plate_moved": Meaning(OBJECT, "OBSERVE", "storing"),
    "bought": Meaning(OBJECT, "OBSERVE", "accepting"),
    "back_to_supplier": Meaning(OBJECT, "OBSERVE", "shipping", "in_transit"),
    "repair": Meaning(OBJECT, "OBSERVE", "stock_taking"),
    "correction": Meaning(OBJECT, "OBSERVE", "stock_taking"),
}
OTHERWISE: Final = Meaning(OBJECT, "OBSERVE", "other")
GONE: Final[Mapping[str, str]] = {"customer": "in_transit", "supplier": "in_transit", "loss": "unknown"}


def meaning_of(reason: str) -> Meaning:
    """Give what a reason means; one that the vocabulary does not know is an observation."""
    return REASONS.get(reason, OTHERWISE)


def disposition_of(reason: str, *, kind: str, kept: bool, condition: str) -> str:
    """Say in what state goods are after a movement for a reason, to a place of a kind, in a condition."""
    told = meaning_of(reason).disposition
    if told != BY_CONDITION and not (told == "in_progress" and kept and condition != "sellable"):
        return told
    return CONDITIONS.get(condition, "unknown") if kept else GONE.get(kind, "unknown")


def reasons_not_meaning(
    *, types: frozenset[str] | None, actions: frozenset[str] | None, steps: frozenset[str] | None
) -> frozenset[str]:
    """Give the reasons of which no event has these types, actions and steps.

    All others may have: those of a merchant's own, which the vocabulary does not know, and those of units that cannot
    be named, whose events are observations.
    """

    def fits(meaning: Meaning) -> bool:
        return (
            (types is None or meaning.type in types)
            and (actions is None or meaning.action in actions)
            and (steps is None or meaning.step in steps)
        )

    return frozenset(
        reason
        for reason, meaning in REASONS.items()
        if not fits(meaning)
        and not (meaning.type == AGGREGATION and fits(replace(meaning, type=OBJECT, action="OBSERVE")))
    )
