"""What people type about plans of counts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class PlanForm(forms.Form):
    """Which bins of a node are counted day by day."""

    node = forms.TypedChoiceField(label=_("Node"), coerce=int)
    method = forms.ChoiceField(label=_("Chosen"), choices=[("abc", _("by ABC class")), ("risk", _("by risk"))])
    bins_a_day = forms.IntegerField(label=_("Bins a day"), min_value=1, max_value=1_000, initial=10)
    a_days = forms.IntegerField(label=_("Class A every … days"), min_value=1, max_value=3_650, initial=30)
    b_days = forms.IntegerField(label=_("Class B every … days"), min_value=1, max_value=3_650, initial=90)
    c_days = forms.IntegerField(label=_("Class C every … days"), min_value=1, max_value=3_650, initial=180)
    active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, *args: Any, nodes: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["node"].choices = nodes  # type: ignore[attr-defined]
