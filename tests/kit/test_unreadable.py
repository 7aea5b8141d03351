"""Why JSON cannot be read, said in the language of who sent it."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
import pytest
from django.utils.translation import override
from msgspec import Meta, Struct

from colisage.kit.unreadable import why_unreadable


class Inner(Struct, forbid_unknown_fields=True):
    units: Annotated[int, Meta(ge=1, le=9)]
    name: Annotated[str, Meta(max_length=3)] = ""
    code: Annotated[str, Meta(pattern="^[A-Z]$")] = "A"
    kind: Literal["a", "b"] = "a"
    day: date | None = None
    at: Annotated[datetime, Meta(tz=True)] | None = None


class Outer(Struct):
    lines: Annotated[list[Inner], Meta(min_length=1)]


SAID = [
    ('{"lines": [{"units": "x"}]}', "Expected `int`, got `str` - at `$.lines[0].units`",
     "Il faut un nombre entier, et non un texte (à `$.lines[0].units`)"),
    ('{"lines": [{"units": 0}]}', "Expected `int` >= 1 - at `$.lines[0].units`",
     "Il faut un nombre entier >= 1 (à `$.lines[0].units`)"),
    ('{"lines": [{"units": 1, "name": "long"}]}', "Expected `str` of length <= 3 - at `$.lines[0].name`",
     "Il faut un texte de longueur <= 3 (à `$.lines[0].name`)"),
    ('{"lines": [{"units": 1, "code": "a"}]}', "Expected `str` matching regex '^[A-Z]$' - at `$.lines[0].code`",
     "Il faut un texte de la forme '^[A-Z]$' (à `$.lines[0].code`)"),
    ('{"lines": [{"units": 1, "kind": "c"}]}', "Invalid value 'c' - at `$.lines[0].kind`",
     "La valeur 'c' n’est pas admise (à `$.lines[0].kind`)"),
    ('{"lines": [{"units": 1, "day": "c"}]}', "Invalid `date`, write it as RFC 3339 does - at `$.lines[0].day`",
     "Cette valeur ne se lit pas : il faut une date, écrite comme le veut la RFC 3339 (à `$.lines[0].day`)"),
    ('{"lines": [{"units": 1, "at": "2026-01-01T00:00:00"}]}',
     "Expected a time with a timezone component - at `$.lines[0].at`",
     "Il faut une heure avec son fuseau (à `$.lines[0].at`)"),
    ('{"lines": [{"unit": 1}]}', "Object contains unknown field `unit` - at `$.lines[0]`",
     "Le champ `unit` n’est pas connu (à `$.lines[0]`)"),
    ('{"lines": [{}]}', "Object missing required field `units` - at `$.lines[0]`",
     "Il manque le champ `units` (à `$.lines[0]`)"),
    ('{"lines": []}', "Expected `array` of length >= 1 - at `$.lines`",
     "Il faut une liste de longueur >= 1 (à `$.lines`)"),
    ("[]", "Expected `object`, got `array`", "Il faut un objet, et non une liste"),
    ('{"lines": ', "Input data was truncated", "Les données sont tronquées"),
    ('{"lines" []}', "JSON is malformed: expected ':' (byte 9)", "Le JSON est mal formé : il manque « : » (octet 9)"),
    ('{"lines": x}', "JSON is malformed: invalid character (byte 10)",
     "Le JSON est mal formé : caractère non valable (octet 10)"),
    (b'{"lines": "\xff"}', "Expected `array`, got `str` - at `$.lines`",
     "Il faut une liste, et non un texte (à `$.lines`)"),
    (b'{"lines": [{"units": 1, "name": "\xff"}]}', "The text is not UTF-8", "Le texte n’est pas en UTF-8"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "english", "french"), SAID, ids=[english for _, english, _ in SAID])
def test_what_is_wrong_is_said_in_both_languages(body: str | bytes, english: str, french: str) -> None:
    with pytest.raises(ValueError) as wrong:  # noqa: PT011 -- msgspec's or that of the codec
        msgspec.json.decode(body, type=Outer)
    for language, said in (("en", english), ("fr", french)):
        with override(language):
            assert why_unreadable(wrong.value).replace("\xa0", " ") == said


def test_a_sentence_that_is_not_known_stays_as_it_is() -> None:
    with override("fr"):
        assert why_unreadable(ValueError("Something new - at `$.a`")) == "Something new (à `$.a`)"
