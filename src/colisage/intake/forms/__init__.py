"""What a person says when sending a file of orders, and of its columns."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from colisage.intake.forms.fields import CountryField, CurrencyField
from colisage.intake.rules.columns import NEEDED
from colisage.kit.tabular import EmptyFile
from colisage.ui.seen import SeenForm

MAX_BYTES = 200_000_000
DATES: Final = [
    ("", _("refuse them")),
    ("day_first", _("day first (3 April)")),
    ("month_first", _("month first (March 4)")),
]
# What a column of a file may hold, as a person points at them.
COLUMNS: Final[Sequence[tuple[Any, Mapping[str, Any]]]] = (
    (
        _("The order"),
        {
            "order_ref": _("Order number"),
            "placed_at": _("Date"),
            "payment": _("Payment state"),
            "currency": _("Currency"),
            "shipping_method": _("Delivery chosen"),
            "purchase_reference": _("Reference of their purchase order"),
            "wanted_on": _("Wanted day of delivery"),
            "tags": _("Labels"),
        },
    ),
    (
        _("The line"),
        {
            "sku": _("SKU"),
            "quantity": _("Units"),
            "unit_price": _("Price of one"),
            "discount": _("Discount of the line"),
            "line_tax": _("Tax of the line"),
            "product": _("Name of the item"),
            "personalisation": _("Engraving or other wish"),
        },
    ),
    (
        _("The customer"),
        {
            "name": _("Name"),
            "first_name": _("First name"),
            "last_name": _("Last name"),
            "company": _("Company"),
            "email": _("E-mail"),
            "phone": _("Phone"),
            "language": _("Language"),
        },
    ),
    (
        _("Where it goes"),
        {
            "address1": _("Address"),
            "address2": _("Address, second line"),
            "postcode": _("Postcode"),
            "city": _("Town"),
            "region": _("Region"),
            "country": _("Country"),
        },
    ),
    (
        _("Amounts of the order"),
        {
            "shipping": _("Carriage"),
            "order_discount": _("Discount of the order"),
            "tax": _("Tax of the order"),
            "tip": _("Tip"),
            "gift_card": _("Paid by gift card"),
            "total": _("Total"),
        },
    ),
    (_("Words"), {"note": _("Customer’s note"), "gift_note": _("Gift note")}),
)


FIELDS: Final[Mapping[str, Any]] = {ours: label for _title, columns in COLUMNS for ours, label in columns.items()}


class ImportForm(forms.Form):
    """A file, the channel it belongs to, and what the file itself does not say."""

    file = forms.FileField(label=_("File"), error_messages={"empty": EmptyFile.text})
    channel = forms.ChoiceField(label=_("Sales channel"))
    dates = forms.ChoiceField(label=_("Dates such as 03/04/2026"), required=False, choices=DATES)
    layout = forms.ChoiceField(label=_("Columns"), required=False)
    history = forms.BooleanField(
        label=_("These are orders of the past: nobody is told, nothing is sent"), required=False
    )

    def __init__(
        self, *args: Any, channels: list[tuple[str, str]], mappings: Sequence[tuple[str, str]] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = channels  # type: ignore[attr-defined]
        self.fields["layout"].choices = [  # type: ignore[attr-defined]
            ("", _("found by themselves")),
            ("point", _("I point at them")),
            *mappings,
        ]

    def clean_file(self) -> Any:
        """Refuse what is too large before it is kept."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 200 MB. Split it and send the parts."))
        return file


class ColumnsForm(forms.Form):
    """Which column holds what, and what the columns do not say."""

    name = forms.CharField(
        label=_("Name of this mapping"), max_length=80, required=False,
        help_text=_("It is found by itself when such a file comes again. Empty: for this file alone."),
    )  # fmt: skip
    mark = forms.ChoiceField(
        label=_("Amounts such as 1,234"), required=False,
        choices=[
            ("", _("refuse them")),
            ("comma", _("the comma stands before decimals")),
            ("point", _("the point stands before decimals")),
        ],
    )  # fmt: skip
    dates = forms.ChoiceField(label=_("Dates such as 03/04/2026"), required=False, choices=DATES)
    prices = forms.ChoiceField(
        label=_("Prices"), required=False,
        choices=[("", _("include tax")), ("without_tax", _("are without tax: it comes on top"))],
    )  # fmt: skip
    payment = forms.ChoiceField(
        label=_("Orders of which the file does not say whether they are paid"), required=False,
        choices=[("", _("wait until somebody has looked")), ("paid", _("are paid"))],
    )  # fmt: skip
    currency = CurrencyField(
        label=_("Currency"), max_length=3, required=False, help_text=_("Where no column says it. Empty: your own.")
    )
    country = CountryField(
        label=_("Country"), max_length=60, required=False,
        help_text=_("Where no column says it. Empty: such orders wait for it."),
    )  # fmt: skip
    options = ("mark", "dates", "prices", "payment", "currency", "country")

    def __init__(self, *args: Any, headers: Sequence[tuple[str, str]], named: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = named
        choices = [("", _("no column")), *headers]
        for _title, columns in COLUMNS:
            for ours, label in columns.items():
                self.fields[f"col_{ours}"] = forms.ChoiceField(label=label, required=False, choices=choices)

    def groups(self) -> Iterator[tuple[Any, list[forms.BoundField]]]:
        """Give the fields of the columns, as the page draws them."""
        for title, columns in COLUMNS:
            yield title, [self[f"col_{ours}"] for ours in columns]

    def clean(self) -> dict[str, Any]:
        """Ask for what no order can do without."""
        told: dict[str, Any] = super().clean() or {}
        for ours in NEEDED:
            if not told.get(f"col_{ours}") and f"col_{ours}" not in self.errors:
                self.add_error(f"col_{ours}", _("An order cannot be read without it: choose its column."))
        return told

    def places(self) -> dict[str, str]:
        """Give our names of the columns that were pointed at, with the file's."""
        told = self.cleaned_data
        return {ours: column for _t, columns in COLUMNS for ours in columns if (column := told.get(f"col_{ours}"))}

    def said(self) -> dict[str, Any]:
        """Give what the columns do not say."""
        return {name: self.cleaned_data.get(name) or "" for name in self.options}


class MappingForm(SeenForm, ColumnsForm):
    """A saved mapping, which more than one person may change at the same time."""
