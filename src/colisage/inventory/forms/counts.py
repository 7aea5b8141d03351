"""What people type about counts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from colisage.inventory.models import Condition
from colisage.ui.amounts import AmountField


class BinsForm(forms.Form):
    """Bins to count, chosen by hand: codes, or how codes begin."""

    node = forms.TypedChoiceField(label=_("Node"), coerce=int)
    bins = forms.CharField(
        label=_("Bins"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Codes, or how they begin, a line or a comma apart: B-07 is the whole bay, B the whole aisle."),
    )

    def __init__(self, *args: Any, nodes: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["node"].choices = nodes  # type: ignore[attr-defined]

    def clean_bins(self) -> list[str]:
        """Read the codes."""
        text = self.cleaned_data["bins"].replace(",", "\n").replace(";", "\n")
        return [code.strip().upper() for code in text.splitlines() if code.strip()]


class RuleForm(forms.Form):
    """How far a count may be from the books."""

    node = forms.TypedChoiceField(label=_("Node"), coerce=int)
    merchant = forms.TypedChoiceField(label=_("Merchant"), coerce=int, required=False, empty_value=None)
    tolerance = forms.IntegerField(
        label=_("Tolerance, in units of a SKU"),
        min_value=0,
        max_value=1_000_000,
        initial=0,
        help_text=_("A count further from the books than this is done again by somebody else."),
    )
    limit_units = forms.IntegerField(
        label=_("Limit in units of a bin"),
        min_value=0,
        max_value=1_000_000,
        initial=10,
        help_text=_("Above this limit, or the next, a manager approves the count; below both it is posted at once."),
    )
    limit = AmountField(
        label=_("Limit in value of a bin"), min_value=0, max_value=10**9, decimal_places=2, max_digits=12, initial=100
    )

    idle_hours = forms.IntegerField(
        label=_("Hours without a scan"),
        min_value=1,
        max_value=72,
        initial=8,
        required=False,
        help_text=_(
            "A bin whose counter does not come back is free again after so many; the shortest of a node holds."
        ),
    )

    def __init__(
        self, *args: Any, nodes: list[tuple[int, str]], merchants: list[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["node"].choices = nodes  # type: ignore[attr-defined]
        self.fields["merchant"].choices = [("", _("all others")), *merchants]  # type: ignore[attr-defined]

    @property
    def limit_cents(self) -> int:
        """Give the limit in value, in cents."""
        return int(self.cleaned_data["limit"] * 100)


class NoteForm(forms.Form):
    """Units of a SKU, as a counter types them."""

    sku = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    units = forms.IntegerField(min_value=0, max_value=1_000_000)
    add = forms.BooleanField(required=False)
    lot = forms.CharField(max_length=80, required=False)
    new_lot = forms.BooleanField(required=False)
    condition = forms.ChoiceField(choices=Condition.choices, required=False)


class StrayForm(forms.Form):
    """Units whose code nobody knows."""

    code = forms.CharField(max_length=80)
    units = forms.IntegerField(min_value=0, max_value=1_000_000)
    add = forms.BooleanField(required=False)
