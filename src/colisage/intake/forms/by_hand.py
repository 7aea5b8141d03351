"""An order as a person types it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from colisage.catalog.queries import SkuFacts
from colisage.intake.forms.fields import CountryField, CurrencyField
from colisage.intake.ports import DraftAddress, DraftLine, OrderDraft
from colisage.kit.tabular.cells import amount

MOST_ROWS: Final = 100
MOST_UNITS: Final = 1_000_000
MOST_CENTS: Final = 10**12
PARTS: Final = ("line1", "line2", "postcode", "city", "region", "country")
_FIELDS_OF: Final[Mapping[str, str]] = {  # where each finding about an address is said
    "no_address": "line1",
    "no_postcode": "postcode",
    "bad_postcode": "postcode",
    "postcode_city": "postcode",
    "no_region": "region",
    "no_city": "city",
    "no_name": "customer",
    "unknown_country": "country",
}


_OFFERS: Final = {
    "list": "skus",
    "autocomplete": "off",
    "hx-get": reverse_lazy("order-new-skus"),
    "hx-trigger": "input changed delay:250ms",
    "hx-target": "#skus",
}


def _text(label: Any, *, longest: int = 300, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, required=False, **kwargs)


def _amount(label: Any) -> forms.CharField:
    """Ask for an amount, with a point or a comma; `clean` reads it, since it knows the currency."""
    return forms.CharField(
        label=label, max_length=20, required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )


class HandOrderForm(forms.Form):
    """An order by hand: whose, where to, what, for how much. `token` is made with the page: sent twice it is once."""

    token = forms.RegexField(r"[A-Za-z0-9_-]{16,40}", widget=forms.HiddenInput)
    rows = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MOST_ROWS)
    channel = forms.ChoiceField(label=_("Sales channel"))
    number = _text(_("Order number"), longest=100, help_text=_("Empty: it gets one."))
    customer = _text(_("Name"))
    company = _text(_("Company"))
    email = forms.EmailField(label=_("E-mail"), max_length=300, required=False)
    phone = _text(_("Phone"), longest=60)
    language = forms.ChoiceField(label=_("Language"), choices=[("fr", _("French")), ("en", _("English"))])
    purchase_reference = _text(_("Reference of their purchase order"), help_text=_("Of a firm; on the packing slip."))
    wanted_on = forms.DateField(
        label=_("Wanted day of delivery"), required=False, help_text=_("Empty: as soon as it can be."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    line1 = _text(_("Address"))
    line2 = _text(_("Address, second line"))
    postcode = _text(_("Postcode"), longest=30)
    city = _text(_("Town"))
    region = _text(_("Region"))
    country = CountryField(label=_("Country"), max_length=300, required=False)
    sure = forms.BooleanField(
        label=_("Take the address as it is written; it waits until somebody has confirmed it"), required=False
    )
    currency = CurrencyField(label=_("Currency"), max_length=3, required=False)
    shipping = _amount(_("Carriage"))
    discount = _amount(_("Discount of the order"))
    shipping_method = _text(_("Delivery chosen"))
    gift_note = _text(_("Gift note"), longest=2000, widget=forms.Textarea(attrs={"rows": 2}))
    customer_note = _text(_("Customer’s note"), longest=2000, widget=forms.Textarea(attrs={"rows": 2}))
    payment = forms.ChoiceField(
        label=_("Payment"),
        choices=[
            ("paid", _("paid")),
            ("pending", _("awaited: the order waits for it")),
            ("authorized", _("on delivery, or by invoice")),
        ],
    )
    hold = _text(_("Hold it, because"), longest=60, help_text=_("Empty: it goes its way."))

    def __init__(self, *args: Any, channels: Sequence[tuple[str, str]], home: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.home = home  # the merchant's own currency: prices of the catalogue are in it
        self.fields["channel"].choices = channels  # type: ignore[attr-defined]
        told = str(self.data.get("rows") or self.initial.get("rows") or 3)
        self.count = min(int(told), MOST_ROWS) if told.isascii() and told.isdecimal() and len(told) < 5 else 3
        wishes = forms.Textarea(attrs={"rows": 1})
        for n in range(self.count):
            self.fields[f"what_{n}"] = _text(_("SKU, barcode or name"), widget=forms.TextInput(attrs=_OFFERS))
            self.fields[f"units_{n}"] = forms.IntegerField(
                label=_("Units"), min_value=1, max_value=MOST_UNITS, required=False
            )
            self.fields[f"price_{n}"] = _amount(_("Price of one"))
            self.fields[f"off_{n}"] = _amount(_("Discount of the line"))
            self.fields[f"wish_{n}"] = _text(_("Engraving or other wish"), longest=2000, widget=wishes)

    def lines(self) -> Iterator[Mapping[str, forms.BoundField]]:
        """Give the fields of the lines, as the page draws them."""
        for n in range(self.count):
            yield {name: self[f"{name}_{n}"] for name in ("what", "units", "price", "off", "wish")}

    def wanted(self) -> dict[int, str]:
        """Give what was typed as an item, by line; lines left empty are none."""
        told = self.cleaned_data
        return {n: what for n in range(self.count) if (what := str(told.get(f"what_{n}") or "").strip())}

    def clean_currency(self) -> str:
        """Give the merchant's own where none was written."""
        return self.cleaned_data["currency"] or self.home

    def clean(self) -> dict[str, Any]:
        """Ask for a line, for units and price where the catalogue cannot tell them; read amounts in minor units."""
        told: dict[str, Any] = super().clean() or {}
        currency = told.get("currency") or self.home
        for name in [name for name in told if name in {"shipping", "discount"} or name.startswith(("price_", "off_"))]:
            self._read(name, told, currency=currency)
        for n in range(self.count):
            if not told.get(f"what_{n}") and any(told.get(f"{name}_{n}") for name in ("units", "price", "off", "wish")):
                self.add_error(f"what_{n}", _("Say which item."))
            if told.get(f"what_{n}") and told.get(f"price_{n}") is None and currency != self.home:
                self.add_error(f"price_{n}", _("The catalogue has no price in this currency."))
        if not self.wanted():
            self.add_error("what_0", _("An order has at least one line."))
        return told

    def _read(self, name: str, told: dict[str, Any], *, currency: str) -> None:
        """Read an amount into minor units; None where nothing was typed."""
        text = told[name]
        try:
            told[name] = amount(text, currency=currency) if text else None
        except ValueError:
            self.add_error(name, _("This amount cannot be read; write it as 18.50."))
        else:
            if text and not 0 <= told[name] <= MOST_CENTS:
                self.add_error(name, _("This amount cannot be right."))

    def say_address(self, faults: Sequence[tuple[str, str]]) -> None:
        """Say what was found about the address beside the field it is about: (code, words)."""
        for code, words in faults:
            self.add_error(_FIELDS_OF.get(code, "line1"), words)

    def address(self) -> DraftAddress | None:
        """Give the address; none when none of it was typed."""
        told = self.cleaned_data
        if not any(told.get(part) for part in ("line1", "line2", "postcode", "city")):
            return None
        return DraftAddress(
            name=told["customer"], company=told["company"], phone=told["phone"],
            **{part: told.get(part, "") for part in PARTS},
        )  # fmt: skip

    def draft(self, items: Mapping[int, SkuFacts], *, now: datetime) -> OrderDraft:
        """Give the order; `items` are the SKUs found, by line."""
        told = self.cleaned_data
        lines = tuple(self._line(n, sku) for n, sku in sorted(items.items()))
        shipping, discount = told["shipping"] or 0, told["discount"] or 0
        token = told["token"]
        return OrderDraft(
            external_ref=f"hand:{token}",
            number=told["number"] or f"M-{now:%y%m%d}-{''.join(c for c in token if c.isalnum())[:4].upper()}",
            placed_at=now,
            currency=told["currency"],
            lines=lines,
            total_cents=sum(line.total_cents for line in lines) + shipping - discount,
            ship_to=self.address(),
            email=told["email"],
            phone=told["phone"],
            customer_name=told["customer"] or told["company"],
            language=told["language"],
            shipping_cents=shipping,
            discount_cents=discount,
            payment=told["payment"],
            shipping_method=told["shipping_method"],
            customer_note=told["customer_note"],
            gift_note=told["gift_note"],
            purchase_reference=told["purchase_reference"],
            wanted_on=told["wanted_on"],
        )

    def _line(self, n: int, sku: SkuFacts) -> DraftLine:
        told = self.cleaned_data
        price = told[f"price_{n}"]
        return DraftLine(
            sku=sku.code,
            quantity=told[f"units_{n}"] or 1,
            unit_price_cents=sku.price_cents if price is None else price,
            name=sku.name,
            discount_cents=told[f"off_{n}"] or 0,
            requires_shipping=not sku.digital,
            personalisation=told[f"wish_{n}"],
        )
