"""Names as people write them: compared without accents or case, and countries found by any of theirs."""

import unicodedata
from functools import cache, lru_cache
from typing import Final

from babel import Locale
from babel.core import get_global

# Neither the French nor the English name of the territory, but what files say.
_ALSO: Final = {
    "AE": "uae",
    "AT": "osterreich",
    "BE": "belgie",
    "CH": "schweiz, svizzera",
    "CI": "ivory coast",
    "CV": "cape verde",
    "CZ": "czech republic, republique tcheque",
    "DE": "deutschland",
    "DK": "danmark",
    "ES": "espana",
    "FI": "suomi",
    "FR": "metropolitan france, france metropolitaine",
    "GB": "uk, great britain, england, scotland, wales, grande bretagne, angleterre, ecosse",
    "HK": "hong kong",
    "IE": "eire, republic of ireland",
    "IT": "italia",
    "JE": "channel islands",
    "KR": "korea, coree",
    "MK": "macedonia, macedoine",
    "MM": "burma",
    "MO": "macau",
    "NL": "holland, hollande, the netherlands, nederland",
    "NO": "norge",
    "PL": "polska",
    "RU": "russia",
    "SE": "sverige",
    "SZ": "swaziland",
    "TR": "turkey, turquie",
    "US": "usa, u s a, united states of america, etats unis d amerique",
    "VA": "vatican",
    "ZA": "rsa",
}
_NOT_COUNTRIES: Final = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})


@lru_cache(maxsize=4_096)  # files say the same few things again and again
def plain(text: str) -> str:
    """Give a name without accents, case or punctuation, for comparing."""
    bare = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe").replace("&", " and "))
    letters = "".join(c if c.isalnum() else " " for c in bare if not unicodedata.combining(c))
    return " ".join(letters.casefold().split())


@lru_cache(maxsize=4_096)
def country_code(text: str) -> str:
    """Give the ISO 3166 two-letter code of a country; raise `ValueError` when it is unknown.

    Takes two- and three-letter codes, and names in French and English.
    """
    name = plain(text)
    code = name.upper()
    if code in _countries().values():
        return code
    if name in _countries():
        return _countries()[name]
    raise ValueError(text)


@cache
def country_codes() -> frozenset[str]:
    """Give the ISO 3166 two-letter codes of all countries."""
    return frozenset(_countries().values())


@cache
def _countries() -> dict[str, str]:
    aliases = get_global("territory_aliases")
    names = {old.lower(): new[0] for old, new in aliases.items() if len(old) == 3 and old.isalpha()}
    for language in ("en", "fr"):
        names |= {plain(name): code for code, name in Locale(language).territories.items()}
    named = set(map(str, Locale("en").territories)) - _NOT_COUNTRIES  # XX and its like are private, and have no name
    known = {name: code for name, code in names.items() if len(code) == 2 and code in named}
    return known | {also: code for code, spellings in _ALSO.items() for also in spellings.split(", ")}
