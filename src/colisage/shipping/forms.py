"""What a person types or chooses at the shipping desk."""

from django import forms


class CarrierAtNode(forms.Form):
    """What waits for one carrier at one node."""

    node = forms.IntegerField(min_value=1)
    carrier = forms.IntegerField(min_value=1)


class PrintForm(CarrierAtNode):
    """Labels to print, and how."""

    kind = forms.ChoiceField(choices=[("pdf", "PDF"), ("zpl", "ZPL")])
    every = forms.BooleanField(required=False)
