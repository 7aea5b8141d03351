"""What people type about goods on their way in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class PurchaseForm(forms.Form):
    """A purchase order; its lines are typed one a line: SKU and units."""

    number = forms.CharField(label=_("Order number"), max_length=40)
    supplier = forms.CharField(label=_("Supplier"), max_length=120)
    node = forms.ChoiceField(label=_("To which node"))
    expected_on = forms.DateField(
        label=_("Expected on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    lines = forms.CharField(
        label=_("Lines"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One SKU a line, then the units: MUG-BLEU 24"),
    )

    def __init__(self, *args: Any, nodes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["node"].choices = nodes  # type: ignore[attr-defined]

    def clean_lines(self) -> list[tuple[str, int]]:
        """Read the lines: a code, then a whole number."""
        found: list[tuple[str, int]] = []
        for line in self.cleaned_data["lines"].splitlines():
            code, _space, units = line.strip().rpartition(" ")
            if not line.strip():
                continue
            if not code or not units.isdecimal() or not 0 < int(units) <= 1_000_000:
                raise forms.ValidationError(
                    _("“%(line)s” is not a SKU and a number of units.") % {"line": line.strip()[:60]}
                )
            found.append((code.strip(), int(units)))
        return found


class ReceiveForm(forms.Form):
    """What came of one SKU."""

    code = forms.CharField(max_length=100)
    good = forms.IntegerField(min_value=0, max_value=1_000_000)
    damaged = forms.IntegerField(min_value=0, max_value=1_000_000, required=False)
    lot = forms.CharField(max_length=80, required=False)
    expires_on = forms.DateField(required=False)
