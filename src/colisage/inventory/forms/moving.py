"""What people tell when they move stock."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from colisage.inventory.models import Condition

MOST_UNITS = 1_000_000
MOST_ID = 2**62


class UnitsForm(forms.Form):
    """So many units, on a document that was drawn when the page was shown."""

    qty = forms.IntegerField(label=_("Units"), min_value=1, max_value=MOST_UNITS)
    document = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput)


class ConditionForm(UnitsForm):
    """In which condition units are, and how one knows."""

    condition = forms.ChoiceField(
        label=_("From now on"),
        choices=[
            (c.value, c.label)
            for c in (Condition.SELLABLE, Condition.DAMAGED, Condition.QUARANTINE, Condition.RETURNED)
        ],
    )
    reason = forms.CharField(label=_("Why"), max_length=200)


class PlateForm(forms.Form):
    """How many plates are made, or the code of one that exists on a label."""

    count = forms.IntegerField(label=_("How many"), min_value=1, max_value=200, required=False)
    kind = forms.ChoiceField(
        label=_("Numbers"),
        choices=[("plate", _("of the house: they stay here")), ("sscc", _("SSCC: they leave with the goods"))],
        required=False,
    )
    code = forms.CharField(label=_("or the code it came with"), max_length=30, required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two."""
        told: dict[str, Any] = super().clean() or {}
        if bool(told.get("count")) == bool(told.get("code")) and not self.errors:
            raise forms.ValidationError(_("Say how many plates, or the code of one."))
        return told


class SplitForm(UnitsForm):
    """Units of one cell to go onto another plate, or onto none."""

    cell = forms.IntegerField(min_value=1, max_value=MOST_ID)
    code = forms.CharField(max_length=30, required=False)
