"""What people type or choose at the picking pages."""

from django import forms

from colisage.picking.actions.short_picks import REASONS


class ReleaseForm(forms.Form):
    """Which work to release, and how much of it."""

    node = forms.IntegerField(min_value=1)
    ship_by = forms.DateTimeField(required=False, input_formats=["%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S%z"])
    most = forms.IntegerField(min_value=1, max_value=500)


class ShortForm(forms.Form):
    """How many units were found, and why not all."""

    found = forms.IntegerField(min_value=0)
    reason = forms.ChoiceField(choices=[(reason, reason) for reason in REASONS])
