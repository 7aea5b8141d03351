"""What people type to change and hold orders."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import zip_longest
from typing import Any, Final

from django import forms
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from colisage.desk.queries.changes import ADDRESS_PARTS, CHANGE_REASONS, Changeable
from colisage.kit.money import cents
from colisage.kit.tabular.names import country_code
from colisage.orders.queries.holds import KINDS_BY_HAND, HoldKind
from colisage.orders.queries.turns import Criterion, TurnKind, turns_mark
from colisage.ui.amounts import AmountField
from colisage.ui.seen import SeenForm

MOST_UNITS: Final = 1_000_000
MOST_TAGS: Final = 10
LONGEST_TAG: Final = 80  # as over the API
_LABELS: Final = {
    "name": _("Name"),
    "company": _("Company"),
    "line1": _("Address"),
    "line2": _("Address, second line"),
    "postcode": _("Postcode"),
    "city": _("Town"),
    "region": _("Region"),
    "country": _("Country"),
    "phone": _("Phone"),
}


class HoldForm(forms.Form):
    """Why orders wait, and until when."""

    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS_BY_HAND, initial=HoldKind.MANUAL)
    reason = forms.CharField(label=_("Reason"), max_length=60, required=False)
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The last day; the hold ends by itself the morning after. Empty: until somebody releases it."),
    )  # fmt: skip
    owner = forms.ChoiceField(
        label=_("Who decides"), choices=[("me", _("I do")), ("", _("whoever comes first"))], required=False
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_until(self) -> date | None:
        """Ask for a day that is not over."""
        until: date | None = self.cleaned_data["until"]
        if until and until < self.today:
            raise forms.ValidationError(_("This day is over."))
        return until

    def hold(self) -> dict[str, Any]:
        """Give what `set_hold` asks for."""
        told = self.cleaned_data
        return {
            "kind": told["kind"],
            "reason": told["reason"] or gettext("asked for by hand"),
            "until": told["until"],
            "owned": told["owner"] == "me",
        }


class ChangeForm(forms.Form):
    """How an order shall look; what is as the page showed it is not asked for."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=32_767)
    email = forms.EmailField(label=_("E-mail"), max_length=300, required=False)
    shipping_method = forms.CharField(label=_("Delivery chosen"), max_length=300, required=False)
    promised_on = forms.DateField(
        label=_("Promised on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    wanted_on = forms.DateField(
        label=_("Wanted day of delivery"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    gift_note = forms.CharField(
        label=_("Gift note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    customer_note = forms.CharField(
        label=_("Customer’s note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    add_sku = forms.CharField(label=_("SKU to add"), max_length=300, required=False)
    add_units = forms.IntegerField(label=_("Units"), min_value=1, max_value=MOST_UNITS, required=False)
    add_price = AmountField(
        label=_("Price of one"), min_value=0, max_digits=14, required=False,
        help_text=_("Empty: the price of the catalogue."),
    )  # fmt: skip
    reason = forms.ChoiceField(label=_("Why"), choices=[("", _("choose")), *CHANGE_REASONS.items()])

    def __init__(self, *args: Any, what: Changeable, **kwargs: Any) -> None:
        address = {f"to_{part}": what.address.get(part, "") for part in ADDRESS_PARTS}
        units = {f"units_{line.id}": line.units for line in what.lines}
        kwargs["initial"] = {**what.fields, **address, **units, "seen": what.seen}
        super().__init__(*args, **kwargs)
        self.what = what
        for part in ADDRESS_PARTS:
            field = forms.CharField(label=_LABELS[part], max_length=300, required=False, disabled=bool(what.late))
            self.fields[f"to_{part}"] = field
        for name in ("shipping_method", "promised_on", "wanted_on", "gift_note", "customer_note"):
            self.fields[name].disabled = bool(what.late)
        for line in what.lines:
            most = MOST_UNITS if what.may_grow else line.units
            self.fields[f"units_{line.id}"] = forms.IntegerField(
                label=_("Units"), min_value=line.stuck, max_value=most, disabled=line.stuck >= most
            )

    def rows(self) -> list[dict[str, Any]]:
        """Give the lines with their fields, as the page draws them."""
        return [{"line": line, "field": self[f"units_{line.id}"]} for line in self.what.lines]

    def address(self) -> Sequence[forms.BoundField]:
        """Give the fields of the address."""
        return [self[f"to_{part}"] for part in ADDRESS_PARTS]

    def clean_to_country(self) -> str:
        """Read a country by name or by its two letters."""
        text = str(self.cleaned_data["to_country"]).strip()
        if text == self.what.address.get("country", ""):
            return text
        try:
            return str(country_code(text)) if text else ""
        except ValueError as error:
            raise forms.ValidationError(_("This country is not known.")) from error

    def clean_add_price(self) -> int | None:
        """Read the price into minor units."""
        price = self.cleaned_data["add_price"]
        if price is None:
            return None
        try:
            return cents(price, currency=self.what.currency)
        except ValueError as error:
            raise forms.ValidationError(_("This currency has fewer decimals.")) from error

    def clean(self) -> dict[str, Any]:
        """Ask for a SKU where units or a price are told, and the other way round."""
        told: dict[str, Any] = super().clean() or {}
        if bool(told.get("add_sku")) != bool(told.get("add_units")) and not self.errors:
            self.add_error("add_units", _("Say which SKU, and how many units."))
        return told

    def asked(self) -> dict[str, Any]:
        """Give what differs from what the page showed: the fields of a wish, without added lines."""
        told = self.cleaned_data
        wish: dict[str, Any] = {
            name: told[name]
            for name in ("email", "shipping_method", "promised_on", "wanted_on", "gift_note", "customer_note")
            if told[name] != self.what.fields[name]
        }
        wish["cleared"] = frozenset(name for name, value in wish.items() if value is None)
        address: Mapping[str, Any] = {part: told[f"to_{part}"] for part in ADDRESS_PARTS}
        if any(value != self.what.address.get(part, "") for part, value in address.items()):
            wish["ship_to"] = {**self.what.address, **address}
        wish["quantities"] = {
            line.id: told[f"units_{line.id}"] for line in self.what.lines if told[f"units_{line.id}"] != line.units
        }
        return wish


class TurnsForm(SeenForm):
    """What puts waiting orders before others, the first row first; a row has the one field that its choice asks for."""

    ROWS: Final = 5
    ASKS: Final = {  # the field that a choice has, what it is called, and what is said when it is empty
        "express": ("words", _("Words of the delivery, with commas between them"), _("Say which words are meant.")),
        "tag": ("words", _("Which tag"), _("Say which tag is meant.")),
        "channel": ("channel", _("Which channel"), _("Say which channel is meant.")),
    }

    def __init__(self, data: Any, *, kept: Sequence[Criterion], channels: Sequence[tuple[str, str]]) -> None:
        super().__init__(data, shown={}, mark=turns_mark(kept))
        self.channels = dict(channels)
        for n in range(self.ROWS):
            one = kept[n] if n < len(kept) else Criterion("")
            kind = str(self.data.get(f"kind_{n}", "")) if self.is_bound else one.kind
            name, label, _missing = self.ASKS.get(kind, ("", "", ""))
            self.fields[f"kind_{n}"] = forms.ChoiceField(
                label=self._label(n), required=False, initial=one.kind,
                choices=[("", pgettext_lazy("turn", "nothing more")), *TurnKind.choices],
            )  # fmt: skip
            if name == "words":
                self.fields[f"words_{n}"] = forms.CharField(
                    label=label, max_length=200, required=False, initial=one.value
                )
            elif name == "channel":
                self.fields[f"channel_{n}"] = forms.ChoiceField(
                    label=label, required=False, choices=[("", "—"), *channels], initial=one.value
                )

    @classmethod
    def drawn(cls, data: Mapping[str, str], *, channels: Sequence[tuple[str, str]]) -> "TurnsForm":
        """Draw what was chosen so far, each row with the field of its choice; nothing is judged yet."""
        chosen = [str(data.get(f"kind_{n}", "")) for n in range(cls.ROWS)]
        fields = [cls.ASKS.get(kind, ("",))[0] for kind in chosen]
        said = [str(data.get(f"{name}_{n}", ""))[:200] for n, name in enumerate(fields)]
        kept = [Criterion(kind, value) for kind, value in zip(chosen, said, strict=True)]
        form = cls(None, kept=kept, channels=channels)
        form.seen = str(data.get("seen", ""))  # of what was kept when the page was made
        form.told = "told" in data
        return form

    def rows(self) -> list[dict[str, forms.BoundField | None]]:
        """Give the fields row by row, as the page draws them: those that are chosen, and one more."""
        names = [self.ASKS.get(str(self[f"kind_{n}"].value() or ""), ("",))[0] for n in range(self.ROWS)]
        last = max((n for n in range(self.ROWS) if self[f"kind_{n}"].value()), default=-1)
        return [
            {"kind": self[f"kind_{n}"], "value": self[f"{name}_{n}"] if name else None}
            for n, name in enumerate(names[: last + 2])
        ]

    def stands(self, kept: Sequence[Criterion]) -> list[tuple[str, str]]:
        """Give the rows that stand otherwise than they were typed, in words; all where what was typed is not valid."""
        if not self.is_valid():
            return [(self._label(n), self._said(one)) for n, one in enumerate(kept or [None])]
        pairs = zip_longest(kept, self.criteria())
        return [(self._label(n), self._said(one)) for n, (one, typed) in enumerate(pairs) if one != typed]

    def _label(self, n: int) -> str:
        return gettext("%(n)s. By") % {"n": n + 1}

    def _said(self, one: Criterion | None) -> str:
        if one is None:
            return pgettext("turn", "nothing more")
        value = self.channels.get(one.value, one.value) if one.kind == "channel" else one.value
        kind = str(TurnKind(one.kind).label)
        return f"{kind} ({value})" if value else kind

    def clean(self) -> dict[str, Any]:
        """Ask for the tag, the words or the channel that a row is about."""
        told: dict[str, Any] = super().clean() or {}
        for n in range(self.ROWS):
            name, _label, missing = self.ASKS.get(told.get(f"kind_{n}", ""), ("", "", ""))
            if name and f"{name}_{n}" not in self.errors and not str(told.get(f"{name}_{n}") or "").strip():
                self.add_error(f"{name}_{n}", missing)
        return told

    def criteria(self) -> list[Criterion]:
        """Give what was chosen, the first first; a row of nothing is none."""
        told = self.cleaned_data
        rows = [(n, told[f"kind_{n}"]) for n in range(self.ROWS)]
        asks = [(n, kind, self.ASKS.get(kind, ("",))[0]) for n, kind in rows if kind]
        return [Criterion(kind, str(told[f"{name}_{n}"]).strip() if name else "") for n, kind, name in asks]


class TagForm(forms.Form):
    """The tags that orders get or lose."""

    tags = forms.CharField(
        label=pgettext_lazy("orders", "Tags"),
        max_length=200,
        help_text=_("One, or several with commas between them. Capitals do not matter."),
    )

    def clean_tags(self) -> list[str]:
        """Read the tags, each once."""
        told = [" ".join(tag.split()) for tag in str(self.cleaned_data["tags"]).split(",")]
        tags = list({tag.casefold(): tag for tag in told if tag}.values())
        if not tags or len(tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in tags):
            raise forms.ValidationError(
                _("Say from 1 to %(most)s tags of at most %(longest)s letters each."),
                params={"most": MOST_TAGS, "longest": LONGEST_TAG},
            )
        return tags


class ViewForm(forms.Form):
    """The name of a saved view, and whether colleagues see it."""

    name = forms.CharField(max_length=40)
    shared = forms.BooleanField(required=False)
