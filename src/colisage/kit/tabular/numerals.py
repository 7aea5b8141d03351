"""Numbers as a workbook saves them, as people would write them."""

import re
from decimal import Decimal, InvalidOperation
from typing import Final

_THOUSANDS: Final = re.compile(r"-?[1-9]\d{0,2}\.\d{3}")
_MOST: Final = 25


def number_text(said: str) -> str:
    """Write a saved number without what binary arithmetic added: `19.899999999999999` is `19.9`.

    Exactly three decimals get a fourth: `1.234` could be taken for a thousand and more.
    """
    if said.isascii() and said.isdigit():
        return said
    try:
        exact = Decimal(repr(float(said))) if "." in said or "E" in said.upper() else Decimal(said)
    except (InvalidOperation, ValueError):
        return said
    if not exact.is_finite() or abs(exact.adjusted()) > _MOST:
        return said
    plain = f"{exact:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return f"{plain}0" if _THOUSANDS.fullmatch(plain) else plain
