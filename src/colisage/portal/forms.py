"""What customers type."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from colisage.intake.queries.addresses import missing_of
from colisage.kit.tabular.names import country_code
from colisage.portal.queries import WHAT
from colisage.returns.queries import REASONS
from colisage.ui import words


class AskForm(forms.Form):
    """Which items come back, how many and why; `lines` are (order line id, name, units left)."""

    note = forms.CharField(
        label=_("Anything to add?"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, lines: Iterable[tuple[int, str, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = [line for line in lines if line[2]]
        for pk, _name, left in self.wanted:
            self.fields[f"units_{pk}"] = forms.IntegerField(
                label=_("How many"),
                min_value=0,
                max_value=left,
                required=False,
                widget=forms.Select(choices=[(n, str(n)) for n in range(min(left, 50) + 1)]),
            )
            self.fields[f"reason_{pk}"] = forms.ChoiceField(
                label=_("Why"), choices=[("", _("choose")), *REASONS], required=False
            )

    def rows(self) -> list[dict[str, Any]]:
        """Give the fields item by item, as the page draws them."""
        return [
            {"name": name, "units": self[f"units_{pk}"], "reason": self[f"reason_{pk}"]}
            for pk, name, _left in self.wanted
        ]

    def chosen(self) -> list[tuple[int, int, str]]:
        """Give (order line id, units, reason) of what was chosen."""
        told = self.cleaned_data
        return [
            (pk, told[f"units_{pk}"], told[f"reason_{pk}"])
            for pk, _name, _left in self.wanted
            if told.get(f"units_{pk}")
        ]


class ProblemForm(forms.Form):
    """What is wrong, in one word and in the customer's own."""

    what = forms.ChoiceField(label=_("What is wrong?"), choices=[("", _("choose")), *WHAT.items()])
    words = forms.CharField(
        label=_("Tell us more"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class FindForm(forms.Form):
    """An order's number and the postcode it goes to."""

    number = forms.CharField(label=_("Order number"), max_length=60)
    postcode = forms.CharField(label=_("Postcode of the delivery"), max_length=16)


class AddressForm(forms.Form):
    """Where the parcel shall go, as its customer completes it; `written` is the address the order has."""

    name = forms.CharField(label=_("Name"), max_length=300, required=False)
    line1 = forms.CharField(label=_("Address"), max_length=300)
    line2 = forms.CharField(label=_("Address, second line"), max_length=300, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=300, required=False)
    city = forms.CharField(label=_("Town"), max_length=300)
    region = forms.CharField(label=_("Region"), max_length=300, required=False)
    country = forms.CharField(label=_("Country"), max_length=300)

    def __init__(self, *args: Any, written: Mapping[str, str], **kwargs: Any) -> None:
        country = str(written.get("country") or "")
        named = {"country": words.locale().territories.get(country, country)}
        kwargs["initial"] = {**written, **named}
        super().__init__(*args, **kwargs)
        self.written = written
        for part, field in self.fields.items():
            field.widget.attrs["autocomplete"] = _FILLED_BY[part]

    def clean_country(self) -> str:
        """Read a country by name or by its two letters."""
        try:
            return str(country_code(self.cleaned_data["country"]))
        except ValueError as error:
            raise forms.ValidationError(_("This country is not known.")) from error

    def clean(self) -> dict[str, Any]:
        """Say what the address still lacks."""
        told = super().clean() or {}
        if not self.errors:
            for fault in missing_of(self.meant()):
                self.add_error(None, fault)
        return told

    def meant(self) -> dict[str, str]:
        """Give the whole address, as orders keep it: parts that were empty and stay so are left as they were."""
        changed = {part: said for part, said in self.cleaned_data.items() if said != (self.written.get(part) or "")}
        return {**self.written, **changed}


_FILLED_BY: Final = {  # as browsers call the parts of an address that they fill in
    "name": "name", "line1": "address-line1", "line2": "address-line2", "postcode": "postal-code",
    "city": "address-level2", "region": "address-level1", "country": "country-name",
}  # fmt: skip
