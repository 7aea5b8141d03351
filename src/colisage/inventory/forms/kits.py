"""What people say when kits are made and taken apart."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

Choices = list[tuple[int, str]]


class KitForm(forms.Form):
    """So many kits, at a node, into a bin; `once` keeps a form sent twice from being done twice."""

    node = forms.TypedChoiceField(label=_("Node"), coerce=int)
    qty = forms.IntegerField(label=_("How many kits"), min_value=1, max_value=100_000)
    place = forms.CharField(label=_("Bin"), max_length=30)
    once = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, nodes: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["node"].choices = nodes  # type: ignore[attr-defined]


class AssembleForm(KitForm):
    """Make kits."""

    place = forms.CharField(label=_("Bin for the kits"), max_length=30)
    lot = forms.CharField(label=_("Lot of the kits, if they have one"), max_length=80, required=False)


class DisassembleForm(KitForm):
    """Take kits apart."""

    place = forms.CharField(label=_("Bin for the components"), max_length=30)
    made_by = forms.TypedChoiceField(
        label=_("Kits of which assembly"), coerce=int, empty_value=None, required=False,
        help_text=_("Of a known assembly, the very lots that went in come out."),
    )  # fmt: skip

    def __init__(self, *args: Any, assemblies: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["made_by"].choices = [("", _("any, without their lots")), *assemblies]  # type: ignore[attr-defined]
