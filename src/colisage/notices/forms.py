"""What people say about webhooks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from colisage.notices.rules.webhooks import TYPES


class EndpointForm(forms.Form):
    """Where news goes, and which."""

    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        widget=forms.TextInput(attrs={"inputmode": "url", "placeholder": "https://", "autocomplete": "off"}),
    )
    note = forms.CharField(label=_("Used for"), max_length=120, required=False)
    events = forms.MultipleChoiceField(
        label=_("What it hears of"), choices=list(TYPES.items()), widget=forms.CheckboxSelectMultiple
    )


class ReplayForm(forms.Form):
    """The calls of a time."""

    since = forms.DateTimeField(label=_("Beginning"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    until = forms.DateTimeField(
        label=_("End"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    delivered = forms.BooleanField(label=_("Also those that were delivered"), required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse a time that ends before it begins."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("since") and said.get("until") and said["until"] <= said["since"]:
            self.add_error("until", _("This is before the beginning."))
        return said
