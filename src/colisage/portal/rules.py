"""Pure decisions of the customer's pages: the one answer an order has today, and what may still be done with it."""

from collections.abc import Collection, Sequence
from typing import Final

BEFORE_IT_LEFT: Final = frozenset(
    {"waiting", "ready", "released", "picking", "picked", "packed", "labelling", "labelled"}
)
_NEWS: Final = (  # of several parcels, what the customer most needs to know comes first
    ("failed", "failed"),
    ("returning", "going_back"),
    ("returned", "going_back"),
    ("ready_for_pickup", "collect"),
    ("out_for_delivery", "today"),
    ("delayed", "late"),
)
_AT_WORK: Final = frozenset({"released", "picking", "picked", "packed", "labelling", "labelled"})
PROBLEMS: Final = ("damaged", "missing", "wrong_item", "not_received", "address", "other")


def answer(
    *, state: str, stages: Collection[str], parcels: Sequence[str], held: bool = False, history: bool = False
) -> str:
    """Give the code of the answer to *where is it*: from the order, the stages of its parts, the parcels' statuses."""
    alive = [stage for stage in stages if stage != "cancelled"]
    left = [stage for stage in alive if stage not in BEFORE_IT_LEFT]
    possible = (
        ("cancelled", state == "cancelled" or bool(stages and not alive)),
        *((code, status in parcels) for status, code in _NEWS),
        ("closed", history and not alive),
        ("delivered", bool(alive) and all(stage == "delivered" for stage in alive)),
        ("partly_delivered", "delivered" in alive or "delivered" in parcels),
        ("on_its_way", bool(alive) and len(left) == len(alive)),
        ("partly_left", bool(left)),
    )
    return next((code for code, true in possible if true), None) or _before(alive, held=held)


def _before(stages: Sequence[str], *, held: bool) -> str:
    """Say how far an order is that has not left."""
    if held:
        return "held"
    if stages and all(stage in _AT_WORK for stage in stages):
        return "preparing"
    return "waiting" if "waiting" in stages else "received"


def reached(code: str) -> int:
    """Give how many of the four steps of an order (received, prepared, left, delivered) an answer has reached."""
    return {
        "preparing": 1,
        "partly_left": 2,
        "on_its_way": 3,
        "late": 3,
        "today": 3,
        "collect": 3,
        "failed": 3,
        "going_back": 3,
        "partly_delivered": 3,
        "delivered": 4,
        "closed": 4,
    }.get(code, 1)


def same_postcode(given: str, known: str) -> bool:
    """Say whether two postcodes are the same, however they are spaced; an empty one is never."""
    plain = ["".join(text.split()).upper() for text in (given, known)]
    return bool(plain[0]) and plain[0] == plain[1]


def same_number(given: str, known: str) -> bool:
    """Say whether two order numbers are the same, with or without the # before them."""
    return given.strip().lstrip("#").upper() == known.strip().lstrip("#").upper()
