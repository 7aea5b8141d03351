"""What people type to get in, and to let others in."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from colisage.people.models import Role
from colisage.people.rules import SCOPES


class LogInForm(AuthenticationForm):
    """E-mail address and password."""

    error_messages = {  # noqa: RUF012 -- Django's own name and shape
        "invalid_login": _("This address and this password do not go together."),
        "inactive": _("This person’s access has ended."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("E-mail address")
        self.fields["username"].widget = forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})


class PersonForm(forms.Form):
    """A person to be let in."""

    email = forms.EmailField(label=_("E-mail address"))
    name = forms.CharField(label=_("Name"), max_length=120)
    language = forms.ChoiceField(label=_("Language"), choices=[("fr", "Français"), ("en", "English")])
    roles = forms.MultipleChoiceField(label=_("Roles"), choices=Role.choices, widget=forms.CheckboxSelectMultiple)


class KeyForm(forms.Form):
    """A program’s key."""

    name = forms.CharField(label=_("What it is for"), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=list(SCOPES.items()),
        widget=forms.CheckboxSelectMultiple,
        initial=["orders:write"],
    )
    days = forms.TypedChoiceField(
        label=_("Ends"),
        coerce=int,
        empty_value=None,
        required=False,
        initial="365",
        choices=[
            ("30", _("in 30 days")),
            ("90", _("in 90 days")),
            ("365", _("in a year")),
            ("", _("never: until it is revoked")),
        ],
    )
