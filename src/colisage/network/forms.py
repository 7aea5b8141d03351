"""What people type about a node, its zones and bins, and about a sales channel."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, Final
from zoneinfo import available_timezones

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from colisage.kit.errors import Refused
from colisage.kit.gs1.identifiers import is_gln
from colisage.kit.money import exponent
from colisage.kit.tabular.names import country_code
from colisage.network.actions.change_node import NotAGln
from colisage.network.models import ZoneKind
from colisage.network.queries.aisles import AisleRow
from colisage.network.rules import (
    FAR_MM,
    HIGHEST,
    LAST_BAY,
    LONGEST_BAY_MM,
    MOST_BAYS,
    MOST_GRAMS,
    MOST_LEVELS,
    MOST_MM3,
    AislePattern,
    NewBin,
    aisle_code,
    floor_code,
)
from colisage.ui.amounts import AmountField
from colisage.ui.seen import SeenForm

_LITRE_MM3: Final = 1_000_000
ADDRESS: Final = ("line1", "line2", "postcode", "city", "region", "country", "phone")


@cache
def _timezones() -> list[tuple[str, str]]:
    """Give the timezones of places, which people know, without the technical ones."""
    places = [name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/"))]
    return [(name, name.replace("_", " ")) for name in sorted(places)]


def _code(typed: str, *, read: Callable[[str], str] = floor_code) -> str:
    try:
        return read(typed)
    except Refused as refusal:
        raise forms.ValidationError(str(refusal)) from refusal


class ClosureForm(forms.Form):
    """A day on which a node does not work."""

    day = forms.DateField(label=_("Closed on"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label=_("Why"), max_length=80, required=False)


class NodeForm(forms.Form):
    """What a node is called, where it stands, and when it works."""

    name = forms.CharField(label=_("Name"), max_length=120)
    line1 = forms.CharField(label=_("Street and number"), max_length=100)
    line2 = forms.CharField(label=_("Address, continued"), max_length=100, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=12)
    city = forms.CharField(label=_("Town"), max_length=60)
    region = forms.CharField(label=_("Region or province"), max_length=60, required=False)
    country = forms.CharField(label=_("Country"), max_length=60, help_text=_("Its name or its two letters: FR, CA…"))
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    gln = forms.CharField(
        label=_("GLN"), max_length=30, required=False,
        help_text=_("13 digits, if the place has a number at GS1. Partners read it in EPCIS events."),
    )  # fmt: skip
    handling = AmountField(
        label=_("Cost of handling an order"), min_value=Decimal(0), max_digits=9, decimal_places=2,
        help_text=_("In the currency of the operator. It counts where nodes are compared in that currency."),
    )  # fmt: skip
    timezone = forms.ChoiceField(label=_("Timezone"))
    cutoff = forms.TimeField(
        label=_("Daily cut-off"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("On the clock of the node. What is accepted before leaves the same day."),
    )
    working_days = forms.MultipleChoiceField(
        label=_("Days it works"),
        choices=[(str(day + 1), name) for day, name in WEEKDAYS.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one working day.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = _timezones()
        own = str(self.initial.get("timezone", ""))
        extra = [(own, own)] if own and own not in dict(known) else []
        self.fields["timezone"].choices = [*extra, *known]  # type: ignore[attr-defined]

    def clean_country(self) -> str:
        """Give the two letters of the country."""
        try:
            return country_code(self.cleaned_data["country"])
        except ValueError as unknown:
            raise forms.ValidationError(
                _("There is no country “%(name)s”. Write its name or its two letters.")
                % {"name": self.cleaned_data["country"]}
            ) from unknown

    def clean_gln(self) -> str:
        """Give the digits without the spaces they are printed with; refuse what has no right check digit."""
        gln = "".join(str(self.cleaned_data["gln"]).split())
        if gln and not is_gln(gln):
            raise forms.ValidationError(NotAGln.text % {"gln": gln})
        return gln

    def facts(self, *, currency: str) -> dict[str, Any]:
        """Give what was typed as the facts of a node whose operator tells its costs in a currency."""
        told = self.cleaned_data
        return {
            "name": told["name"],
            "address": {key: told[key] for key in ADDRESS},
            "timezone": told["timezone"],
            "cutoff": told["cutoff"],
            "working_days": [int(day) for day in told["working_days"]],
            "gln": told["gln"],
            "handling_cents": round(told["handling"].scaleb(exponent(currency))),
        }


class NewNodeForm(NodeForm):
    """A node that is not there yet."""

    operator = forms.TypedChoiceField(label=_("Operator"), coerce=int)
    code = forms.CharField(label=_("Short code"), max_length=20)
    merchants = forms.TypedMultipleChoiceField(
        label=_("It serves"), coerce=int, widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(
        self, *args: Any, operators: list[tuple[int, str]], merchants: list[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["operator"].choices = operators  # type: ignore[attr-defined]
        self.fields["merchants"].choices = merchants  # type: ignore[attr-defined]


class ZoneForm(forms.Form):
    """A zone of a node."""

    code = forms.CharField(label=_("Code"), max_length=20)
    kind = forms.ChoiceField(label=_("What it is for"), choices=ZoneKind.choices)

    def clean_code(self) -> str:
        """Write the code in capitals."""
        return _code(self.cleaned_data["code"])


class _Bins(forms.Form):
    """What one bin and a whole aisle have in common."""

    zone = forms.TypedChoiceField(label=_("Zone"), coerce=int)
    x_mm = forms.IntegerField(label=_("x, in millimetres"), min_value=-FAR_MM, max_value=FAR_MM)
    y_mm = forms.IntegerField(label=_("y, in millimetres"), min_value=-FAR_MM, max_value=FAR_MM)
    litres = forms.IntegerField(
        label=_("Room in a bin, in litres"), min_value=1, max_value=MOST_MM3 // _LITRE_MM3, required=False,
        help_text=_("Empty: no limit known."),
    )  # fmt: skip
    max_kg = forms.IntegerField(
        label=_("What a bin bears, in kilograms"), min_value=1, max_value=MOST_GRAMS // 1_000, required=False,
        help_text=_("Empty: no limit known."),
    )  # fmt: skip

    def __init__(self, *args: Any, zones: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"].choices = zones  # type: ignore[attr-defined]

    def limits(self) -> dict[str, Any]:
        """Give what a bin holds, in our units."""
        litres, kilograms = self.cleaned_data["litres"], self.cleaned_data["max_kg"]
        return {
            "volume_mm3": litres * _LITRE_MM3 if litres else None,
            "max_grams": kilograms * 1_000 if kilograms else None,
        }


class BinForm(_Bins):
    """One bin."""

    code = forms.CharField(label=_("Code"), max_length=30, help_text=_("Aisle, bay, level: A-01-1"))
    level = forms.IntegerField(label=_("Level, from the floor"), min_value=1, max_value=HIGHEST, initial=1)
    field_order = ("zone", "code", "x_mm", "y_mm", "level", "litres", "max_kg")

    def clean_code(self) -> str:
        """Write the code in capitals."""
        return _code(self.cleaned_data["code"])

    def bins(self) -> list[NewBin]:
        """Give the bin that was typed."""
        told = self.cleaned_data
        return [NewBin(code=told["code"], x_mm=told["x_mm"], y_mm=told["y_mm"], level=told["level"], **self.limits())]


class BinChangeForm(forms.Form):
    """Another code on a bin, or another place along the walk."""

    code = forms.CharField(label=_("Code"), max_length=30, help_text=_("Aisle, bay, level: A-01-1"))
    after = forms.CharField(
        label=_("Along the walk it comes after"), max_length=30, required=False,
        help_text=_("The code of a bin. Empty: it is the first that pickers pass."),
    )  # fmt: skip

    def clean_code(self) -> str:
        """Write the code in capitals."""
        return _code(self.cleaned_data["code"])


class WalkForm(forms.Form):
    """The order of aisles along the walk: a number for each, and whether it is turned."""

    def __init__(self, *args: Any, aisles: Sequence[AisleRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.aisles = aisles
        for place, one in enumerate(aisles, 1):
            self.fields[f"place-{one.name}"] = forms.IntegerField(
                label=_("Place of aisle %(aisle)s") % {"aisle": one.name}, min_value=0, max_value=9_999, initial=place
            )
            self.fields[f"turned-{one.name}"] = forms.BooleanField(
                label=_("Walk aisle %(aisle)s the other way") % {"aisle": one.name}, required=False
            )

    def rows(self) -> Iterator[tuple[AisleRow, forms.BoundField, forms.BoundField]]:
        """Give each aisle with its fields."""
        for one in self.aisles:
            yield one, self[f"place-{one.name}"], self[f"turned-{one.name}"]

    def order(self) -> list[tuple[str, bool]]:
        """Give the aisles in the order of their numbers; of two with one number that which stood first."""
        told = self.cleaned_data
        names = sorted((one.name for one in self.aisles), key=lambda name: told[f"place-{name}"])
        return [(name, told[f"turned-{name}"]) for name in names]


class AisleForm(_Bins):
    """A whole aisle, by its pattern."""

    aisle = forms.CharField(label=_("Aisle"), max_length=6, help_text=_("The beginning of its codes: A, B2…"))
    first_bay = forms.IntegerField(label=_("Number of the first bay"), min_value=0, max_value=LAST_BAY, initial=1)
    bays = forms.IntegerField(label=_("Bays"), min_value=1, max_value=MOST_BAYS, initial=10)
    levels = forms.IntegerField(label=_("Levels"), min_value=1, max_value=MOST_LEVELS, initial=4)
    bay_mm = forms.IntegerField(
        label=_("From one bay to the next, in millimetres"), min_value=1, max_value=LONGEST_BAY_MM, initial=1_200
    )
    along = forms.ChoiceField(
        label=_("The aisle runs along"), choices=[("y", _("y, down the plan")), ("x", _("x, across the plan"))]
    )
    from_far_end = forms.BooleanField(
        label=_("The walk enters it by the last bay"),
        required=False,
        help_text=_("For every second aisle, when pickers go up one and down the next."),
    )
    field_order = (
        "zone", "aisle", "first_bay", "bays", "levels", "x_mm", "y_mm", "bay_mm", "along", "from_far_end", "litres",
        "max_kg",
    )  # fmt: skip

    def clean_aisle(self) -> str:
        """Write the aisle in capitals: one part of a code."""
        return _code(self.cleaned_data["aisle"], read=aisle_code)

    def pattern(self) -> AislePattern:
        """Give the pattern that was typed."""
        told = self.cleaned_data
        names = ("aisle", "bays", "levels", "x_mm", "y_mm", "bay_mm", "along", "first_bay", "from_far_end")
        return AislePattern(**{name: told[name] for name in names}, **self.limits())


class ChannelForm(SeenForm):
    """A channel's name, and whether orders come through it."""

    name = forms.CharField(label=_("Name"), max_length=80)
    active = forms.BooleanField(label=_("Orders may come through it"), required=False)
