"""What a person types to connect a shop."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from colisage.connectors.ports import Field


class ShopForm(forms.Form):
    """The fields of one kind of shop. Secrets are never shown again; left empty they stay what they were."""

    active = forms.BooleanField(label=_("Connected: orders are taken over, stock and parcels are told"), required=False)

    def __init__(self, *args: Any, fields: Sequence[Field], known: bool, told: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not told:
            self.fields["active"].label = _("Connected: orders are taken over")
        for field in fields:
            secret = field.kind == "secret"
            made = forms.CharField(
                label=str(field.label),
                help_text=str(field.help),
                max_length=500,
                required=field.required and not (secret and known),
                widget=forms.PasswordInput(attrs={"autocomplete": "off", "placeholder": "••••••••" if known else ""})
                if secret
                else forms.TextInput(attrs={"inputmode": "url"} if field.kind == "url" else {}),
            )
            self.fields[field.name] = made
        self.order_fields([*(field.name for field in fields), "active"])


class NewShopForm(forms.Form):
    """A new channel for a shop."""

    connector = forms.ChoiceField(label=_("Kind of shop"))
    name = forms.CharField(label=_("Name"), max_length=80)
    code = forms.SlugField(label=_("Code"), max_length=30, help_text=_("Short, for files and addresses: shop-fr"))

    def __init__(self, *args: Any, kinds: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["connector"].choices = kinds  # type: ignore[attr-defined]
