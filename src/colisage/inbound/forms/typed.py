"""Lines of SKUs and units in a form."""

from django import forms
from django.utils.translation import gettext_lazy as _

from colisage.inbound.rules.typed import TypedLine, typed_line


def typed_lines(text: str, *, currency: str) -> list[TypedLine]:
    """Read lines as people type them; refuse the first that cannot be read, by its number."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            found.append(typed_line(line, currency=currency))
        except ValueError as error:
            raise forms.ValidationError(
                _("Line %(n)s: “%(line)s” is not a SKU and a number of units.")
                % {"n": number, "line": line.strip()[:60]}
            ) from error
    return found
