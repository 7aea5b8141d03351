"""What two orders are compared by: keys of who, where and what, in which writing them differently does not count."""

import hashlib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from colisage.automation.rules.facts import Seen


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys of an order; empty where there is nothing to compare by."""

    who_what: str  # e-mail address and lines
    where_what: str  # address and lines
    place: str  # address
    name: str  # of the recipient


def keys_of(seen: Seen, lines: Iterable[tuple[str, int]]) -> Keys:
    """Give the keys of an order; `lines` are (SKU as ordered, units)."""
    units: dict[str, int] = {}
    for sku, n in lines:
        units[sku.casefold()] = units.get(sku.casefold(), 0) + n
    what = "|".join(f"{sku}×{n}" for sku, n in sorted(units.items()))
    place = " ".join(map(plain, (seen.line1, seen.postcode, seen.country))) if seen.line1 and seen.country else ""
    email = seen.email.strip().casefold()
    return Keys(
        _key(email, what) if email and what else "",
        _key(place, plain(seen.name), what) if place and what else "",
        _key(place) if place else "",
        _key(plain(seen.name)) if plain(seen.name) else "",
    )


def plain(text: str) -> str:
    """Give a text without accents, case, spaces and punctuation."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in bare if c.isalnum())


def _key(*parts: str) -> str:
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()
