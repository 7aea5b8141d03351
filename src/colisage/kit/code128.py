"""Code 128, the bar code of labels and slips: text to the widths of its bars and gaps, in modules (ISO/IEC 15417)."""

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
_START_B: Final = 104
_STOP: Final = "2331112"


def code128(text: str) -> list[int]:
    """Give the widths of bars and gaps in turn, a bar first, in code set B; refuse what is not printable ASCII."""
    if not text or any(not " " <= letter <= "~" for letter in text):
        raise ValueError("Code 128 B takes printable ASCII")
    values = [_START_B, *(ord(letter) - 32 for letter in text)]
    check = (values[0] + sum(n * value for n, value in enumerate(values[1:], 1))) % 103
    return [int(width) for value in (*values, check) for width in _WIDTHS[value]] + [int(width) for width in _STOP]
