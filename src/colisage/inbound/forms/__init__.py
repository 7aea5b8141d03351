"""What people type about goods on their way in."""

from django import forms


class ReceiveForm(forms.Form):
    """What came of one SKU."""

    code = forms.CharField(max_length=100)
    good = forms.IntegerField(min_value=0, max_value=1_000_000)
    damaged = forms.IntegerField(min_value=0, max_value=1_000_000, required=False)
    lot = forms.CharField(max_length=80, required=False)
    expires_on = forms.DateField(required=False)
