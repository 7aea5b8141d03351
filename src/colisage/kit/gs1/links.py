"""GS1 Digital Link: a web address that carries a number, as QR codes of goods do, of whatever domain."""

from datetime import date
from itertools import pairwise
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from colisage.kit.gs1.digits import gtin14
from colisage.kit.gs1.identifiers import checked, identifier, known
from colisage.kit.gs1.reading import Element
from colisage.kit.gs1.refusals import NotGs1, Truncated

_WORDS: Final = {"gtin": "01", "sscc": "00", "gln": "414", "lot": "10", "ser": "21", "cpv": "22", "exp": "17"}
_KEYS: Final = frozenset(
    {"00", "01", "253", "255", "401", "402", "414", "417", "8003", "8004", "8006", "8010", "8013", "8017", "8018"}
)


def linked(text: str, *, today: date) -> list[Element]:
    """Read the identifiers of an address: the path from its first key on, and those of the question part."""
    try:
        parts = urlsplit(text)
        asked = parse_qsl(parts.query, max_num_fields=40)
    except ValueError as error:
        raise NotGs1 from error
    path = [_WORDS.get(part.lower(), part) for part in parts.path.split("/")]
    start = next((n for n, part in enumerate(path) if part in _KEYS), None)
    if start is None:
        raise NotGs1
    inside = [part for part in path[start:] if part]
    if len(inside) % 2:
        raise Truncated(identifier=inside[-1][:20])
    pairs = [(code, unquote(value)) for n, (code, value) in enumerate(pairwise(inside)) if n % 2 == 0]
    pairs += [(_WORDS.get(code, code), value) for code, value in asked]
    return [
        element
        for n, pair in enumerate(pairs)
        if (element := _element(*pair, strict=n < len(inside) // 2, today=today))
    ]


def _element(code: str, value: str, *, strict: bool, today: date) -> Element | None:
    one = identifier(code[:4])
    if one is None or one.code != code:
        if strict:
            known(code[:4])
            raise NotGs1
        return None  # other questions of a web address
    full = gtin14(value) if code in {"01", "02"} and value.isdigit() else value
    return code, checked(one, full, today=today)


def link(
    gtin: str, *, domain: str = "id.gs1.org", lot: str = "", serial: str = "", expires_on: date | None = None
) -> str:
    """Write the address of goods, in the order the standard asks for."""
    path = f"https://{domain}/01/{gtin14(gtin)}"
    path += f"/10/{quote(lot, safe='')}" if lot else ""
    path += f"/21/{quote(serial, safe='')}" if serial else ""
    return path + (f"?17={expires_on:%y%m%d}" if expires_on else "")
