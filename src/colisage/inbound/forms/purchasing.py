"""What people type about suppliers and purchase orders."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from babel.core import get_global
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from colisage.inbound.forms.typed import typed_lines
from colisage.inbound.models import DueFrom, Supplier
from colisage.inbound.rules.purchasing import MOST_CENTS, MOST_UNITS
from colisage.inbound.rules.typed import TypedLine, as_typed
from colisage.kit.money import cents, decimal
from colisage.kit.tabular.names import country_code
from colisage.ui.amounts import AmountField

ADDRESS: Final = ("line1", "line2", "postcode", "city", "region", "country")
INCOTERMS: Final = ("EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP", "DPU", "DAP", "DDP")
LANGUAGES: Final = (("fr", "Français"), ("en", "English"))
_DAY: Final = {"type": "date"}


def money(value: Decimal | None, *, currency: str) -> int:
    """Read an amount into minor units."""
    try:
        found = cents(value or Decimal(0), currency=currency)
    except ValueError as error:
        raise forms.ValidationError(_("This currency has fewer decimals.")) from error
    if found > MOST_CENTS:
        raise forms.ValidationError(_("This is too much."))
    return found


class SupplierForm(forms.Form):
    """Who a merchant buys from, and on which terms."""

    code = forms.CharField(label=_("Code"), max_length=30)
    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    line1 = forms.CharField(label=_("Street and number"), max_length=100, required=False)
    line2 = forms.CharField(label=_("Address, continued"), max_length=100, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=12, required=False)
    city = forms.CharField(label=_("Town"), max_length=60, required=False)
    region = forms.CharField(label=_("Region or province"), max_length=60, required=False)
    country = forms.CharField(label=_("Country"), max_length=60, required=False)
    language = forms.ChoiceField(label=_("Language of documents"), choices=LANGUAGES)
    currency = forms.CharField(label=_("Currency"), max_length=3, help_text=_("Three letters: EUR, CAD, USD…"))
    lead_days = forms.IntegerField(label=_("Lead time, days"), min_value=0, max_value=1_000)
    due_days = forms.IntegerField(label=_("Payment, days"), min_value=0, max_value=365)
    due_from = forms.ChoiceField(label=pgettext_lazy("payment term", "Counted"), choices=DueFrom.choices)
    minimum = AmountField(label=_("Minimum of an order"), min_value=0, max_digits=14, required=False)
    incoterm = forms.ChoiceField(label=_("Incoterm"), choices=[("", "—"), *((i, i) for i in INCOTERMS)], required=False)
    claim_days = forms.IntegerField(label=_("Days to claim damage"), min_value=0, max_value=365)
    pays_lost = forms.BooleanField(
        label=_("Consigned goods that we lose are ours to pay"), required=False, initial=True
    )
    active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def clean_currency(self) -> str:
        """Refuse what is no currency."""
        code = str(self.cleaned_data["currency"]).upper()
        if code not in get_global("all_currencies"):
            raise forms.ValidationError(_("There is no currency “%(code)s”.") % {"code": code})
        return code

    def clean_country(self) -> str:
        """Give the two letters of the country."""
        said = self.cleaned_data["country"].strip()
        try:
            return country_code(said) if said else ""
        except ValueError as unknown:
            raise forms.ValidationError(_("There is no country “%(name)s”.") % {"name": said}) from unknown

    def clean(self) -> dict[str, Any]:
        """Read the minimum into minor units."""
        told: dict[str, Any] = super().clean() or {}
        if "currency" in told and "minimum" in told:
            try:
                told["minimum_cents"] = money(told["minimum"], currency=told["currency"])
            except forms.ValidationError as error:
                self.add_error("minimum", error)
        return told

    def facts(self) -> dict[str, Any]:
        """Give the fields of the supplier."""
        told = {name: value for name, value in self.cleaned_data.items() if name not in {*ADDRESS, "minimum"}}
        return told | {"address": {part: self.cleaned_data[part] for part in ADDRESS if self.cleaned_data[part]}}


def initial_of(supplier: Supplier) -> dict[str, Any]:
    """Give what the form of a known supplier begins with."""
    told = {name: getattr(supplier, name) for name in SupplierForm.base_fields if hasattr(supplier, name)}
    minimum = decimal(supplier.minimum_cents, currency=supplier.currency) if supplier.minimum_cents else None
    return told | {part: supplier.address.get(part, "") for part in ADDRESS} | {"minimum": minimum}


class SupplierSkuForm(forms.Form):
    """How a supplier sells a SKU."""

    sku = forms.CharField(label=_("SKU or barcode"), max_length=100)
    supplier_code = forms.CharField(label=_("The supplier’s code"), max_length=80, required=False)
    cost = AmountField(label=_("Cost of one unit"), min_value=0, max_digits=14, required=False)
    pack_units = forms.IntegerField(label=_("Units in a pack"), min_value=1, max_value=MOST_UNITS, initial=1)
    minimum_units = forms.IntegerField(label=_("Minimum, units"), min_value=1, max_value=MOST_UNITS, initial=1)
    lead_days = forms.IntegerField(label=_("Lead time, days"), min_value=0, max_value=1_000, required=False)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency

    def clean_cost(self) -> int:
        """Read the cost into minor units."""
        return money(self.cleaned_data["cost"], currency=self.currency)


class PurchaseForm(forms.Form):
    """A purchase order; its lines are typed one a line, or pasted from a spreadsheet."""

    number = forms.CharField(label=_("Order number"), max_length=40)
    supplier = forms.CharField(
        label=_("Supplier"),
        max_length=120,
        widget=forms.TextInput(attrs={"list": "suppliers", "autocomplete": "off"}),
        help_text=_("Its name or its code. A new name makes the supplier."),
    )
    node = forms.ChoiceField(label=_("To which node"))
    expected_on = forms.DateField(label=_("Expected on"), required=False, widget=forms.DateInput(attrs=_DAY))
    lines = forms.CharField(
        label=_("Lines"),
        max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "One SKU a line, then the units: MUG-BLEU 24. With cost and day: MUG-BLEU; 24; 7.20; 2026-12-04. "
            "The supplier’s codes and barcodes do as well, and lines pasted from a spreadsheet."
        ),
    )
    note = forms.CharField(
        label=_("Note to the supplier"), max_length=2_000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    consigned = forms.BooleanField(
        label=_("Consigned: the goods stay the supplier’s until they are sold"), required=False
    )

    def __init__(self, *args: Any, nodes: list[tuple[str, str]], currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        self.fields["node"].choices = nodes  # type: ignore[attr-defined]

    def clean_lines(self) -> list[TypedLine]:
        """Read the lines."""
        return typed_lines(self.cleaned_data["lines"], currency=self.currency)


def lines_text(lines: Iterable[TypedLine], *, currency: str) -> str:
    """Write lines as they may be typed again."""
    return "\n".join(as_typed(line, currency=currency) for line in lines)
