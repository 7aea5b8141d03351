"""Where to walk and the walk. Everything in millimetres on the floor plan; x runs along the cross aisles."""

from dataclasses import dataclass
from typing import NamedTuple


class Point(NamedTuple):
    """A place on the floor plan."""

    x_mm: int
    y_mm: int


@dataclass(frozen=True, slots=True)
class Layout:
    """Parallel picking aisles, walked along y, joined by cross aisles, walked along x.

    Both lists ascend. Two cross aisles (front and back) make a single block, more make several blocks; no
    aisles and no cross aisles make an open floor, walked along x and y freely.
    """

    aisle_x_mm: tuple[int, ...] = ()
    cross_y_mm: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        for line in (self.aisle_x_mm, self.cross_y_mm):
            if list(line) != sorted(set(line)):
                raise ValueError("aisles and cross aisles ascend, each once")
        if bool(self.aisle_x_mm) != bool(self.cross_y_mm):
            raise ValueError("aisles are reached through cross aisles, and these lead to aisles")

    @property
    def is_open_floor(self) -> bool:
        """Say whether nothing stands in the way."""
        return not self.aisle_x_mm

    @property
    def is_single_block(self) -> bool:
        """Say whether the exact walk is known."""
        return len(self.cross_y_mm) == 2


@dataclass(frozen=True, slots=True)
class Stop:
    """Where something is picked, as measured at the bin.

    The picker stands in the aisle: in `aisle` (index into the layout) if it is given, else in the nearest
    one (the lower index of two), as far along as the bin and never beyond the aisle's ends.
    """

    id: str
    x_mm: int
    y_mm: int
    aisle: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """A closed walk from the depot past every stop.

    A depot that lies in no aisle is reached from the nearest cross aisle, straight along y.
    """

    depot: Point
    stops: tuple[Stop, ...]
    layout: Layout = Layout()

    def __post_init__(self) -> None:
        if len({stop.id for stop in self.stops}) != len(self.stops):
            raise ValueError("two stops share an id")
        aisles = range(len(self.layout.aisle_x_mm))
        if any(stop.aisle is not None and stop.aisle not in aisles for stop in self.stops):
            raise ValueError("a stop names an aisle that the layout has not")


@dataclass(frozen=True, slots=True)
class Plan:
    """The stops in the order they are met, and the walk, from depot to depot, corner by corner."""

    sequence: tuple[str, ...]
    path: tuple[Point, ...]
    length_mm: int
