"""What people type or choose at the picking pages."""

from django import forms

from colisage.picking.actions.short_picks import REASONS
from colisage.picking.actions.write_off_put_back import WHY

MOST_UNITS = 1_000_000


class ReleaseForm(forms.Form):
    """Which work to release, and how much of it."""

    node = forms.IntegerField(min_value=1)
    ship_by = forms.DateTimeField(required=False, input_formats=["%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S%z"])
    most = forms.IntegerField(min_value=1, max_value=500)


class ShortForm(forms.Form):
    """How many units were found, and why not all."""

    found = forms.IntegerField(min_value=0)
    reason = forms.ChoiceField(choices=[(reason, reason) for reason in REASONS])


class PutBackForm(forms.Form):
    """How many units are put back, of what, and into which bin; the document was drawn when the page was shown."""

    units = forms.IntegerField(min_value=1, max_value=MOST_UNITS)
    document = forms.CharField(max_length=100, required=False)
    item = forms.CharField(max_length=200)
    code = forms.CharField(max_length=60)
    override = forms.CharField(max_length=60, required=False)


class WriteOffForm(forms.Form):
    """How many units are not on the bench or broken, and why."""

    units = forms.IntegerField(min_value=1, max_value=MOST_UNITS)
    document = forms.CharField(max_length=100, required=False)
    why = forms.ChoiceField(choices=[(why, why) for why in WHY])
