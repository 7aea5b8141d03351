"""What people type about units sent to another node."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from colisage.inbound.forms.typed import typed_lines
from colisage.inbound.rules.typed import TypedLine


class TransferForm(forms.Form):
    """Units sent from one node to another; lines typed one a line, or pasted from a spreadsheet."""

    from_node = forms.ChoiceField(label=_("From"))
    to_node = forms.ChoiceField(label=_("To"))
    expected_on = forms.DateField(
        label=_("Expected on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    lines = forms.CharField(
        label=_("Lines"),
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("One SKU or barcode a line, then the units: MUG-BLEU 24."),
    )
    note = forms.CharField(label=_("Remark"), max_length=200, required=False)
    once = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, nodes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("from_node", "to_node"):
            self.fields[name].choices = nodes  # type: ignore[attr-defined]

    def clean_lines(self) -> list[TypedLine]:
        """Read the lines."""
        return typed_lines(self.cleaned_data["lines"], currency="EUR")
