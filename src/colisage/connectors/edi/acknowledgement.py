"""The functional acknowledgement: what a partner's machine is told of an interchange, message by message.

It says what could be read, not what is thought of an order: that is said by people, later. X12: a 997 for each group,
or a TA1 where the envelope itself is wrong. EDIFACT: a CONTRL.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from colisage.connectors.edi.envelopes import Group, Interchange, Message
from colisage.connectors.edi.segments import EDIFACT, Segment, written
from colisage.connectors.edi.words import AK5, AK9, TA1, UCI, UCM

TYPES: Final[Mapping[str, str]] = {"x12": "application/edi-x12", "edifact": "application/edifact"}


@dataclass(frozen=True, slots=True)
class Judged:
    """A message with the code of what is wrong with its syntax, or nothing."""

    message: Message
    code: str = ""


def acknowledgement(
    found: Interchange, judged: Sequence[tuple[Group, Sequence[Judged]]], *, number: int, now: datetime
) -> str:
    """Write the acknowledgement of an interchange; nothing for one that holds only acknowledgements itself."""
    groups = [(group, messages) for group, messages in judged if not group.acknowledges]
    if not found.fault and not groups:
        return ""
    return (_x12 if found.standard == "x12" else _edifact)(found, groups, number=number, now=now)


def _segment(tag: str, *elements: str | tuple[str, ...]) -> Segment:
    return Segment(tag, tuple((one,) if isinstance(one, str) else one for one in elements))


def _x12(found: Interchange, groups: Sequence[tuple[Group, Sequence[Judged]]], *, number: int, now: datetime) -> str:
    own, head = f"{number % 10**9:09}", [one[0] for one in found.head.elements]
    heads = _segment(
        "ISA", "00", " " * 10, "00", " " * 10, head[6], f"{found.receiver:15.15}", head[4], f"{found.sender:15.15}",
        f"{now:%y%m%d}", f"{now:%H%M}", head[10], head[11], own, "0", head[14], found.separators.component,
    )  # fmt: skip
    if found.fault:
        code = TA1.get(found.fault.code, "024")
        body = [_segment("TA1", found.number, found.head.at(9), found.head.at(10), "R", code)]
        return written([heads, *body, _segment("IEA", "0", own)], found.separators)
    version = next((group.head.at(8) for group, _ in groups if group.head), "004010")
    first = groups[0][0].head
    sides = (first.at(3), first.at(2)) if first else (found.receiver, found.sender)
    begin = _segment("GS", "FA", *sides, f"{now:%Y%m%d}", f"{now:%H%M}", str(int(own)), "X", version)
    body = [one for n, (group, judged) in enumerate(groups, 1) for one in _997(group, judged, number=n)]
    ends = [_segment("GE", str(len(groups)), str(int(own))), _segment("IEA", "1", own)]
    return written([heads, begin, *body, *ends], found.separators)


def _997(group: Group, judged: Sequence[Judged], *, number: int) -> list[Segment]:
    functional = group.head.at(1) if group.head else "PO"
    inside = [_segment("AK1", functional, group.number)]
    for one in judged:
        wrong = one.code or ("wrong_counts" if group.fault else "")
        inside.append(_segment("AK2", one.message.kind, one.message.number))
        inside.append(_segment("AK5", "R", AK5.get(one.code, "5")) if wrong else _segment("AK5", "A"))
    taken = 0 if group.fault else sum(not one.code for one in judged)
    said = "A" if taken == len(judged) and not group.fault else "P" if taken else "R"
    count = str(len(judged))
    fault = [AK9.get(group.fault.code, "5")] if group.fault else []
    inside.append(_segment("AK9", said, count, count, str(taken), *fault))
    reference = f"{number:04}"
    return [_segment("ST", "997", reference), *inside, _segment("SE", str(len(inside) + 2), reference)]


def _edifact(
    found: Interchange, groups: Sequence[tuple[Group, Sequence[Judged]]], *, number: int, now: datetime
) -> str:
    head, own = found.head, str(number)
    sender, receiver = head.elements[1:2] or ((),), head.elements[2:3] or ((),)
    syntax = head.elements[0] if head.elements else ("UNOA", "2")
    heads = _segment("UNB", syntax, receiver[0], sender[0], (f"{now:%y%m%d}", f"{now:%H%M}"), own, "", "CONTRL")
    code = UCI.get(found.fault.code, "18") if found.fault else ""
    inside = [_segment("UCI", found.number, sender[0], receiver[0], "4" if code else "7", *([code] if code else []))]
    if not code:
        for group, judged in groups:
            for one in judged:
                wrong = UCM.get(one.code, "12") if one.code else "29" if group.fault else ""
                kind = one.message.segments[0].elements[1:2] or ((one.message.kind,),)
                inside.append(_segment("UCM", one.message.number, kind[0], *(("4", wrong) if wrong else ("7",))))
    message = [_segment("UNH", "1", ("CONTRL", "D", "3", "UN")), *inside, _segment("UNT", str(len(inside) + 2), "1")]
    return f"UNA:+.? '\n{written([heads, *message, _segment('UNZ', '1', own)], EDIFACT)}"
