"""What people say about a rate card."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from colisage.carriers.models import ServiceKind
from colisage.kit.tabular.names import country_code


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


class DatesForm(forms.Form):
    """The days on which a card counts."""

    valid_from = _day(_("First day"))
    valid_to = _day(_("Last day"), required=False, help_text=_("Empty: until a later card begins."))


class ImportForm(DatesForm):
    """A file of prices, and what it does not say itself."""

    operator = forms.TypedChoiceField(label=_("Operator"), coerce=int)
    file = forms.FileField(label=_("File"))
    carrier = forms.TypedChoiceField(label=_("Carrier"), coerce=int, empty_value=None, required=False)
    carrier_name = forms.CharField(label=_("Name of a new carrier"), max_length=80, required=False)
    kind_of_new = forms.ChoiceField(
        label=_("Services the carrier does not have yet"),
        required=False,
        choices=[("", _("are mistakes: refuse the file")), *ServiceKind.choices],
    )
    from_country = forms.CharField(
        label=_("Sent from"), max_length=60, help_text=_("A country: its name or its two letters")
    )
    source = forms.CharField(
        label=_("Where the prices come from"), max_length=150, help_text=_("Such as the number of your contract")
    )
    replace = forms.BooleanField(
        label=_("Replace my card of the same service that begins on the same day"), required=False
    )

    def __init__(
        self, *args: Any, operators: list[tuple[int, str]], carriers: list[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["operator"].choices = operators  # type: ignore[attr-defined]
        self.fields["carrier"].choices = [*carriers, ("", _("another one"))]  # type: ignore[attr-defined]
        if len(operators) == 1:
            self.fields["operator"].widget = forms.HiddenInput()
            self.initial.setdefault("operator", operators[0][0])

    def clean_from_country(self) -> str:
        """Give the two letters of the country."""
        try:
            return country_code(self.cleaned_data["from_country"])
        except ValueError as unknown:
            raise forms.ValidationError(
                _("There is no country “%(name)s”. Write its name or its two letters.")
                % {"name": self.cleaned_data["from_country"]}
            ) from unknown

    def facts(self) -> dict[str, Any]:
        """Give what was said, as the import takes it."""
        told = self.cleaned_data
        names = ("carrier_name", "kind_of_new", "from_country", "valid_from", "valid_to", "source", "replace")
        return {"carrier_id": told["carrier"], **{name: told[name] for name in names}}
