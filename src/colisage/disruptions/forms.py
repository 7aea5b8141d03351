"""What people type about a disruption."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from colisage.disruptions.problem import LONGEST_DELAY
from colisage.network.queries.disruptions import DisruptionEffect

Choices = Sequence[tuple[str, str]]


def _day() -> forms.DateInput:
    """Give a field of a day, written as browsers read it in any language."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class WordsForm(forms.Form):
    """The last day of a disruption, and why, in the languages of customers."""

    ends_on = forms.DateField(
        label=_("Last day"), widget=_day(), required=False,
        help_text=_("Empty: until further notice."),
    )  # fmt: skip
    cause_fr = forms.CharField(label=_("Why, in French"), max_length=300, required=False)
    cause_en = forms.CharField(label=_("Why, in English"), max_length=300, required=False)

    def cause(self) -> dict[str, str]:
        """Give what was written, by language."""
        told = {language: self.cleaned_data[f"cause_{language}"].strip() for language in ("fr", "en")}
        return {language: text for language, text in told.items() if text}

    def clean(self) -> dict[str, Any]:
        """Ask for words in one language at least."""
        told: dict[str, Any] = super().clean() or {}
        if not told.get("cause_fr") and not told.get("cause_en"):
            self.add_error("cause_fr", _("Say why, in one language at least."))
        return told


class DisruptionForm(WordsForm):
    """A disruption that is to be declared."""

    owner = forms.ChoiceField(label=_("For which orders"))
    what = forms.ChoiceField()
    countries = forms.CharField(
        label=_("Countries"), max_length=200, required=False, help_text=_("With commas: CH, Italy…")
    )
    prefixes = forms.CharField(
        label=_("Postcodes that begin with"), max_length=200, required=False,
        help_text=_("With commas: 20, 97… Empty: everywhere there."),
    )  # fmt: skip
    effect = forms.ChoiceField(label=_("What becomes of the orders"), choices=DisruptionEffect.choices, initial="hold")
    delay_days = forms.IntegerField(
        label=_("Promised days move by so many days"), min_value=1, max_value=LONGEST_DELAY, required=False,
        help_text=_("Only when a later day is promised."),
    )  # fmt: skip
    tells = forms.BooleanField(label=_("Tell the customers by e-mail"), required=False, initial=True)
    starts_on = forms.DateField(label=_("First day"), widget=_day())

    def __init__(self, *args: Any, kind: str, owners: Choices, label: str, things: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind != "lane":
            del self.fields["countries"], self.fields["prefixes"]
        self.fields["what"].required = kind != "lane"
        self.fields["owner"].choices = owners  # type: ignore[attr-defined]
        self.fields["what"].choices = things  # type: ignore[attr-defined]
        self.fields["what"].label = label

    def facts(self) -> dict[str, Any]:
        """Give what was typed, as a disruption is told."""
        told = self.cleaned_data
        names = ("what", "starts_on", "ends_on", "effect", "delay_days", "tells")
        lists = {name: told.get(name, "").replace(";", ",").split(",") for name in ("countries", "prefixes")}
        return {**{name: told[name] for name in names}, **lists, "cause": self.cause()}

    def party(self) -> tuple[int | None, int | None]:
        """Give whose it is: a merchant's id, or an operator's."""
        kind, _colon, pk = self.cleaned_data["owner"].partition(":")
        return (int(pk), None) if kind == "merchant" else (None, int(pk))
