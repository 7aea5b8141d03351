"""Why JSON or a parameter cannot be read, in the language of who sent it: the libraries say it in English alone.

What msgspec says is taken apart and said again, faults that pydantic found are said by their kind. What is not known
here stays as it is.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

_TYPES: Final[Mapping[str, str | Promise]] = {
    "int": pgettext_lazy("JSON", "`int`"),
    "float": pgettext_lazy("JSON", "`float`"),
    "str": pgettext_lazy("JSON", "`str`"),
    "bool": pgettext_lazy("JSON", "`bool`"),
    "array": pgettext_lazy("JSON", "`array`"),
    "object": pgettext_lazy("JSON", "`object`"),
    "null": pgettext_lazy("JSON", "`null`"),
    "date": pgettext_lazy("JSON", "`date`"),
    "datetime": pgettext_lazy("JSON", "`datetime`"),
}
_WHY: Final[Mapping[str, str | Promise]] = {
    "invalid character": gettext_lazy("invalid character"),
    "trailing characters": gettext_lazy("trailing characters"),
    "invalid number": gettext_lazy("invalid number"),
    "expected ':'": gettext_lazy("expected ':'"),
    "expected ',' or ']'": gettext_lazy("expected ',' or ']'"),
    "expected ',' or '}'": gettext_lazy("expected ',' or '}'"),
    "trailing comma in array": gettext_lazy("trailing comma in array"),
    "trailing comma in object": gettext_lazy("trailing comma in object"),
    "object keys must be strings": gettext_lazy("object keys must be strings"),
    "invalid escape character in string": gettext_lazy("invalid escape character in string"),
}
_PLACE: Final = re.compile(r"(?P<what>.*) - at `(?P<where>.*)`", re.DOTALL)
_SAYS: Final[tuple[tuple[str, Callable[[], str]], ...]] = (
    (r"Expected `(?P<wanted>[\w |]+)`, got `(?P<got>\w+)`", lambda: _("Expected %(wanted)s, got %(got)s")),
    (
        r"Expected `(?P<wanted>\w+)` of length (?P<sign>[<>]=) (?P<limit>\d+)",
        lambda: _("Expected %(wanted)s of length %(sign)s %(limit)s"),
    ),
    (
        r"Expected `(?P<wanted>\w+)` (?P<sign>[<>]=?) (?P<limit>\S+)",
        lambda: _("Expected %(wanted)s %(sign)s %(limit)s"),
    ),
    (r"Expected `str` matching regex (?P<form>.*)", lambda: _("Expected `str` matching regex %(form)s")),
    (r"Expected `\w+` with a timezone component", lambda: _("Expected a time with a timezone component")),
    (r"Object missing required field `(?P<name>.*)`", lambda: _("Object missing required field `%(name)s`")),
    (r"Object contains unknown field `(?P<name>.*)`", lambda: _("Object contains unknown field `%(name)s`")),
    (r"Invalid (?:enum )?value (?P<value>.*)", lambda: _("Invalid value %(value)s")),
    (r"Invalid RFC3339 encoded (?P<wanted>\w+)", lambda: _("Invalid %(wanted)s, write it as RFC 3339 does")),
    (r"(?:Integer value|Number) out of range", lambda: _("Number out of range")),
    (r"Input data was truncated", lambda: _("Input data was truncated")),
    (r"JSON is malformed: (?P<why>.*) \(byte (?P<byte>\d+)\)", lambda: _("JSON is malformed: %(why)s (byte %(byte)s)")),
    (r"a text holds the character NUL", lambda: _("a text holds the character NUL")),
    (r"'utf-8' codec can't decode .*|Invalid UTF-8.*", lambda: _("The text is not UTF-8")),
)
_KNOWN: Final = tuple((re.compile(pattern, re.DOTALL), say) for pattern, say in _SAYS)


_FAULTS: Final[Mapping[str, Callable[[], str]]] = {
    "missing": lambda: _("This is missing"),
    "int_parsing": lambda: _("Write a whole number"),
    "int_type": lambda: _("Write a whole number"),
    "bool_parsing": lambda: _("Write true or false"),
    "greater_than_equal": lambda: _("Write a number of at least %(ge)s"),
    "less_than_equal": lambda: _("Write a number of at most %(le)s"),
    "string_too_long": lambda: _("At most %(max_length)s characters"),
    "string_too_short": lambda: _("At least %(min_length)s characters"),
    "string_pattern_mismatch": lambda: _("Write a text of the form %(pattern)s"),
    "literal_error": lambda: _("Write one of: %(expected)s"),
    **dict.fromkeys(
        ("date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"),
        lambda: _("Write a date such as 2026-12-31"),
    ),
    **dict.fromkeys(
        ("datetime_parsing", "datetime_from_date_parsing", "timezone_aware"),
        lambda: _("Write a time such as 2026-12-31T08:00:00Z"),
    ),
}


def why_parameter(fault: Mapping[str, Any]) -> str:
    """Say what is wrong with a parameter, as pydantic found it; a fault that is not known here stays in its words."""
    say = _FAULTS.get(fault.get("type", ""))
    return say() % dict(fault.get("ctx", {})) if say else str(fault["msg"])


def why_unreadable(error: Exception) -> str:
    """Say why JSON could not be read, and where in it, in the language that is active."""
    text = str(error)
    placed = _PLACE.fullmatch(text)
    said = _said(placed["what"] if placed else text)
    return _("%(what)s - at `%(where)s`") % {"what": said, "where": placed["where"]} if placed else said


def _said(text: str) -> str:
    for pattern, say in _KNOWN:
        if found := pattern.fullmatch(text):
            return say() % {name: _word(name, value) for name, value in found.groupdict().items()}
    return text


def _word(name: str, value: str) -> str:
    if name in {"wanted", "got"}:
        return " | ".join(str(_TYPES.get(one, f"`{one}`")) for one in value.split(" | "))
    return str(_WHY.get(value, value)) if name == "why" else value
