"""What people decide about lots."""

from django import forms
from django.utils.translation import gettext_lazy as _

from colisage.inventory.models import LotStatus


class ExpiryForm(forms.Form):
    """The right date of a lot, and how one knows."""

    expires_on = forms.DateField(
        label=_("Expires on"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    why = forms.CharField(label=_("How do you know?"), max_length=200, strip=True)


class LotStatusForm(forms.Form):
    """What may be done with lots from now on, and why."""

    status = forms.ChoiceField(label=_("From now on"), choices=LotStatus.choices)
    reason = forms.CharField(label=_("Why"), max_length=200, strip=True)
