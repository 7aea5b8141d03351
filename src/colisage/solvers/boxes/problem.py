"""What is packed, into what, and the answer. Lengths in millimetres, weights in grams, money in cents."""

from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Item:
    """Several equal things to pack; each lies along the axes, on any side unless kept upright.

    A unit kept upright may only turn about its vertical axis. Nothing rests on a fragile unit. Lengths are
    at least one millimetre: what is too thin to measure is still one.
    """

    id: str
    length_mm: int
    width_mm: int
    height_mm: int
    grams: int
    quantity: int = 1
    keep_upright: bool = False
    fragile: bool = False

    def __post_init__(self) -> None:
        if min(self.length_mm, self.width_mm, self.height_mm) < 1 or self.grams < 0 or self.quantity < 0:
            raise ValueError(f"{self.id}: lengths start at 1 mm, weights and quantities at 0")


@dataclass(frozen=True, slots=True)
class Box:
    """A packaging of the shop, of which there is always one more; opened from above."""

    id: str
    inner_length_mm: int
    inner_width_mm: int
    inner_height_mm: int
    outer_length_mm: int
    outer_width_mm: int
    outer_height_mm: int
    empty_grams: int
    max_contents_grams: int
    cost_cents: int = 0


@dataclass(frozen=True, slots=True)
class Billing:
    """How a carrier weighs: the heavier of real and volumetric weight, rounded up to a step."""

    mm3_per_gram: int = 5000
    step_grams: int = 500


@dataclass(frozen=True, slots=True)
class Problem:
    """An order to pack.

    `support_percent` of the base of every unit lies on the floor or on units packed before it.
    """

    items: tuple[Item, ...]
    boxes: tuple[Box, ...]
    billing: Billing = field(default_factory=Billing)
    support_percent: int = 70

    def __post_init__(self) -> None:
        for things in (self.items, self.boxes):
            if len({thing.id for thing in things}) != len(things):
                raise ValueError("two items or two boxes share an id")


@dataclass(frozen=True, slots=True)
class Placement:
    """One unit (numbered from 0 within its item) in its box: corner nearest the origin, then extent."""

    item_id: str
    unit: int
    x_mm: int
    y_mm: int
    z_mm: int
    dx_mm: int
    dy_mm: int
    dz_mm: int


@dataclass(frozen=True, slots=True)
class PackedBox:
    """A box and its contents in loading order; `grams` is what the scale shows, packaging included."""

    box_id: str
    placements: tuple[Placement, ...]
    grams: int
    billed_grams: int
    cost_cents: int


class Reason(StrEnum):
    """Why a unit is in no box."""

    TOO_BIG = "too_big"
    TOO_HEAVY = "too_heavy"


@dataclass(frozen=True, slots=True)
class Unplaced:
    """All units of an item that no box of the shop can take, even alone."""

    item_id: str
    quantity: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Plan:
    """The boxes, in the order they were filled, and what none of them takes."""

    boxes: tuple[PackedBox, ...]
    unplaced: tuple[Unplaced, ...]

    @property
    def billed_grams(self) -> int:
        """Add up the billed weights."""
        return sum(box.billed_grams for box in self.boxes)

    @property
    def cost_cents(self) -> int:
        """Add up the prices of the packagings."""
        return sum(box.cost_cents for box in self.boxes)
