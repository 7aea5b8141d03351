"""What people type about announced deliveries."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from colisage.inbound.rules.purchasing import MOST_UNITS
from colisage.kit.gs1.digits import is_sscc
from colisage.kit.tabular import EmptyFile


class DeliveriesFileForm(forms.Form):
    """A file of announced deliveries; the rest holds for rows that do not say it."""

    file = forms.FileField(label=_("File"), error_messages={"empty": EmptyFile.text})
    reference = forms.CharField(
        label=_("Delivery note"),
        max_length=80,
        required=False,
        help_text=_("The number of the delivery, where no column says it."),
    )
    supplier = forms.CharField(
        label=_("Supplier"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"list": "suppliers", "autocomplete": "off"}),
    )
    expected_on = forms.DateField(
        label=_("Expected on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


class DeliveryForm(forms.Form):
    """A delivery of a purchase order, announced by hand."""

    reference = forms.CharField(label=_("Delivery note"), max_length=80)
    expected_on = forms.DateField(
        label=_("Expected on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    carrier = forms.CharField(label=_("Carrier"), max_length=80, required=False)
    tracking_number = forms.CharField(label=_("Tracking number"), max_length=80, required=False)


class DeliveryLineForm(forms.Form):
    """What comes of one SKU of the order; nothing when it does not come."""

    qty = forms.IntegerField(label=_("Units"), min_value=0, max_value=MOST_UNITS, required=False)
    lot = forms.CharField(label=_("Lot"), max_length=80, required=False)
    expires_on = forms.DateField(label=_("Expires on"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    sscc = forms.CharField(label=_("SSCC of the pallet or carton"), max_length=30, required=False)

    def clean_sscc(self) -> str:
        """Refuse what is no SSCC."""
        digits = "".join(c for c in self.cleaned_data["sscc"] if c not in " ()-")
        digits = digits.removeprefix("00") if len(digits) == 20 else digits
        if digits and not is_sscc(digits):
            raise forms.ValidationError(_("An SSCC has 18 digits, and the last one fits the others."))
        return digits

    def facts(self) -> dict[str, Any]:
        """Give what is said of the units."""
        told = self.cleaned_data
        return {"qty": told["qty"] or 0, "lot": told["lot"], "expires_on": told["expires_on"], "sscc": told["sscc"]}
