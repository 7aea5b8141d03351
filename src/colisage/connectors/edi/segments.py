"""The segments of X12 and of EDIFACT: a text cut at the separators that it names itself, and written again."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

Standard = Literal["x12", "edifact"]
ISA_ELEMENTS: Final = 16
UNA_LENGTH: Final = 9
_TAG: Final = re.compile(r"[A-Z0-9]{2,3}")


class NotEdi(Exception):  # noqa: N818 -- a verdict on a text
    """A text that does not begin as an interchange does; `code` of `words.FAULTS` says what is wrong with it."""

    def __init__(self, code: str = "not_edi") -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Separators:
    """The characters that cut a text. `release` makes the next character an ordinary one; X12 has none."""

    element: str
    component: str
    segment: str
    release: str = ""
    repetition: str = ""


EDIFACT: Final = Separators("+", ":", "'", "?")


@dataclass(frozen=True, slots=True)
class Segment:
    """A tag and its elements, each of one or more components. `place` counts the segments of the text from 1."""

    tag: str
    elements: tuple[tuple[str, ...], ...] = ()
    place: int = 0

    def at(self, element: int, component: int = 1) -> str:
        """Give a component, both counted from 1, without spaces around it; nothing where there is none."""
        if element > len(self.elements) or component > len(self.elements[element - 1]):
            return ""
        return self.elements[element - 1][component - 1].strip()


def separators_of(text: str, *, at: int) -> tuple[Standard, Separators, int]:
    """Find how the interchange that begins at a place is cut, and where its first segment is; raises `NotEdi`."""
    if text.startswith("ISA", at):
        return "x12", _of_isa(text, at=at), at
    if text.startswith("UNA", at):
        if len(text) < at + UNA_LENGTH:
            raise NotEdi("broken_head")
        component, element, _decimal, release, repetition, segment = list(text[at + 3 : at + UNA_LENGTH])
        given = Separators(element, component, segment, release.strip(), repetition.strip())
        _distinct(given.element, given.component, given.segment, given.release)
        return "edifact", given, at + UNA_LENGTH
    if text.startswith("UNB", at):
        return "edifact", EDIFACT, at
    raise NotEdi


def _of_isa(text: str, *, at: int) -> Separators:
    """Read the separators from behind the sixteenth element, where they stand even if one has not its fixed width."""
    element = text[at + 3 : at + 4]
    head = text[at : at + 400]
    place = 2
    for _n in range(ISA_ELEMENTS):
        place = head.find(element, place + 1) if element else -1
        if place < 0:
            raise NotEdi("broken_head")
    component, segment = head[place + 1 : place + 2], head[place + 2 : place + 3]
    _distinct(element, component, segment)
    return Separators(element, component, segment)


def _distinct(*marks: str) -> None:
    used = [mark for mark in marks if mark]
    if len(used) < 3 or len(set(used)) < len(used) or any(mark.isalnum() for mark in used):
        raise NotEdi("bad_separators")


def segments(text: str, separators: Separators, *, at: int = 0, place: int = 1) -> Iterator[tuple[Segment, int]]:
    """Give each segment with the place behind it; what has no end, or no tag, ends the giving."""
    mark, release = re.escape(separators.segment), re.escape(separators.release)
    ordinary = f"(?:[^{mark}{release}]++|{release}.)*+" if release else f"[^{mark}]*+"
    end = rf"(?:{mark}|\Z)" if separators.segment.isspace() else mark  # the last line of a text may lack its end
    whole = re.compile(rf"\s*+({ordinary}){end}", re.DOTALL)
    while (found := whole.match(text, at)) is not None:
        read = _segment(found[1], separators, place=place)
        if not _TAG.fullmatch(read.tag):
            return
        at, place = found.end(), place + 1
        yield read, at


def _segment(raw: str, separators: Separators, *, place: int) -> Segment:
    if not separators.release:
        tag, *whole = raw.split(separators.element)  # no segment that is read here has components
        return Segment(tag.strip(), tuple((element,) for element in whole), place)
    tag, *cut = _cut(raw, separators.element, separators.release)
    release = separators.release
    parts = (_cut(one, separators.component, release) for one in cut)
    return Segment(tag.strip(), tuple(tuple(_plain(part, release) for part in each) for each in parts), place)


def _cut(raw: str, mark: str, release: str) -> list[str]:
    if release not in raw:
        return raw.split(mark)
    parts, here = [""], iter(raw)
    for c in here:
        if c == release:
            parts[-1] += c + next(here, "")
        elif c == mark:
            parts.append("")
        else:
            parts[-1] += c
    return parts


def _plain(raw: str, release: str) -> str:
    return re.sub(rf"{re.escape(release)}(.)", r"\1", raw, flags=re.DOTALL) if release in raw else raw


def written(found: Iterable[Segment], separators: Separators, *, between: str = "\n") -> str:
    """Write segments, each on a line of its own; empty ends are left out. In X12 a separator in a text is a space."""
    return "".join(f"{_written(one, separators)}{separators.segment}{between}" for one in found)


def _written(segment: Segment, separators: Separators) -> str:
    if segment.tag == "ISA":
        return separators.element.join(["ISA", *(element[0] for element in segment.elements)])
    elements = [_joined([_safe(part, separators) for part in one], separators.component) for one in segment.elements]
    return _joined([segment.tag, *elements], separators.element)


def _joined(parts: Sequence[str], mark: str) -> str:
    last = max((n for n, part in enumerate(parts) if part), default=0)
    return mark.join(parts[: last + 1])


def _safe(part: str, separators: Separators) -> str:
    if separators.release:
        marks = {separators.element, separators.component, separators.segment, separators.release}
        return "".join(f"{separators.release}{c}" if c in marks else c for c in part)
    return part.replace(separators.element, " ").replace(separators.segment, " ")
