from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colisage.kit.money import cents, decimal, exponent, shares, tax_within


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("12.50", "EUR", 1250),
        ("1200", "JPY", 1200),
        ("1.234", "TND", 1234),
        (3, "CAD", 300),
        ("-0.01", "EUR", -1),
    ],
)
def test_an_amount_becomes_minor_units_and_back(amount: str | int, currency: str, minor: int) -> None:
    assert cents(amount, currency=currency) == minor
    assert decimal(minor, currency=currency) == Decimal(amount)
    assert -decimal(minor, currency=currency).as_tuple().exponent == exponent(currency)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("amount", "currency"),
    [("1.999", "EUR"), ("1.5", "JPY"), ("abc", "EUR"), ("", "EUR"), ("NaN", "EUR"), ("Infinity", "EUR")],
)
def test_an_amount_that_is_no_exact_number_of_minor_units_is_refused(amount: str, currency: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        cents(amount, currency=currency)


def test_a_huge_amount_is_still_exact() -> None:
    assert cents("123456789012345678901234567890.12", currency="EUR") == 12345678901234567890123456789012


weights = st.lists(st.integers(0, 10_000), min_size=1, max_size=30)


@given(st.integers(-(10**12), 10**12), weights)
def test_shares_add_up_to_the_cent(total: int, given_weights: list[int]) -> None:
    assert sum(shares(total, weights=given_weights)) == total


@given(st.integers(0, 10**12), weights.filter(any))
def test_a_share_is_never_a_cent_from_its_proportion(total: int, given_weights: list[int]) -> None:
    scale = sum(given_weights)
    for part, weight in zip(shares(total, weights=given_weights), given_weights, strict=True):
        assert abs(part * scale - total * weight) < scale


def test_nothing_to_share_among_gives_nothing() -> None:
    assert shares(100, weights=[]) == []


def test_weights_of_zero_share_equally_and_the_first_takes_the_odd_cent() -> None:
    assert shares(10, weights=[0, 0, 0]) == [4, 3, 3]


def test_tax_is_within_the_gross_amount() -> None:
    assert tax_within(12_000, rate=Decimal("0.20")) == 2_000
    assert tax_within(0, rate=Decimal("0.20")) == 0


@given(st.integers(0, 10**9), st.sampled_from(["0.055", "0.10", "0.20", "0.14975"]))
def test_net_and_tax_add_up_to_gross(gross: int, rate: str) -> None:
    tax = tax_within(gross, rate=Decimal(rate))
    assert abs((gross - tax) * (1 + Decimal(rate)) - gross) <= 1
