from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from colisage.ui.amounts import AmountField


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("typed", ["1234.5", "1234,5", "1 234,50", "1\u202f234,50", "1\xa0234.50"])
def test_an_amount_is_read_as_people_write_it_in_both_languages(language: str, typed: str) -> None:
    with override(language):
        assert AmountField().clean(typed) == Decimal("1234.5")


def test_what_may_be_a_thousand_is_not_guessed_in_english() -> None:
    with override("en"), pytest.raises(ValidationError):
        AmountField().clean("1,234")
    with override("fr"):
        assert AmountField().clean("1,234") == Decimal("1.234")


@pytest.mark.parametrize("typed", ["1.234,50", "1,234.50", "douze", "1,2,3", "--1"])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    for language in ("fr", "en"):
        with override(language), pytest.raises(ValidationError):
            AmountField().clean(typed)
