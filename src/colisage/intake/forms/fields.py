"""Fields that are read as people write them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from colisage.kit.tabular.cells import currency_code
from colisage.kit.tabular.names import country_code


class CountryField(forms.CharField):
    """A country by its name or its two letters; gives the letters, or nothing where nothing was written."""

    def clean(self, value: Any) -> str:
        """Read it."""
        told = str(super().clean(value)).strip()
        try:
            return country_code(told) if told else ""
        except ValueError as error:
            raise forms.ValidationError(_("This country is not known.")) from error


class CurrencyField(forms.CharField):
    """The code of a currency; gives it, or nothing where nothing was written."""

    def clean(self, value: Any) -> str:
        """Read it."""
        told = str(super().clean(value)).strip()
        try:
            return currency_code(told) if told else ""
        except ValueError as error:
            raise forms.ValidationError(_("Write the code of a currency, such as EUR.")) from error
