"""Forms of what stands: who saves second is told who was first and what stands now, and keeps what was typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils.formats import localize_input
from django.utils.translation import gettext

from colisage.kit.queries import deeds_on


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What somebody else made of what a page showed: who and when where that is known, and what stands otherwise.

    `rows` are a label (or nothing) and words; none of them: it is just what was typed.
    """

    rows: Sequence[tuple[str, str]]
    by: str = ""
    at: datetime | None = None


def meanwhile(rows: Sequence[tuple[str, str]], *, doc_kind: str, doc_id: int, verb: str) -> Meanwhile:
    """Say what stands now, with who did `verb` to the document last."""
    by = next((deed for deed in deeds_on(doc_kind, doc_id=doc_id) if deed.verb == verb), None)
    return Meanwhile(rows, by.actor_name, by.at) if by else Meanwhile(rows)


class SeenForm(forms.Form):
    """A form of what stands (`shown`, by its fields), with the mark of it. Drawn with `ui/parts/meanwhile.html`.

    `told` says that the page it comes from told what somebody else had saved: drawn again, it has to tell so still.
    """

    now: Meanwhile | None = None
    told: bool

    def __init__(self, data: Any, *, shown: Mapping[str, Any], mark: str, **kwargs: Any) -> None:
        super().__init__(data, initial=dict(shown), **kwargs)
        self.seen = mark if data is None else str(data.get("seen", ""))
        self.told = data is not None and "told" in data

    def typed(self) -> Mapping[str, Any]:
        """Give what was typed as it is shown; a field that is cleaned into something else is given back here."""
        return self.cleaned_data

    def differs(self, shown: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Give what stands otherwise than it was typed, each by its label. Valid forms only."""
        typed = self.typed()
        stands = {name: (spoken(field, shown.get(name)), str(field.label)) for name, field in self.fields.items()}
        return [
            (label, words) for name, (words, label) in stands.items() if words != spoken(self.fields[name], typed[name])
        ]

    def tell(self, now: Meanwhile, *, mark: str) -> None:
        """Say what somebody else saved meanwhile, and go on from there: saved again, the form replaces it."""
        self.now, self.seen = now, mark


def spoken(field: forms.Field, value: Any) -> str:
    """Say the value of a field in words."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(field, forms.ChoiceField):
        return str(dict(cast("list[tuple[Any, Any]]", field.choices)).get(value or "", value))
    return "—" if value in (None, "") else str(localize_input(value))
