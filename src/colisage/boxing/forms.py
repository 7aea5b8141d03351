"""What people type about a packaging."""

from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from colisage.boxing.models import BoxKind, BoxType
from colisage.boxing.rules import HEAVIEST_GRAMS, LONGEST_MM, BoxRow
from colisage.ui.amounts import AmountField

SIDES: Final = (
    "inner_length_mm", "inner_width_mm", "inner_height_mm", "outer_length_mm", "outer_width_mm", "outer_height_mm",
)  # fmt: skip


def _side(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=LONGEST_MM)


class BoxTypeForm(forms.Form):
    """A packaging: what it is called, what goes in, what it weighs and costs."""

    operator = forms.TypedChoiceField(label=_("Operator"), coerce=int)
    code = forms.CharField(label=_("Short code"), max_length=20)
    name = forms.CharField(label=_("Name"), max_length=80)
    kind = forms.ChoiceField(label=_("Kind"), choices=BoxKind.choices)
    inner_length_mm = _side(_("Inner length, mm"))
    inner_width_mm = _side(_("Inner width, mm"))
    inner_height_mm = _side(_("Inner height, mm"))
    outer_length_mm = _side(_("Outer length, mm"))
    outer_width_mm = _side(_("Outer width, mm"))
    outer_height_mm = _side(_("Outer height, mm"))
    empty_grams = forms.IntegerField(label=_("Weight when empty, g"), min_value=0, max_value=HEAVIEST_GRAMS)
    max_grams = forms.IntegerField(
        label=_("Weight at most, with its contents, g"), min_value=1, max_value=HEAVIEST_GRAMS
    )
    cost = AmountField(
        label=_("Cost of one"),
        min_value=Decimal(0),
        max_digits=9,
        decimal_places=2,
        help_text=_("In the currency of the operator; two decimals."),
    )

    def __init__(self, *args: Any, operators: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["operator"].choices = operators  # type: ignore[attr-defined]
        if len(operators) == 1:
            self.fields["operator"].widget = forms.HiddenInput()
            self.initial.setdefault("operator", operators[0][0])

    def box(self) -> BoxRow:
        """Give the packaging that was typed."""
        told = self.cleaned_data
        names = ("code", "name", "kind", "empty_grams", "max_grams", *SIDES)
        return BoxRow(**{name: told[name] for name in names}, cost_cents=int(told["cost"] * 100))


def typed_from(box: BoxType) -> dict[str, Any]:
    """Write a packaging as the form shows it."""
    names = ("code", "name", "kind", "empty_grams", "max_grams", *SIDES)
    return {
        **{name: getattr(box, name) for name in names},
        "operator": box.operator_id,
        "cost": Decimal(box.cost_cents) / 100,
    }
