"""Numbers of logistic units: SSCC (18 digits: extension, company prefix, serial reference, check digit)."""

from typing import Final

from colisage.kit.gs1.digits import check_digit, is_number

SPECIMEN: Final = "9520000"  # within 952, which GS1 keeps for examples: it is nobody's
LENGTHS: Final = range(6, 13)  # of a company prefix


def is_company_prefix(text: str) -> bool:
    """Say whether this may be a company prefix: 6 to 12 digits, none of GS1's examples."""
    return is_number(text) and len(text) in LENGTHS and not text.startswith("952")


def most_serial(company_prefix: str) -> int:
    """Give the largest serial reference that fits after a prefix."""
    return int(10 ** (16 - len(company_prefix))) - 1


def sscc(company_prefix: str, *, extension: int, serial: int) -> str:
    """Write a number of 18 digits. Raises `ValueError` for what does not fit."""
    if not 0 <= extension <= 9 or not 0 <= serial <= most_serial(company_prefix):
        raise ValueError(f"no SSCC: {extension} {company_prefix} {serial}")
    body = f"{extension}{company_prefix}{serial:0{16 - len(company_prefix)}}"
    return body + check_digit(body)


def is_specimen(number: str) -> bool:
    """Say whether an SSCC is an example's, which must not leave the house."""
    return number[1:4] == "952"


def plate_code(prefix: str, serial: int) -> str:
    """Write the number of an internal plate: letters, digits and a check digit, so that a mistyped one is nobody's."""
    body = f"{serial:08}"
    return f"{prefix}{body}{check_digit(body)}"
