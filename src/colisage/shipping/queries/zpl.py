"""Labels for thermal printers: ZPL II for 203 dots an inch, 100 × 150 mm, UTF-8."""

import textwrap
from collections.abc import Iterable, Mapping
from typing import Any, Final

from colisage.kit.zpl import data, text
from colisage.shipping.rules import grouped

WIDTH, HEIGHT, MARGIN = 799, 1199, 32  # dots, eight to the millimetre
INNER: Final = WIDTH - 2 * MARGIN


def zpl(face: Mapping[str, Any], *, number: str, specimen: bool) -> str:
    """Write one label. The face's text is data: whatever is in it, no command of the printer begins there."""
    y = 208
    fields = [
        text(MARGIN, 32, 84, face["route"]),
        text(WIDTH - MARGIN, 40, 32, _cut(f"{face['carrier']}", 26), right=True),
        text(WIDTH - MARGIN, 78, 32, _cut(face["service"], 26), right=True),
        _line(128),
        text(MARGIN, 146, 24, _cut(face["sender"], 66)),
        _line(184),
    ]
    lines = [part for line in face["to"] for part in textwrap.wrap(line, 34)[:2]][:7]
    for line in lines:
        fields.append(text(MARGIN, y, 42, line))
        y += 50
    town = " ".join(filter(None, (face["postcode"], face["city"])))
    fields.append(text(MARGIN, y + 8, min(68, INNER * 2 // max(len(town), 1)), town))
    fields.append(text(MARGIN, y + 84, 42, face["country"]))
    if specimen:
        fields.append(f"^FO{MARGIN},720^A0N,132,124^FB{INNER},1,0,C^FDSPECIMEN^FS")
    module = 3 if (11 * (len(number) + 3) + 13) * 3 <= INNER else 2
    fields += [
        _line(872),
        f"^BY{module}^FO{MARGIN + 24},892^BCN,176,N,N,N,A{data(number)}",
        text(MARGIN + 24, 1082, 36, grouped(number)),
        _line(1128),
        text(MARGIN, 1144, 36, _cut(f"{face['reference']} · {face['parcel']}", 26)),
        text(WIDTH - MARGIN, 1144, 36, f"{face['grams'] / 1000:.3f} kg", right=True),
    ]
    return f"^XA^CI28^PW{WIDTH}^LL{HEIGHT}^LH0,0{''.join(fields)}^XZ\n"


def sheet(labels: Iterable[tuple[Mapping[str, Any], str, bool]]) -> str:
    """Write labels one after the other: (face, tracking number, specimen)."""
    return "".join(zpl(face, number=number, specimen=specimen) for face, number, specimen in labels)


def _line(y: int) -> str:
    return f"^FO{MARGIN},{y}^GB{INNER},4,4^FS"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
