"""Code 128, the bar code of labels and slips: text to the widths of its bars and gaps, in modules (ISO/IEC 15417).

`gs1_128` is the form of GS1: it begins with FNC1, and a value of variable length ends with one. Digits stand two to a
symbol (code set C) wherever that is shorter.
"""

import re
from typing import Final

_TABLE: Final = """
212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231
113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211
212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131
113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111
314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211
241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141
214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 211214
211232
"""  # one number a symbol, one digit a bar or gap
_WIDTHS: Final = _TABLE.split()
FNC1: Final = "\x1d"
_TO_C, _TO_B, _FNC1, _START_B, _START_C = 99, 100, 102, 104, 105
_STOP: Final = "2331112"
_PAIRS: Final = re.compile(r"(?:\d\d){2,}", re.ASCII)


def code128(text: str) -> list[int]:
    """Give the widths of bars and gaps in turn, a bar first, in code set B; refuse what is not printable ASCII."""
    if not text or any(not " " <= letter <= "~" for letter in text):
        raise ValueError("Code 128 B takes printable ASCII")
    return _widths([_START_B, *(ord(letter) - 32 for letter in text)])


def gs1_128(message: str) -> list[int]:
    """Give the widths of a GS1 message (`kit.gs1.elements.message`); refuse what GS1 does not let into one."""
    return _widths(symbols(message))


def symbols(message: str) -> list[int]:
    """Give the symbols of a GS1 message, from the start symbol on, without check and stop.

    Set C is entered for four digits or more, and left for the first character that begins no pair of digits.
    """
    if not message or any(letter != FNC1 and not " " <= letter <= "~" for letter in message):
        raise ValueError("a GS1 message takes printable ASCII and FNC1")
    in_c = bool(_PAIRS.match(message))
    values = [_START_C if in_c else _START_B, _FNC1]
    at = 0
    while at < len(message):
        letter, pair = message[at], message[at : at + 2]
        if letter == FNC1:
            values.append(_FNC1)
            at += 1
        elif in_c and len(pair) == 2 and pair.isdigit():
            values.append(int(pair))
            at += 2
        elif in_c or _PAIRS.match(message, at):
            in_c = not in_c
            values.append(_TO_C if in_c else _TO_B)
        else:
            values.append(ord(letter) - 32)
            at += 1
    return values


def zpl_data(message: str) -> str:
    """Write a GS1 message as the data of `^BC` in mode N: the printer is told each change of set and each FNC1."""
    values = symbols(message)
    in_c = values[0] == _START_C
    told = ">;" if in_c else ">:"
    for value in values[1:]:
        if value == _FNC1:
            told += ">8"
        elif value == _TO_C and not in_c:
            in_c, told = True, told + ">5"
        elif value == _TO_B and in_c:
            in_c, told = False, told + ">6"
        elif in_c:
            told += f"{value:02}"
        else:
            told += ">0" if chr(value + 32) == ">" else chr(value + 32)
    return told


def _widths(values: list[int]) -> list[int]:
    check = (values[0] + sum(n * value for n, value in enumerate(values[1:], 1))) % 103
    return [int(width) for value in (*values, check) for width in _WIDTHS[value]] + [int(width) for width in _STOP]
