"""What people type at the dock."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_MOST = 1_000_000


class TakeForm(forms.Form):
    """What came of one SKU: so many good and damaged ones, of a lot; or one serial number."""

    good = forms.IntegerField(min_value=0, max_value=_MOST, required=False)
    damaged = forms.IntegerField(min_value=0, max_value=_MOST, required=False)
    lot = forms.CharField(max_length=80, required=False)
    expires_on = forms.DateField(required=False)
    serial = forms.CharField(max_length=80, required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for a number of units, or a serial number."""
        told = super().clean() or {}
        if not self.errors and told.get("good") is None and told.get("damaged") is None and not told.get("serial"):
            self.add_error("good", _("Say how many units came: a whole number."))
        return told


class AsideForm(forms.Form):
    """What is set aside, in words, and how many."""

    description = forms.CharField(
        label=_("What is it?"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    units = forms.IntegerField(label=_("Units"), min_value=1, max_value=_MOST, initial=1)
    code = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        choices=[(kind, kind) for kind in ("unidentified", "wrong", "expired")], widget=forms.HiddenInput
    )
    lot = forms.CharField(max_length=80, required=False, widget=forms.HiddenInput)
    serial = forms.CharField(label=_("Serial number"), max_length=80, required=False)
    expires_on = forms.DateField(required=False, widget=forms.HiddenInput)


class SettleForm(forms.Form):
    """What becomes of what was set aside."""

    code = forms.CharField(label=_("SKU or barcode"), max_length=100, required=False)
    lot = forms.CharField(label=_("Lot or serial number"), max_length=80, required=False)
    expires_on = forms.DateField(label=_("Expires on"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(label=_("Note"), max_length=300, required=False)


class PapersForm(forms.Form):
    """What the driver's papers say."""

    carrier = forms.CharField(label=_("Carrier"), max_length=60, required=False)
    note_number = forms.CharField(label=_("Delivery note"), max_length=60, required=False)
