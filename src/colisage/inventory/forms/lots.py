"""What people decide about lots."""

from django import forms
from django.utils.translation import gettext_lazy as _

from colisage.inventory.models import LotStatus


class LotStatusForm(forms.Form):
    """What may be done with lots from now on, and why."""

    status = forms.ChoiceField(label=_("From now on"), choices=LotStatus.choices)
    reason = forms.CharField(label=_("Why"), max_length=200, strip=True)
