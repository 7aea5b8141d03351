"""The order in which workers take the tests: what takes long is begun first, and journeys are one worker's."""

from dataclasses import dataclass
from typing import Any

from tests.scheduling import long_first, scope


@dataclass(frozen=True)
class Named:
    """What a test is to its order: a name and whether it is slow."""

    nodeid: str
    slow: bool = False

    def get_closest_marker(self, name: str) -> str | None:
        return name if self.slow and name == "slow" else None


def test_journeys_come_first_then_slow_modules_then_large_ones_and_the_rest_stays() -> None:
    small, large = Named("tests/kit/test_a.py::test_one"), [Named(f"tests/kit/test_b.py::test[{n}]") for n in (2, 1)]
    slow = [Named("tests/kit/test_c.py::test_quick"), Named("tests/kit/test_c.py::test_slow", slow=True)]
    journeys = [Named("tests/journeys/test_y.py::test"), Named("tests/journeys/test_x.py::test")]
    items: list[Any] = [small, *large, *slow, *journeys]
    long_first(items)
    assert items == [*journeys, *slow, *large, small]


def test_a_module_stays_together_and_so_do_all_journeys() -> None:
    assert scope("tests/kit/test_b.py::test[a::b]") == scope("tests/kit/test_b.py::Several::test")
    assert scope("tests/journeys/test_x.py::test") == scope("tests/journeys/test_y.py::test")
