"""What people type about returns."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from colisage.kit.money import cents, decimal
from colisage.returns.models import Payer, Reason, ReturnPolicy
from colisage.returns.queries.left import policy_facts, policy_mark
from colisage.ui.amounts import AmountField
from colisage.ui.seen import SeenForm


class ReturnForm(forms.Form):
    """Which units of which lines come back, and why; `lines` are (order line id, name, units left)."""

    note = forms.CharField(
        label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 2000})
    )

    def __init__(self, *args: Any, lines: Iterable[tuple[int, str, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = [(pk, name, left) for pk, name, left in lines if left]
        for pk, name, left in self.wanted:
            self.fields[f"units_{pk}"] = forms.IntegerField(
                label=name,
                min_value=0,
                max_value=left,
                required=False,
                widget=forms.Select(choices=[(n, str(n)) for n in range(min(left, 50) + 1)]),
            )
            self.fields[f"reason_{pk}"] = forms.ChoiceField(
                label=_("Why"), choices=[("", _("choose")), *Reason.choices], required=False
            )

    def rows(self) -> list[dict[str, Any]]:
        """Give the fields line by line, as the page draws them."""
        return [
            {"name": name, "left": left, "units": self[f"units_{pk}"], "reason": self[f"reason_{pk}"]}
            for pk, name, left in self.wanted
        ]

    def chosen(self) -> list[tuple[int, int, str]]:
        """Give (order line id, units, reason) of what was chosen."""
        told = self.cleaned_data
        return [
            (pk, told[f"units_{pk}"], told[f"reason_{pk}"])
            for pk, _name, _left in self.wanted
            if told.get(f"units_{pk}")
        ]


class PolicyForm(SeenForm):
    """What a merchant promises about returns."""

    window_days = forms.IntegerField(label=_("Days to return, from delivery"), min_value=14, max_value=3650)
    payer = forms.ChoiceField(label=_("The way back"), choices=Payer.choices)
    label_fee = AmountField(
        label=_("Kept back for our label when the customer pays"),
        min_value=0,
        max_value=1_000_000,
        help_text=_("0: the customer sends at their own cost, without a label."),
    )
    approves_alone = forms.BooleanField(label=_("Approve requests within the window at once"), required=False)
    refunds_shipping = forms.BooleanField(label=_("Pay delivery back when everything comes back"), required=False)

    def __init__(self, data: Any, *, kept: ReturnPolicy, currency: str) -> None:
        self.currency = currency
        super().__init__(data, shown=self.shown(kept), mark=policy_mark(kept))

    def shown(self, kept: ReturnPolicy) -> dict[str, Any]:
        """Give what stands by the fields."""
        told = policy_facts(kept)
        return {**told, "label_fee": decimal(told.pop("label_fee_cents"), currency=self.currency)}

    def typed(self) -> dict[str, Any]:
        """Give what was typed as it is shown."""
        return {**self.cleaned_data, "label_fee": decimal(self.cleaned_data["label_fee"], currency=self.currency)}

    def clean_label_fee(self) -> int:
        """Read the fee into minor units."""
        try:
            return cents(self.cleaned_data["label_fee"], currency=self.currency)
        except ValueError as error:
            raise forms.ValidationError(_("This currency has fewer decimals.")) from error
