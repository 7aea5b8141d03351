"""What stands around the orders: interchanges, groups and messages, with their numbers and counts checked.

Both standards have the same three layers, an interchange of groups of messages; EDIFACT leaves the groups out.
"""

import codecs
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from colisage.connectors.edi.segments import NotEdi, Segment, Separators, Standard, segments, separators_of, written

MOST_BYTES: Final = 5_000_000
# How a syntax identifier names its characters; all others are ASCII.
CHARACTERS: Final[Mapping[str, str]] = {
    "UNOC": "iso8859-1", "UNOD": "iso8859-2", "UNOE": "iso8859-5", "UNOF": "iso8859-7", "UNOG": "iso8859-3",
    "UNOH": "iso8859-4", "UNOI": "iso8859-6", "UNOJ": "iso8859-8", "UNOK": "iso8859-9", "UNOL": "iso8859-15",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Layer:
    """How a layer begins and ends: tags, and the elements with its number and with the count of what it holds."""

    head: str
    tail: str
    number: int
    count: int
    number_again: int


@dataclass(frozen=True, slots=True)
class Grammar:
    """The layers of a standard, the outermost first."""

    interchange: Layer
    group: Layer
    message: Layer
    kind: tuple[int, int]  # where a message says what it is: element and component


GRAMMARS: Final[Mapping[Standard, Grammar]] = {
    "x12": Grammar(Layer("ISA", "IEA", 13, 1, 2), Layer("GS", "GE", 6, 1, 2), Layer("ST", "SE", 2, 1, 2), kind=(1, 1)),
    "edifact": Grammar(
        Layer("UNB", "UNZ", 5, 1, 2), Layer("UNG", "UNE", 5, 1, 2), Layer("UNH", "UNT", 1, 1, 2), kind=(2, 1)
    ),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: a code of `words.FAULTS`, and where."""

    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of an interchange, from its head to its tail."""

    kind: str
    number: str
    segments: tuple[Segment, ...]
    fault: Fault | None = None


@dataclass(slots=True)
class Group:
    """Messages of a kind; in EDIFACT mostly without a head of its own."""

    head: Segment | None
    number: str = ""
    messages: list[Message] = field(default_factory=list)
    fault: Fault | None = None

    @property
    def acknowledges(self) -> bool:
        """Say whether it holds acknowledgements: those are never acknowledged, or it would have no end."""
        said = self.head.at(1) == "FA" if self.head else False
        return said or all(one.kind in {"997", "999", "CONTRL"} for one in self.messages)


@dataclass(slots=True)
class Interchange:
    """Everything between the head of an interchange and its tail."""

    standard: Standard
    separators: Separators
    head: Segment
    groups: list[Group] = field(default_factory=list)
    fault: Fault | None = None

    @property
    def sender(self) -> str:
        """Who sent it."""
        return self.head.at(6) if self.standard == "x12" else self.head.at(2)

    @property
    def receiver(self) -> str:
        """To whom."""
        return self.head.at(8) if self.standard == "x12" else self.head.at(3)

    @property
    def number(self) -> str:
        """Its control number."""
        return self.head.at(GRAMMARS[self.standard].interchange.number)

    @property
    def test(self) -> bool:
        """Say whether it is only a try."""
        return self.head.at(15) == "T" if self.standard == "x12" else self.head.at(11) == "1"


def decoded(body: bytes) -> str:
    """Give the text of a body: UTF-8 where it is that, else the characters that its head names, else Latin-1."""
    body = body.removeprefix(codecs.BOM_UTF8)
    try:
        return body.decode()
    except UnicodeDecodeError:
        head = body[:200].decode("latin-1")
        named = head[head.find("UNB") + 4 :][:4] if "UNB" in head else ""
        return body.decode(CHARACTERS.get(named, "iso8859-1"), errors="replace")


def interchanges(text: str) -> Iterator[tuple[Interchange | Fault, str]]:
    """Give the interchanges of a text, each with its own text; a fault for what is none, which ends the giving."""
    at, found = _beyond_space(text, 0), False
    while at < len(text) or not found:
        try:
            standard, separators, first = separators_of(text, at=at)
        except NotEdi as broken:
            yield Fault(broken.code, text[at : at + 40]), text[at:]
            return
        begin = at
        read, at = _interchange(text, standard, separators, at=first)
        at, found = _beyond_space(text, at), True
        if read is None:
            yield Fault("broken_head", text[begin : begin + 40]), text[begin:]
            return
        if read.fault and read.fault.code == "truncated" and not text.startswith(("ISA", "UNA", "UNB"), at):
            at = len(text)
        yield read, text[begin:at]


def _beyond_space(text: str, at: int) -> int:
    while at < len(text) and (text[at].isspace() or text[at] in "\x00\x1a"):
        at += 1
    return at


def _interchange(text: str, standard: Standard, separators: Separators, *, at: int) -> tuple[Interchange | None, int]:
    """Read to the tail of an interchange, or to where it breaks off; give the place behind it."""
    outer = GRAMMARS[standard].interchange
    inside: list[Segment] = []
    for segment, behind in segments(text, separators, at=at):
        if inside and segment.tag in {outer.head, "UNA"}:  # the next one begins before this one ended
            break
        inside.append(segment)
        at = behind
        if segment.tag == outer.tail:
            break
    if not inside or inside[0].tag != outer.head:
        return None, at
    return _layered(Interchange(standard, separators, inside[0]), inside), at


def _layered(found: Interchange, inside: Sequence[Segment]) -> Interchange:
    grammar = GRAMMARS[found.standard]
    if inside[-1].tag != grammar.interchange.tail or len(inside) == 1:
        found.fault = Fault("truncated", f"{len(inside)} · {inside[-1].tag}")
    body = inside[1:] if found.fault else inside[1:-1]
    stray = _fill(found, grammar, body)
    if stray and not found.fault:
        found.fault = Fault("out_of_order", f"{stray.place} · {stray.tag}")
    if not found.fault:
        heads = sum(group.head is not None for group in found.groups)
        holds = heads or sum(len(group.messages) for group in found.groups)
        found.fault = _tail_fault(grammar.interchange, found.head, inside[-1], holds=holds) or _twice(found)
    return found


def _twice(found: Interchange) -> Fault | None:
    """Say which number two messages of a group have: they could not be told apart."""
    numbers = Counter((group.number, one.number) for group in found.groups for one in group.messages)
    return next((Fault("number_twice", "/".join(pair)) for pair, times in numbers.items() if times > 1), None)


def _fill(found: Interchange, grammar: Grammar, body: Sequence[Segment]) -> Segment | None:
    """Put messages into groups; give the first segment that stands where it cannot."""
    group: Group | None = None
    within: list[Segment] = []
    for segment in body:
        tag = segment.tag
        if within:
            if tag in {grammar.message.head, grammar.group.head, grammar.group.tail}:
                return segment
            within.append(segment)
            if tag == grammar.message.tail and group is not None:
                group.messages.append(_message(grammar, within))
                within = []
        elif tag == grammar.group.head and (group is None or group.head is None):
            group = Group(segment, segment.at(grammar.group.number))
            found.groups.append(group)
        elif tag == grammar.group.tail and group is not None and group.head is not None:
            group.fault = _tail_fault(grammar.group, group.head, segment, holds=len(group.messages))
            group = None
        elif tag == grammar.message.head and (group is not None or found.standard == "edifact"):
            if group is None:
                group = Group(None)
                found.groups.append(group)
            within = [segment]
        else:
            return segment
    if within:
        return within[0]
    return group.head if group is not None else None


def _message(grammar: Grammar, within: Sequence[Segment]) -> Message:
    head, tail = within[0], within[-1]
    fault = _tail_fault(grammar.message, head, tail, holds=len(within))
    return Message(head.at(*grammar.kind), head.at(grammar.message.number), tuple(within), fault)


def _tail_fault(layer: Layer, head: Segment, tail: Segment, *, holds: int) -> Fault | None:
    """Compare what the tail of a layer says with what is there; numbers may lack leading zeros."""
    number, again = head.at(layer.number), tail.at(layer.number_again)
    if number.lstrip("0") != again.lstrip("0"):
        return Fault("wrong_numbers", f"{layer.head} {number} ≠ {layer.tail} {again}")
    said = tail.at(layer.count)
    if not said.isdecimal() or int(said[:9]) != holds:
        return Fault("wrong_counts", f"{layer.tail}: {said} ≠ {holds}")
    return None


def extract(found: Interchange, group: Group, message: Message) -> bytes:
    """Give one message so that it can be read by itself: the heads around it, then its segments, each on a line."""
    heads = [replace(found.head), *([group.head] if group.head else [])]
    text = written([*heads, *message.segments], found.separators)
    if found.standard == "edifact":
        one = found.separators
        una = f"UNA{one.component}{one.element}.{one.release or ' '}{one.repetition or ' '}{one.segment}\n"
        text = una + text
    return text.encode()


def extracted(body: bytes) -> tuple[Interchange, Message]:
    """Read what `extract` wrote, or what a person made of it; raises `NotEdi`."""
    text = decoded(body)
    standard, separators, first = separators_of(text, at=_beyond_space(text, 0))
    grammar = GRAMMARS[standard]
    inside = [segment for segment, _behind in segments(text, separators, at=first)]
    begins = next((n for n, one in enumerate(inside) if one.tag == grammar.message.head), 0)
    ends = next((n for n, one in enumerate(inside) if one.tag == grammar.message.tail), 0)
    if not inside or inside[0].tag != grammar.interchange.head or not 0 < begins < ends:
        raise NotEdi
    return Interchange(standard, separators, inside[0]), _message(grammar, inside[begins : ends + 1])
