"""What is printed on labels of bins, goods, lots and plates, and how it is written for a thermal printer.

Sizes in millimetres; printers have eight dots to one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from django.utils.translation import gettext_lazy as _

from colisage.kit.code128 import code128, gs1_128, zpl_data
from colisage.kit.ean import GUARDS, ean
from colisage.kit.errors import Malformed
from colisage.kit.gs1.digits import is_gtin, printed_gtin
from colisage.kit.gs1.elements import for_people, message
from colisage.kit.gs1.reading import Element
from colisage.kit.zpl import data, text

MOST_LABELS: Final = 2_000  # in one file
DOTS: Final = 8
MARGIN: Final = 32
SIZES: Final = {"large": (100, 150), "small": (100, 50)}
_PRINTABLE: Final = range(32, 127)

Symbology = Literal["gs1", "ean", "plain"]


class NoCodes(Malformed):
    """Labels are of something."""

    code = "no_codes"
    text = _("Write at least one code.")


def codes_in(said: str) -> list[str]:
    """Read codes: one a line, or with commas between them. Raises `NoCodes`."""
    words = [word.strip() for line in said.splitlines() for word in line.split(",")]
    found = [word[:100] for word in words if word]
    if not found:
        raise NoCodes
    return found


@dataclass(frozen=True, slots=True)
class Bars:
    """One bar code: GS1 elements, the digits of an EAN, or plain text."""

    symbology: Symbology
    elements: tuple[Element, ...] = ()
    text: str = ""

    @property
    def human(self) -> str:
        """Give the line for people."""
        return for_people(self.elements) if self.symbology == "gs1" else self.text

    def widths(self) -> list[int]:
        """Give bars and gaps in modules."""
        if self.symbology == "gs1":
            return gs1_128(message(self.elements))
        return ean(self.text) if self.symbology == "ean" else code128(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """One label: a large title, lines below it, bar codes, and what only some have."""

    title: str
    lines: tuple[str, ...] = ()
    codes: tuple[Bars, ...] = ()
    corner: str = ""
    arrow: Literal["", "up", "down"] = ""
    specimen: bool = False
    size: Literal["large", "small"] = "small"


def plain(code: str) -> Bars:
    """Give the bars of a merchant's own code; what Code 128 cannot hold is left out rather than altered."""
    return Bars("plain", text="".join(letter for letter in code if ord(letter) in _PRINTABLE)[:40])


def of_goods(code: str) -> Bars:
    """Give the bars of a SKU's bar code: an EAN where it is a GTIN that has one, else Code 128."""
    if not is_gtin(code):
        return plain(code)
    printed = printed_gtin(code)
    return Bars("ean", text=printed) if len(printed) in GUARDS else Bars("gs1", (("01", printed),))


def of_lot(barcode: str, *, lot: str, expires_on: date | None, is_serial: bool = False) -> Bars:
    """Give the bars of a lot of goods with a GTIN: number, expiry and lot in one; without a GTIN those of the lot."""
    if not is_gtin(barcode) or not 0 < len(lot) <= 20 or not lot.isascii() or " " in lot:
        return plain(lot)
    until = (("17", f"{expires_on:%y%m%d}"),) if expires_on else ()
    return Bars("gs1", (("01", barcode.zfill(14)), *until, ("21" if is_serial else "10", lot)))


def of_plate(code: str, *, sscc: bool) -> Bars:
    """Give the bars of a plate: an SSCC as GS1 writes it, or the number of the house."""
    return Bars("gs1", (("00", code),)) if sscc else plain(code)


def of_contents(barcode: str, *, units: int, lot: str, expires_on: date | None) -> Bars | None:
    """Give the second bar code of a logistic unit with one kind of goods: which, until when, how many, of which lot."""
    if not is_gtin(barcode) or not 0 < units < 10**8 or " " in lot or not lot.isascii():
        return None
    until = (("17", f"{expires_on:%y%m%d}"),) if expires_on else ()
    of = (("10", lot),) if 0 < len(lot) <= 20 else ()
    return Bars("gs1", (("02", barcode.zfill(14)), *until, ("37", str(units)), *of))


