"""Money is integer minor units with a currency; this is the arithmetic people argue about."""

from collections import Counter
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal, Inexact, InvalidOperation
from typing import Final

# ISO 4217: every currency not listed here has two decimals.
_EXPONENTS: Final = {
    **dict.fromkeys(
        (
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ),
        0,
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
_EXACT: Final = Context(prec=60, traps=[Inexact, InvalidOperation])  # the usual one rounds after 28 digits


def exponent(currency: str) -> int:
    """Say how many decimals a currency has: 2 for EUR, 0 for JPY, 3 for TND."""
    return _EXPONENTS.get(currency, 2)


def cents(amount: str | Decimal | int, *, currency: str) -> int:
    """Turn a decimal amount into minor units, exactly; raise `ValueError` when it has too many decimals."""
    try:
        scaled = Decimal(amount).scaleb(exponent(currency), context=_EXACT)
    except (InvalidOperation, Inexact) as error:
        raise ValueError(amount) from error
    if not scaled.is_finite() or scaled != scaled.to_integral_value():
        raise ValueError(amount)
    return int(scaled)


def decimal(amount: int, *, currency: str) -> Decimal:
    """Turn minor units back into a decimal amount, with the decimals of its currency."""
    return Decimal(amount).scaleb(-exponent(currency))


def compared_in(asked: Sequence[str], *, wanted: Sequence[str]) -> str:
    """Give the currency in which prices are compared, of those in which they are `asked`, one for each price.

    The first `wanted` that a price is asked in; else the one most are asked in, of several the first by letters;
    without prices, the first that is wanted. Nobody knows a rate of exchange here: prices in others are not compared.
    """
    counted = Counter(asked)
    found = next((currency for currency in wanted if currency in counted), None)
    return found or min(counted, key=lambda currency: (-counted[currency], currency), default=next(iter(wanted), ""))


def shares(total: int, *, weights: Sequence[int]) -> list[int]:
    """Split `total` in proportion to `weights`, to the cent: the parts always add up to the whole.

    The cents that rounding leaves go to the largest remainders, the earliest first. All-zero weights count as equal.
    """
    if not weights:
        return []
    scale = sum(weights)
    even = list(weights) if scale else [1] * len(weights)
    scale = scale or len(weights)
    parts = [total * weight // scale for weight in even]
    remainders = sorted(range(len(even)), key=lambda i: (-(total * even[i] % scale), i))
    for i in remainders[: total - sum(parts)]:
        parts[i] += 1
    return parts


def tax_within(gross: int, *, rate: Decimal) -> int:
    """Give the tax contained in a gross amount, in minor units, at `rate` (0.20 for 20 %)."""
    return int((Decimal(gross) * rate / (1 + rate)).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
