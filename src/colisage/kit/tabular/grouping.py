"""Bring the rows of one thing together while reading a file once, in bounded memory."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from colisage.kit.tabular.reading import BadRow, Row


@dataclass(slots=True)
class Group:
    """The rows that share a key, in the order of the file. `overfull`: there are more than may be held."""

    key: str
    rows: list[Row | BadRow] = field(default_factory=list)
    overfull: bool = False


def gather(
    rows: Iterable[Row | BadRow],
    *,
    key: Callable[[Row | BadRow], str],
    open_groups: int = 64,
    held_rows: int = 20_000,
    group_rows: int = 10_000,
) -> Iterator[Group]:
    """Give groups in the order of their first rows.

    A group stays open until `open_groups` others have begun after it, so rows that interleave nearby come
    together. A key that returns later makes a second group. Rows without a key are groups of their own. A
    group that reaches `group_rows` is given out in parts, all marked overfull.
    """
    held: dict[str, Group] = {}
    count = 0
    for row in rows:
        name = key(row)
        if not name:
            yield Group("", [row])
            continue
        group = held.get(name)
        if group is None:
            group = held[name] = Group(name)
        group.rows.append(row)
        count += 1
        if len(group.rows) >= group_rows:
            count -= len(group.rows)
            yield Group(name, group.rows, overfull=True)
            group.rows, group.overfull = [], True
        while len(held) > open_groups or count > held_rows:
            oldest = held.pop(next(iter(held)))
            count -= len(oldest.rows)
            if oldest.rows:
                yield oldest
    yield from (group for group in held.values() if group.rows)
