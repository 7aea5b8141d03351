"""What people type about goods made in the house."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from colisage.inbound.forms.typed import typed_lines
from colisage.inbound.rules.purchasing import MOST_UNITS
from colisage.inbound.rules.typed import TypedLine


class ProductionForm(forms.Form):
    """A batch of one SKU, and what was used for it."""

    sku = forms.CharField(label=_("SKU or barcode"), max_length=100)
    qty = forms.IntegerField(label=_("Units"), min_value=1, max_value=MOST_UNITS)
    node = forms.ChoiceField(label=_("Made at"))
    lot = forms.CharField(label=_("Lot"), max_length=80, required=False)
    expires_on = forms.DateField(label=_("Expires on"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    serials = forms.CharField(
        label=_("Serial numbers"),
        max_length=200_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only where the SKU has them: scan one after the other, one on each line."),
    )
    batch = forms.CharField(label=_("Number of the batch sheet"), max_length=80, required=False)
    components = forms.CharField(
        label=_("What was used"),
        max_length=50_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Optional, one SKU a line, then the units in all. They leave the bins of the node."),
    )
    once = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, nodes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["node"].choices = nodes  # type: ignore[attr-defined]

    def clean_serials(self) -> list[str]:
        """Read the lines; a scanner ends each with Enter."""
        return [line.strip() for line in self.cleaned_data["serials"].splitlines() if line.strip()]

    def clean_components(self) -> list[TypedLine]:
        """Read the lines."""
        return typed_lines(self.cleaned_data["components"], currency="EUR")
