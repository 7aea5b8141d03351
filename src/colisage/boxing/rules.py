"""Pure: which packagings can exist. Lengths in millimetres, weights in grams."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from colisage.kit.errors import Malformed

LONGEST_MM: Final = 5_000
HEAVIEST_GRAMS: Final = 1_000_000
MOST_CENTS: Final = 999_999_999  # nine figures


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxRow:
    """A packaging; lengths in millimetres, weights in grams, cost in minor units."""

    code: str
    name: str
    inner_length_mm: int
    inner_width_mm: int
    inner_height_mm: int
    outer_length_mm: int
    outer_width_mm: int
    outer_height_mm: int
    empty_grams: int
    max_grams: int
    cost_cents: int = 0
    kind: str = "box"

    @property
    def inner_mm(self) -> tuple[int, int, int]:
        """Give the sides of the inside: length, width, height."""
        return self.inner_length_mm, self.inner_width_mm, self.inner_height_mm

    @property
    def outer_mm(self) -> tuple[int, int, int]:
        """Give the sides of the outside: length, width, height."""
        return self.outer_length_mm, self.outer_width_mm, self.outer_height_mm


class NoInside(Malformed):
    """A side is nothing, or longer than anything that is shipped."""

    code = "no_inside"
    text = _("Packaging %(code)s: every side is between 1 and %(most)s mm.")


class InnerLargerThanOuter(Malformed):
    """The inside does not fit into the outside."""

    code = "inner_larger_than_outer"
    text = _("Packaging %(code)s: the inside is larger than the outside. Check length, width and height one by one.")


class BearsNothing(Malformed):
    """Its own weight is all it bears, or more."""

    code = "bears_nothing"
    text = _("Packaging %(code)s: what it weighs full is more than what it weighs empty, and at most %(most)s kg.")


class CostsLessThanNothing(Malformed):
    """A packaging costs nothing at least."""

    code = "costs_less_than_nothing"
    text = _("Packaging %(code)s: its cost is nothing or more.")


def refuse_impossible(box: BoxRow) -> None:
    """Refuse a packaging that cannot exist; the solver would choose it all the same."""
    if not all(0 < side <= LONGEST_MM for side in (*box.inner_mm, *box.outer_mm)):
        raise NoInside(code=box.code, most=LONGEST_MM)
    if any(inner > outer for inner, outer in zip(box.inner_mm, box.outer_mm, strict=True)):
        raise InnerLargerThanOuter(code=box.code)
    if not 0 <= box.empty_grams < box.max_grams <= HEAVIEST_GRAMS:
        raise BearsNothing(code=box.code, most=HEAVIEST_GRAMS // 1000)
    if box.cost_cents < 0:
        raise CostsLessThanNothing(code=box.code)
