"""What people type about reasons for corrections."""

from django import forms
from django.utils.translation import gettext_lazy as _

from colisage.inventory.models import Direction


class ReasonForm(forms.Form):
    """A reason of the merchant's own."""

    name_fr = forms.CharField(label=_("Name in French"), max_length=60, required=False)
    name_en = forms.CharField(label=_("Name in English"), max_length=60, required=False)
    direction = forms.ChoiceField(label=_("Direction"), choices=Direction.choices, initial="out")
    shrinkage = forms.BooleanField(
        label=_("Counts as shrinkage"),
        required=False,
        initial=True,
        help_text=_("Leave it out for what was used, such as goods for a photo."),
    )