def drawn(face: Face) -> dict[str, Any]:
    """Give a face as its drawing takes it: each bar with its place, its width, and whether it is a guard of an EAN."""
    return {
        "title": face.title, "lines": face.lines, "corner": face.corner, "arrow": face.arrow, "specimen": face.specimen,
        "codes": [_drawn(code) for code in face.codes],
    }  # fmt: skip


def _drawn(code: Bars) -> dict[str, Any]:
    widths, at, bars = code.widths(), 0, []
    guards = GUARDS[len(code.text)] if code.symbology == "ean" else ()
    for n, width in enumerate(widths):
        if n % 2 == 0:
            bars.append((at, width, any(start <= at < end for start, end in guards)))
        at += width
    return {"bars": bars, "modules": at, "human": code.human, "ean": code.symbology == "ean"}


def zpl(faces: Iterable[Face]) -> str:
    """Write labels for a thermal printer of 203 dots an inch, one after the other, UTF-8."""
    return "".join(_label(face) for face in faces)


def _label(face: Face) -> str:
    width, height = (side * DOTS for side in SIZES[face.size])
    large = face.size == "large"
    title = 84 if large else min(84, (width - 220) * 2 // max(len(face.title), 1))
    fields = [text(MARGIN, 28, title, face.title)]
    fields.append(text(width - MARGIN, 28, 56, face.corner, right=True))
    if face.arrow:
        fields.append(_arrow(width - 2 * MARGIN - 70, 96 if face.corner else 28, up=face.arrow == "up"))
    y, step = (140, 46) if large else (36 + title, 34)
    for line in face.lines[: 9 if large else 3]:
        fields.append(text(MARGIN, y, step - 8, line[: 42 if large else 46]))
        y += step
    if face.specimen:
        fields.append(f"^FO{MARGIN},600^A0N,110,104^FB{width - 2 * MARGIN},1,0,C^FDSPECIMEN^FS")
    tall = 150 if large else max(70, height - y - 74)
    y = height - len(face.codes) * (tall + 62) - 12
    for code in face.codes:
        fields += _bars(code, y, tall=tall, width=width)
        y += tall + 62
    return f"^XA^CI28^PW{width}^LL{height}^LH0,0{''.join(fields)}^XZ\n"


def _bars(code: Bars, y: int, *, tall: int, width: int) -> Sequence[str]:
    if code.symbology == "ean":
        letter, digits = ("E", code.text[:12]) if len(code.text) == 13 else ("8", code.text[:7])
        return [f"^BY3^FO{MARGIN + 60},{y}^B{letter}N,{tall},Y,N{data(digits)}"]
    modules = sum(code.widths()) + 20
    dots = next((n for n in (4, 3, 2) if modules * n <= width - MARGIN), 1)
    if code.symbology == "gs1":
        told = f"^BCN,{tall},N,N,N,N{data(zpl_data(message(code.elements)))}"
    else:
        told = f"^BCN,{tall},N,N,N,N{data('>:' + code.text.replace('>', '>0'))}"
    return [f"^BY{dots}^FO{MARGIN + 10 * dots - 8},{y}{told}", text(MARGIN + 8, y + tall + 8, 34, code.human)]


def _arrow(x: int, y: int, *, up: bool) -> str:
    """Draw an arrow of a box and diagonals: the level above the label, or below it."""
    head, slant = (y, ("R", "L")) if up else (y + 60, ("L", "R"))
    return (
        f"^FO{x + 30},{y}^GB16,100,16^FS"
        f"^FO{x},{head}^GD38,40,10,B,{slant[0]}^FS^FO{x + 38},{head}^GD38,40,10,B,{slant[1]}^FS"
    )
