"""What people tell with a step of a return to a supplier."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class StepForm(forms.Form):
    """A step, with how it travels or what was credited."""

    to = forms.ChoiceField(
        choices=[(to, to) for to in ("announced", "sent", "credited", "refused", "cancelled")],
        widget=forms.HiddenInput,
    )
    carrier = forms.CharField(label=_("Carrier"), max_length=60, required=False)
    tracking_number = forms.CharField(label=_("Tracking number"), max_length=60, required=False)
    amount = forms.CharField(label=_("Amount credited"), max_length=30, required=False)
    credited_on = forms.DateField(
        label=_("Day of the credit note"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    reference = forms.CharField(label=_("Number of the credit note"), max_length=60, required=False)

    def clean(self) -> dict[str, Any]:
        """Give everything told."""
        return super().clean() or {}
