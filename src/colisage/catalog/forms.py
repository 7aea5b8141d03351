"""What people type about SKUs."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from colisage.catalog.models import Rotation, Sku, SkuKind
from colisage.catalog.rules import (
    CONTROL,
    MOST_CENTS,
    MOST_DAYS,
    MOST_GRAMS,
    MOST_MM,
    Counted,
    counted,
    counted_text,
    is_mistyped_gtin,
)
from colisage.kit.gs1.units import is_company_prefix, most_serial
from colisage.kit.money import cents, decimal
from colisage.kit.tabular import EmptyFile
from colisage.kit.tabular.names import country_code
from colisage.network.queries.storing import storage_types
from colisage.ui import words
from colisage.ui.amounts import AmountField


def _counted(text: str, *, longest: int) -> list[Counted]:
    try:
        return counted(text.splitlines(), longest=longest)
    except ValueError as error:
        raise forms.ValidationError(
            _("Write one code on each line, once, with × and a number where it is several.")
        ) from error


def _size(label: Any, most: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=most, required=False)


def _storages() -> list[tuple[int, str]]:
    return [(pk, name) for pk, _code, name in storage_types()]


class SkuForm(forms.Form):
    """A SKU: what it is called, what it weighs and measures, how it is scanned and handled."""

    code = forms.CharField(label=_("Code"), max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), choices=SkuKind.choices, initial=SkuKind.UNIT)
    name = forms.CharField(label=_("Name"), max_length=300)
    product = forms.CharField(label=_("Product, of which it is a variant"), max_length=120, required=False)
    barcodes = forms.CharField(
        label=_("Barcodes, one on each line"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("× 6 after the code of a case of six."),
    )
    recipe = forms.CharField(
        label=_("What is in it, one SKU on each line"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only of bundles and kits, such as: MUG × 2"),
    )
    grams = _size(_("Weight, g"), MOST_GRAMS)
    length_mm = _size(_("Length, mm"), MOST_MM)
    width_mm = _size(_("Width, mm"), MOST_MM)
    height_mm = _size(_("Height, mm"), MOST_MM)
    price = AmountField(label=_("Price"), min_value=0, max_digits=12, required=False)
    cost = AmountField(label=_("Cost"), min_value=0, max_digits=12, required=False)
    hs_code = forms.CharField(label=_("HS code"), max_length=12, required=False)
    origin = forms.CharField(label=_("Country of origin"), max_length=60, required=False)
    fragile = forms.BooleanField(label=_("Fragile"), required=False)
    stackable = forms.BooleanField(label=_("May carry others"), required=False, initial=True)
    keep_upright = forms.BooleanField(label=_("Keep upright"), required=False)
    hazardous = forms.BooleanField(label=_("Hazardous"), required=False)
    digital = forms.BooleanField(label=_("Digital: nothing is sent"), required=False)
    tracks_lots = forms.BooleanField(label=_("Has lots"), required=False)
    tracks_serials = forms.BooleanField(label=_("Has serial numbers"), required=False)
    tracks_expiry = forms.BooleanField(label=_("Has an expiry date"), required=False)
    days_left = forms.IntegerField(
        label=_("Days it must still keep when it is sold"),
        min_value=0,
        max_value=MOST_DAYS,
        required=False,
        help_text=_("With fewer days before its date, a unit is no longer sold."),
    )
    rotation = forms.ChoiceField(label=_("Which units leave first"), choices=Rotation.choices, initial=Rotation.FIFO)
    storage = forms.TypedChoiceField(
        label=_("How it is kept"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_(
            "Put-away takes it only to bins made for that. As usual: ambient, or hazardous where that is ticked."
        ),
    )
    active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(
        self, *args: Any, currency: str, kind: str = "", known_codes: Collection[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.currency, self.known_kind, self.known_codes = currency, kind, known_codes
        if isinstance(storage := self.fields["storage"], forms.ChoiceField):
            storage.choices = [("", _("as usual")), *_storages()]
        if kind:  # a known SKU: stock and orders know it by these
            del self.fields["code"], self.fields["kind"]

    def only_show(self) -> None:
        """Let nothing be typed."""
        for field in self.fields.values():
            field.disabled = True

    def clean_code(self) -> str:
        """Refuse what a label cannot show."""
        code: str = self.cleaned_data["code"]
        if CONTROL.search(code):
            raise forms.ValidationError(_("A code is one line of text."))
        return code

    def clean_barcodes(self) -> list[Counted]:
        """Read the barcodes, and refuse one that was mistyped; one that is known already is right."""
        found = _counted(self.cleaned_data["barcodes"], longest=80)
        for code, _units in found:
            if code not in self.known_codes and is_mistyped_gtin(code):
                raise forms.ValidationError(_("The last digit of %(code)s does not fit the others.") % {"code": code})
        return found

    def clean_recipe(self) -> list[Counted]:
        """Read the recipe."""
        return _counted(self.cleaned_data["recipe"], longest=100)

    def clean(self) -> dict[str, Any]:
        """Ask for the recipe of a bundle or kit, and of nothing else; a date is one of a lot or of a unit."""
        told: dict[str, Any] = super().clean() or {}
        is_made = (self.known_kind or told.get("kind")) in {SkuKind.BUNDLE, SkuKind.KIT}
        if is_made and not told.get("recipe") and "recipe" not in self.errors:
            self.add_error("recipe", _("Say what is in it."))
        elif told.get("recipe") and not is_made:
            self.add_error("recipe", _("Only bundles and kits have a recipe."))
        if told.get("tracks_expiry") and not (told.get("tracks_lots") or told.get("tracks_serials")):
            self.add_error("tracks_expiry", _("A date belongs to a lot or to a unit: tick lots or serial numbers too."))
        return told

    def clean_origin(self) -> str:
        """Read a country, by its code or its name."""
        text = self.cleaned_data["origin"].strip()
        try:
            return country_code(text) if text else ""
        except ValueError as error:
            raise forms.ValidationError(_("No country has this name. Use two letters, such as FR.")) from error

    def clean_days_left(self) -> int:
        """Take nothing for no days."""
        return self.cleaned_data["days_left"] or 0

    def clean_price(self) -> int:
        """Read the price into minor units."""
        return self._cents(self.cleaned_data["price"])

    def clean_cost(self) -> int:
        """Read the cost into minor units."""
        return self._cents(self.cleaned_data["cost"])

    def _cents(self, value: Decimal | None) -> int:
        try:
            found = cents(value or Decimal(0), currency=self.currency)
        except ValueError as error:
            raise forms.ValidationError(_("This currency has fewer decimals.")) from error
        if found > MOST_CENTS:
            raise forms.ValidationError(_("This is too much."))
        return found

    def facts(self) -> dict[str, Any]:
        """Give the fields of the SKU itself."""
        told = dict(self.cleaned_data)
        told["price_cents"], told["cost_cents"] = told.pop("price"), told.pop("cost")
        told["storage_id"] = told.pop("storage")
        return {name: value for name, value in told.items() if name not in {"code", "kind", "barcodes", "recipe"}}


def initial_of(sku: Sku, *, barcodes: Sequence[Counted], recipe: Sequence[Counted], currency: str) -> dict[str, Any]:
    """Give what the form of a known SKU begins with."""
    told = {name: getattr(sku, name) for name in SkuForm.base_fields if hasattr(sku, name)}
    return {
        **told,
        **{name: getattr(sku, name) or None for name in ("grams", "length_mm", "width_mm", "height_mm")},
        "storage": sku.storage_id or "",
        "price": decimal(sku.price_cents, currency=currency),
        "cost": decimal(sku.cost_cents, currency=currency),
        "barcodes": counted_text(barcodes),
        "recipe": counted_text(recipe),
    }


def said(verb: str, data: Mapping[str, Any], *, currency: str) -> list[str]:
    """Say what was done to a SKU, a line for each field."""
    if verb != "sku_changed":
        return [gettext("Added to the catalogue") if verb == "sku_made" else gettext("The recipe was changed")]
    lines = []
    for name, change in data.items():
        field = SkuForm.base_fields.get(name.removesuffix("_cents").removesuffix("_id"))
        if field and isinstance(change, list):
            before, after = (_word(name, value, currency=currency) for value in change)
            places = {"field": field.label, "before": before, "after": after}
            lines.append(gettext("%(field)s: %(before)s → %(after)s") % places)
    return lines


def _word(name: str, value: Any, *, currency: str) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if name.endswith("_cents"):
        return words.money(value, currency=currency)
    if name == "barcodes":
        return counted_text(list(value.items()), mark=", ") or "—"
    if name == "storage_id":
        return dict(_storages()).get(value, "—")
    return str(Rotation(value).label if name == "rotation" else "—" if value in {None, ""} else value)


class CatalogueFileForm(forms.Form):
    """A file of SKUs."""

    file = forms.FileField(label=_("File"), error_messages={"empty": EmptyFile.text})


class NumberingForm(forms.Form):
    """How somebody numbers pallets and cartons, and what the scanners send."""

    company_prefix = forms.CharField(
        label=_("GS1 company prefix"),
        required=False,
        max_length=12,
        help_text=_("6 to 12 digits, as GS1 wrote it to you. Empty: SSCC are specimens."),
    )
    extension = forms.IntegerField(
        label=_("Extension digit"),
        min_value=0,
        max_value=9,
        initial=0,
        help_text=_("The first digit of an SSCC, yours to choose."),
    )
    first = forms.IntegerField(
        label=_("First serial number"),
        required=False,
        min_value=0,
        max_value=10**10,
        help_text=_("The next SSCC has it."),
    )
    last = forms.IntegerField(
        label=_("Last serial number"),
        required=False,
        min_value=0,
        max_value=10**10,
        help_text=_("Empty: as many as fit after the prefix."),
    )
    plate_prefix = forms.CharField(
        label=_("Plate numbers begin with"),
        min_length=2,
        max_length=6,
        initial="LPN",
        help_text=_("For plates that stay in the house: two to six letters."),
    )
    separator = forms.CharField(
        label=_("The scanners send in the place of FNC1"),
        required=False,
        max_length=8,
        strip=False,
        help_text=_("Empty: GS (ASCII 29). The signs | ~ ^ # and {GS} are understood anyway."),
    )

    def clean_plate_prefix(self) -> str:
        """Give it in capitals."""
        return str(self.cleaned_data["plate_prefix"]).upper()

    def told(self) -> dict[str, Any]:
        """Give what is said, with what follows from it."""
        said = self.cleaned_data
        prefix = said["company_prefix"]
        most = most_serial(prefix) if is_company_prefix(prefix) else 0
        return {**said, "first": said["first"] or 0, "last": most if said["last"] is None else said["last"]}
