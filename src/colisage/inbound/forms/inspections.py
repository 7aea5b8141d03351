"""What people type about inspection."""

import re
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from colisage.inbound.models import SampleRule
from colisage.inbound.rules.inspecting import milli

_LIMITS: Final = re.compile(
    r"(?P<text>.+?)\s*\[\s*(?P<low>[^;\]]*)\s*;\s*(?P<high>[^\]]*?)\s*(?P<unit>[^\d\s\].,;]*)\s*\]"
)
_LONGEST: Final = 6_000


class ChecklistForm(forms.Form):
    """A checklist; a question a line."""

    name = forms.CharField(label=_("Name"), max_length=80)
    sku = forms.CharField(label=_("Only for the SKU"), max_length=100, required=False)
    supplier = forms.ChoiceField(label=_("Only from the supplier"), required=False)
    sample_rule = forms.ChoiceField(label=_("Look at"), choices=SampleRule.choices)
    sample_value = forms.IntegerField(label=_("Per cent, or units"), min_value=1, max_value=1_000_000, required=False)
    questions = forms.CharField(
        label=_("Questions, one on each line"),
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Yes or no: Is the glaze even? A measure: Height [95; 105 mm]. A photo: Photo of the label."),
    )

    def __init__(self, *args: Any, suppliers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["supplier"].choices = [("", "—"), *suppliers]  # type: ignore[attr-defined]

    def clean_questions(self) -> list[tuple[str, str, str, int | None, int | None]]:
        """Read the questions: kind, text, unit, lowest and highest in thousandths."""
        return [_question(line.strip()) for line in self.cleaned_data["questions"].splitlines() if line.strip()]


def _question(line: str) -> tuple[str, str, str, int | None, int | None]:
    if line.lower().startswith("photo"):
        return "photo", line, "", None, None
    if "[" not in line:
        return "yes_no", line, "", None, None
    unclear = forms.ValidationError(
        _("“%(line)s”: write the limits of a measure as [95; 105 mm].") % {"line": line[:60]}
    )
    found = _LIMITS.fullmatch(line)
    if found is None:
        raise unclear
    try:
        low, high = (milli(found[side]) if found[side].strip() else None for side in ("low", "high"))
    except ValueError as error:
        raise unclear from error
    return "measure", found["text"], found["unit"], low, high
