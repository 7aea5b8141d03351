"""What people type about SKUs."""

import re
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from colisage.catalog.models import Rotation, Sku, SkuKind
from colisage.catalog.rules import MOST_CENTS, MOST_GRAMS, MOST_MM, MOST_UNITS, is_mistyped_gtin
from colisage.kit.money import cents, decimal
from colisage.kit.tabular.names import country_code

_COUNTED: Final = re.compile(r"(?P<code>.+?)\s*(?:[×*]\s*(?P<units>\d{1,7}))?", re.ASCII)


def _counted(text: str) -> list[tuple[str, int]]:
    """Read lines such as `MUG × 2`; without a number it is one. Raises `ValidationError`."""
    found: dict[str, int] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        match = _COUNTED.fullmatch(line)
        if match is None or len(match["code"]) > 80 or not 0 < int(match["units"] or 1) <= MOST_UNITS:
            raise forms.ValidationError(_("Write one code on each line, with × and a number where it is several."))
        found[match["code"]] = int(match["units"] or 1)
    return list(found.items())


def counted_text(pairs: list[tuple[str, int]]) -> str:
    """Write codes with their units, a line each."""
    return "\n".join(code if units == 1 else f"{code} × {units}" for code, units in pairs)


def _size(label: Any, most: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=most, required=False)


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
    price = forms.DecimalField(label=_("Price"), min_value=0, max_digits=12, required=False, localize=True)
    cost = forms.DecimalField(label=_("Cost"), min_value=0, max_digits=12, required=False, localize=True)
    hs_code = forms.CharField(label=_("HS code"), max_length=12, required=False)
    origin = forms.CharField(label=_("Country of origin"), max_length=60, required=False)
    fragile = forms.BooleanField(label=_("Fragile"), required=False)
    stackable = forms.BooleanField(label=_("May carry others"), required=False, initial=True)
    keep_upright = forms.BooleanField(label=_("Keep upright"), required=False)
    hazardous = forms.BooleanField(label=_("Hazardous"), required=False)
    digital = forms.BooleanField(label=_("Digital: nothing is sent"), required=False)
    tracks_lots = forms.BooleanField(label=_("Has lots"), required=False)
    tracks_expiry = forms.BooleanField(label=_("Has an expiry date"), required=False)
    rotation = forms.ChoiceField(label=_("Which units leave first"), choices=Rotation.choices, initial=Rotation.FIFO)
    active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, *args: Any, currency: str, known: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        if known:  # stock and orders know it by these
            del self.fields["code"], self.fields["kind"]

    def clean_barcodes(self) -> list[tuple[str, int]]:
        """Read the barcodes, and refuse one that was mistyped."""
        found = _counted(self.cleaned_data["barcodes"])
        wrong = next((code for code, _units in found if is_mistyped_gtin(code)), None)
        if wrong:
            raise forms.ValidationError(_("The last digit of %(code)s does not fit the others.") % {"code": wrong})
        return found

    def clean_recipe(self) -> list[tuple[str, int]]:
        """Read the recipe."""
        return _counted(self.cleaned_data["recipe"])

    def clean_origin(self) -> str:
        """Read a country, by its code or its name."""
        text = self.cleaned_data["origin"].strip()
        try:
            return country_code(text) if text else ""
        except ValueError as error:
            raise forms.ValidationError(_("No country has this name. Use two letters, such as FR.")) from error

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
        return {name: value for name, value in told.items() if name not in {"code", "kind", "barcodes", "recipe"}}


def initial_of(sku: Sku, *, barcodes: list[tuple[str, int]], recipe: list[tuple[str, int]], currency: str) -> Any:
    """Give what the form of a known SKU begins with."""
    told = {name: getattr(sku, name) for name in SkuForm.base_fields if hasattr(sku, name)}
    return {
        **told,
        "price": decimal(sku.price_cents, currency=currency),
        "cost": decimal(sku.cost_cents, currency=currency),
        "barcodes": counted_text(barcodes),
        "recipe": counted_text(recipe),
    }


class CatalogueFileForm(forms.Form):
    """A file of SKUs."""

    file = forms.FileField(label=_("File"))
