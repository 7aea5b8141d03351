"""What a person says when sending a file of orders."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from colisage.kit.tabular import EmptyFile

MAX_BYTES = 200_000_000


class ImportForm(forms.Form):
    """A file, the channel it belongs to, and what the file itself does not say."""

    file = forms.FileField(label=_("File"), error_messages={"empty": EmptyFile.text})
    channel = forms.ChoiceField(label=_("Sales channel"))
    dates = forms.ChoiceField(
        label=_("Dates such as 03/04/2026"),
        required=False,
        choices=[
            ("", _("refuse them")),
            ("day_first", _("day first (3 April)")),
            ("month_first", _("month first (March 4)")),
        ],
    )
    history = forms.BooleanField(
        label=_("These are orders of the past: nobody is told, nothing is sent"), required=False
    )

    def __init__(self, *args: Any, channels: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = channels  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        """Refuse what is too large before it is kept."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 200 MB. Split it and send the parts."))
        return file
