"""What people type about consigned goods."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from colisage.inbound.forms.purchasing import money
from colisage.ui.amounts import AmountField


class CostForm(forms.Form):
    """What one unit of a SKU costs that was bought without a cost."""

    sku = forms.IntegerField(min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    cost = AmountField(label=_("Cost of one unit"), min_value=0, max_digits=14)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency

    def clean_cost(self) -> int:
        """Read the cost into minor units."""
        return money(self.cleaned_data["cost"], currency=self.currency)
