"""How full bins are: by volume or by weight, whichever is nearer its limit."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

STEPS: Final = ((0.0, "empty"), (0.5, "some"), (0.85, "much"), (1.0, "full"))


@dataclass(frozen=True, slots=True)
class Bin:
    """A bin with what lies in it. Volumes in cubic millimetres, weights in grams; None is a capacity nobody told."""

    id: int
    code: str
    x_mm: int
    y_mm: int
    level: int
    volume_mm3: int | None
    max_grams: int | None
    units: int
    skus: int
    used_mm3: int
    used_grams: int
    unmeasured: int
    frozen: bool

    @property
    def fill(self) -> float | None:
        """Give the share that is taken, of 1; None where there is no capacity to compare with."""
        return fill([self])


def fill(bins: Iterable[Bin]) -> float | None:
    """Give the share of bins that is taken: of their volume or of what they bear, the greater."""
    several = list(bins)
    roomy = [b for b in several if b.volume_mm3]
    strong = [b for b in several if b.max_grams]
    shares = [
        sum(b.used_mm3 for b in roomy) / sum(b.volume_mm3 or 0 for b in roomy) if roomy else None,
        sum(b.used_grams for b in strong) / sum(b.max_grams or 0 for b in strong) if strong else None,
    ]
    known = [share for share in shares if share is not None]
    return max(known) if known else None


def state(bins: Iterable[Bin]) -> str:
    """Name how full bins are: empty, some, much, full, over, or used where no capacity is known."""
    several = list(bins)
    if not any(b.units for b in several):
        return "empty"
    share = fill(several)
    if share is None or (not share and any(b.unmeasured for b in several)):
        return "used"
    return next((name for most, name in STEPS[1:] if share <= most), "over")
