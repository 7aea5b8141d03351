"""What people type and send about tags."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class TagsForm(forms.Form):
    """Tags of one bin: a file, or text, one EPC a line."""

    bin = forms.CharField(label=_("Bin"), max_length=30)
    tags = forms.CharField(
        label=_("Tags"), widget=forms.Textarea(attrs={"rows": 4}), required=False, max_length=3_000_000
    )
    file = forms.FileField(label=_("File"), required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        """Read the file, if there is one."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        sent = cleaned.get("file")
        if sent is not None and sent.size > 3_000_000:
            self.add_error("file", _("At most 3 MB."))
        elif sent is not None:
            cleaned["tags"] = sent.read().decode("utf-8-sig", errors="replace")
        return cleaned


class ReaderForm(forms.Form):
    """A reader in the house."""

    name = forms.CharField(label=_("Name"), max_length=60)
    host = forms.CharField(label=_("Address in your network"), max_length=120)
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65_535, initial=5084)
    bin = forms.CharField(label=_("Bin it looks at"), max_length=30, required=False)
