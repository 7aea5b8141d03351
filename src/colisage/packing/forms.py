"""What people type at the packing bench."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SealForm(forms.Form):
    """The weight that the scale shows, in grams."""

    grams = forms.IntegerField(
        min_value=1,
        max_value=1_000_000,
        error_messages={"required": _("Type what the scale shows, in grams.")},
    )
    sure = forms.BooleanField(required=False)


class BoxForm(forms.Form):
    """The other box."""

    box = forms.IntegerField(min_value=1)
