"""What people type to open a SKU for pre-order."""

from django import forms

from colisage.inventory.actions.set_safety import MOST


class PreorderForm(forms.Form):
    """How many may be pre-ordered at a node, and from when on they leave; no number closes it."""

    node = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    most = forms.IntegerField(min_value=0, max_value=MOST, required=False)
    on = forms.DateField(required=False)
    strict = forms.BooleanField(required=False)
