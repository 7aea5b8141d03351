"""Element strings: identifiers and values one after the other, as GS1-128, DataMatrix and QR carry them.

A value of variable length ends at a separator (FNC1). Scanners that leave the separators out send a text that can often
be read in several ways; `elements` then gives all of them, and the reading keeps what they agree on.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Final

from colisage.kit.gs1.identifiers import Identifier, checked, identifier, known
from colisage.kit.gs1.reading import Element
from colisage.kit.gs1.refusals import BadValue, Noise, Truncated, Unreadable

GS: Final = "\x1d"
MOST_WAYS: Final = 12
MOST_STEPS: Final = 3_000
_BRACKETED: Final = re.compile(r"\((\d{2,4})\)")
# What may follow a value whose end is not marked: on labels of goods these stand beside each other.
_FOLLOWERS: Final = frozenset({"10", "11", "13", "15", "17", "21", "30", "37", "01", "02", "00"})
_WITH: Final = {"30": {"01"}, "37": {"02"}, "10": {"01", "02", "00"}, "21": {"01"}}  # what must be there as well


def separated(text: str, *, today: date) -> list[Element]:
    """Read a text whose separators are there: a value of variable length goes on to the next one."""
    found = []
    rest = text.lstrip(GS)
    while rest:
        one = known(rest)
        value = rest[len(one.code) :].split(GS, 1)[0][: one.length]
        if not value or len(value) < (one.length or 0):
            raise Truncated(identifier=one.code)
        found.append((one.code, checked(one, value, today=today)))
        rest = rest[len(one.code) + len(value) :].lstrip(GS)
    return found


def message(elements: Sequence[Element]) -> str:
    """Write elements one after the other, with a separator where a value of variable length is not the last.

    Those of fixed length are best given first: they need none.
    """
    told = "".join(
        code + value + (GS if identifier(code) is None or known(code).length is None else "")
        for code, value in elements
    )
    return told.removesuffix(GS)


def for_people(elements: Sequence[Element]) -> str:
    """Write elements as the line under the bars."""
    return "".join(f"({code}){value}" for code, value in elements)


def unseparated(text: str, *, today: date) -> list[list[Element]]:
    """Read a text without separators in all the ways that make sense, the longest values first.

    Refuses what cannot be read in any way, with the reason of the plainest one.
    """
    steps = iter(range(MOST_STEPS))
    ways = list(islice(_ways(text, (), today=today, steps=steps), MOST_WAYS))
    if next(steps, None) is None:
        raise Noise
    return ways or [separated(text, today=today)]


def _ways(text: str, before: tuple[Element, ...], *, today: date, steps: Iterator[int]) -> Iterator[list[Element]]:
    if not text:
        if all(_WITH.get(code, {code}) & {c for c, _ in before} for code, _ in before[1:]):
            yield list(before)
        return
    one = identifier(text[:4])
    if one is None or next(steps, None) is None or any(one.code == code for code, _ in before):
        return
    body = text[len(one.code) :]
    for end in _ends(body, one):
        try:
            value = checked(one, body[:end], today=today)
        except Unreadable:
            continue
        yield from _ways(body[end:], (*before, (one.code, value)), today=today, steps=steps)


def _ends(body: str, one: Identifier) -> Iterator[int]:
    """Give where a value may end: where its length says, or at the end, or before an identifier that may follow."""
    if one.length:
        if len(body) >= one.length:
            yield one.length
        return
    longest = one.pattern.match(body)
    for end in range(longest.end() if longest else 0, 0, -1):
        if end == len(body) or (_may_follow(body[end:]) and one.pattern.fullmatch(body[:end])):
            yield end


def _may_follow(text: str) -> bool:
    return text[:2] in _FOLLOWERS or (text[:3] == "310" and text[3:4] in set("012345"))


def bracketed(text: str, *, today: date) -> list[Element]:
    """Read the line for people, `(01)…(10)…`: a bracket opens an identifier where GS1 knows the digits in it."""
    marks = [m for m in _BRACKETED.finditer(text) if (one := identifier(m[1])) and one.code == m[1]]
    if not marks or marks[0].start():
        first = _BRACKETED.match(text)
        known(first[1] if first else text[:4])
        raise BadValue(identifier=text[1:5], value=text[:40])
    ends = [m.start() for m in marks[1:]] + [len(text)]
    found = []
    for mark, end in zip(marks, ends, strict=True):
        value = text[mark.end() : end].strip()
        if not value:
            raise Truncated(identifier=mark[1])
        if mark[1] in {"01", "02"} and value.isdigit():
            value = value.zfill(14)
        found.append((mark[1], checked(known(mark[1]), value, today=today)))
    return found
