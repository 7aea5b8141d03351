"""EAN-13 and EAN-8, the bar codes of goods (ISO/IEC 15420): a number to the widths of its bars and gaps."""

from typing import Final

from colisage.kit.gs1.digits import adds_up

_L: Final = ("3211", "2221", "2122", "1411", "1132", "1231", "1114", "1312", "1213", "3112")  # gap, bar, gap, bar
_PARITY: Final = (
    "LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG", "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL",
)  # fmt: skip
GUARDS: Final = {13: ((0, 3), (45, 50), (92, 95)), 8: ((0, 3), (31, 36), (64, 67))}  # modules; drawn longer


def ean(number: str) -> list[int]:
    """Give the widths of bars and gaps in turn, a bar first, of 13 or 8 digits; refuse a wrong check digit."""
    if len(number) not in GUARDS or not adds_up(number):
        raise ValueError("an EAN has 8 or 13 digits and a check digit that fits")
    if len(number) == 13:
        parity, left, right = _PARITY[int(number[0])], number[1:7], number[7:]
    else:
        parity, left, right = "LLLL", number[:4], number[4:]
    widths = "111"
    widths += "".join(_L[int(digit)][:: 1 if side == "L" else -1] for digit, side in zip(left, parity, strict=True))
    widths += "11111"
    widths += "".join(_L[int(digit)] for digit in right)
    return [int(width) for width in widths + "111"]
