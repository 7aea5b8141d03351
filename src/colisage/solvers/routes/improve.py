"""Shorten a closed tour over a matrix of distances: nearest neighbour, 2-opt, moved stretches, restarts."""

from collections.abc import Sequence
from random import Random

ATTEMPTS_PER_SECOND = 50
"""What a budget of one second buys: restarts on thirty stops on the reference machine."""

_LONGEST_STRETCH = 3

Distances = Sequence[Sequence[int]]


def shorter_tour(distances: Distances, *, budget: float = 0.0, seed: int = 0) -> list[int]:
    """Order the indices, 0 first, for a short closed tour. Distances are symmetric, in any unit.

    Each pass is quadratic; a restart cuts the best tour in four and joins the pieces crosswise.
    """
    best = _settled(distances, _nearest_first(distances))
    if len(best) < 8:
        return best
    random = Random(seed)  # noqa: S311 - repeatable on purpose, guards nothing
    for _ in range(int(budget * ATTEMPTS_PER_SECOND)):
        a, b, c = sorted(random.sample(range(1, len(best)), 3))
        other = _settled(distances, best[:a] + best[b:c] + best[a:b] + best[c:])
        if tour_length(distances, other) < tour_length(distances, best):
            best = other
    return best


def tour_length(distances: Distances, tour: Sequence[int]) -> int:
    """Add up a closed tour."""
    return sum(distances[tour[i - 1]][tour[i]] for i in range(len(tour)))


def _nearest_first(distances: Distances) -> list[int]:
    tour, waiting = [0], set(range(1, len(distances)))
    while waiting:
        row = distances[tour[-1]]
        tour.append(min(waiting, key=lambda index: (row[index], index)))
        waiting.remove(tour[-1])
    return tour


def _settled(distances: Distances, tour: list[int]) -> list[int]:
    """Apply both moves until neither helps."""
    shortened = True
    while shortened:
        shortened = _uncross(distances, tour) or _move_stretch(distances, tour)
    return tour


def _uncross(distances: Distances, tour: list[int]) -> bool:
    """Turn round every stretch that is shorter walked the other way (2-opt)."""
    size, shortened = len(tour), False
    for i in range(1, size - 1):
        for j in range(i + 1, size):
            a, b, c, d = tour[i - 1], tour[i], tour[j], tour[(j + 1) % size]
            if distances[a][c] + distances[b][d] < distances[a][b] + distances[c][d]:
                tour[i : j + 1] = tour[i : j + 1][::-1]
                shortened = True
    return shortened


def _move_stretch(distances: Distances, tour: list[int]) -> bool:
    """Move the first stretch of up to three stops that fits better elsewhere, either way round."""
    size = len(tour)
    for length in range(1, _LONGEST_STRETCH + 1):
        for i in range(1, size - length + 1):
            stretch = tour[i : i + length]
            rest = tour[:i] + tour[i + length :]
            before, after = tour[i - 1], tour[(i + length) % size]
            saved = distances[before][stretch[0]] + distances[stretch[-1]][after] - distances[before][after]
            for j in range(1, len(rest) + 1):
                a, b = rest[j - 1], rest[j % len(rest)]
                for turned in (stretch, stretch[::-1]):
                    added = distances[a][turned[0]] + distances[turned[-1]][b] - distances[a][b]
                    if added < saved:
                        tour[:] = rest[:j] + turned + rest[j:]
                        return True
    return False
