"""Numbers with a check digit at their end: GTIN, SSCC and GLN (GS1 General Specifications, 7.9)."""

from typing import Final

GTIN_LENGTHS: Final = frozenset({8, 12, 13, 14})
SSCC_LENGTH: Final = 18
GLN_LENGTH: Final = 13


def is_number(text: str) -> bool:
    """Say whether a text is digits and nothing else; the digits of other scripts are none."""
    return text.isascii() and text.isdigit()


def check_digit(payload: str) -> str:
    """Give the digit that belongs after these digits: weights 3 and 1 from the right, to the next ten."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(payload)))
    return str(-total % 10)


def adds_up(number: str) -> bool:
    """Say whether the last digit is the check digit of those before it."""
    return is_number(number) and len(number) > 1 and check_digit(number[:-1]) == number[-1]


def is_gtin(text: str) -> bool:
    """Say whether this is a GTIN of 8, 12, 13 or 14 digits."""
    return len(text) in GTIN_LENGTHS and adds_up(text)


def is_sscc(text: str) -> bool:
    """Say whether this is a serial shipping container code."""
    return len(text) == SSCC_LENGTH and adds_up(text)


def gtin14(gtin: str) -> str:
    """Write a GTIN of any length with 14 digits."""
    return gtin.zfill(14)


def spellings(gtin: str) -> list[str]:
    """Give every way in which one GTIN is written: with 14 digits, and with fewer as far as zeros lead."""
    full = gtin14(gtin)
    return [full[14 - length :] for length in sorted(GTIN_LENGTHS, reverse=True) if not full[: 14 - length].strip("0")]


def printed_gtin(gtin: str) -> str:
    """Write a GTIN as it stands under bars: 13 digits, 8 for the short form, 14 for a case."""
    full = gtin14(gtin)
    if full.startswith("000000"):
        return full[6:]
    return full[1:] if full[0] == "0" else full
