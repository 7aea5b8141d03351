"""What customers type."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from colisage.portal.queries import WHAT
from colisage.returns.queries import REASONS


class AskForm(forms.Form):
    """Which items come back, how many and why; `lines` are (order line id, name, units left)."""

    note = forms.CharField(
        label=_("Anything to add?"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, lines: Iterable[tuple[int, str, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = [line for line in lines if line[2]]
        for pk, _name, left in self.wanted:
            self.fields[f"units_{pk}"] = forms.IntegerField(
                label=_("How many"),
                min_value=0,
                max_value=left,
                required=False,
                widget=forms.Select(choices=[(n, str(n)) for n in range(min(left, 50) + 1)]),
            )
            self.fields[f"reason_{pk}"] = forms.ChoiceField(
                label=_("Why"), choices=[("", _("choose")), *REASONS], required=False
            )

    def rows(self) -> list[dict[str, Any]]:
        """Give the fields item by item, as the page draws them."""
        return [
            {"name": name, "units": self[f"units_{pk}"], "reason": self[f"reason_{pk}"]}
            for pk, name, _left in self.wanted
        ]

    def chosen(self) -> list[tuple[int, int, str]]:
        """Give (order line id, units, reason) of what was chosen."""
        told = self.cleaned_data
        return [
            (pk, told[f"units_{pk}"], told[f"reason_{pk}"])
            for pk, _name, _left in self.wanted
            if told.get(f"units_{pk}")
        ]


class ProblemForm(forms.Form):
    """What is wrong, in one word and in the customer's own."""

    what = forms.ChoiceField(label=_("What is wrong?"), choices=[("", _("choose")), *WHAT.items()])
    words = forms.CharField(
        label=_("Tell us more"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class FindForm(forms.Form):
    """An order's number and the postcode it goes to."""

    number = forms.CharField(label=_("Order number"), max_length=60)
    postcode = forms.CharField(label=_("Postcode of the delivery"), max_length=16)
