"""Amounts of money as people type them: 4,90 and 4.90 are the same, and are shown as the language writes them."""

import re
from typing import Any, Final

from django import forms

_SPACES: Final = str.maketrans("", "", " \u00a0\u202f")
_COMMA: Final = re.compile(r"-?\d*,(\d{1,2}|\d{4,})")  # 1,234 may be a thousand: it is read as the language writes it


class AmountField(forms.DecimalField):
    """A decimal amount. Gives a `Decimal`; how many decimals it may have says who knows its currency."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(localize=True, **kwargs)

    def to_python(self, value: Any) -> Any:
        """Read an amount with a comma or a point before its decimals, whatever the language."""
        if isinstance(value, str):
            value = value.translate(_SPACES)
            if _COMMA.fullmatch(value):
                value = value.replace(",", ".")
        return super().to_python(value)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Have phones show the keys of numbers."""
        return {**super().widget_attrs(widget), "inputmode": "decimal"}
