"""Pure facts about what a catalogue says: columns of files, sizes that can be, codes that add up."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

MOST_GRAMS: Final = 2_000_000
MOST_MM: Final = 20_000
MOST_CENTS: Final = 10**12
MOST_UNITS: Final = 1_000_000  # in a case, or of one component

# What a column may be called, in French or English, folded: the field it fills, and millimetres or grams to its unit.
COLUMNS: Final[Mapping[str, tuple[str, int]]] = {
    **dict.fromkeys(("sku", "code", "reference", "référence", "ref", "réf", "article"), ("code", 1)),
    **dict.fromkeys(("name", "title", "nom", "désignation", "designation", "libellé", "libelle"), ("name", 1)),
    **dict.fromkeys(("product", "produit"), ("product", 1)),
    **dict.fromkeys(("kind", "type", "nature"), ("kind", 1)),
    **dict.fromkeys(("barcode", "ean", "gtin", "upc", "code-barres", "code barres", "code-barre"), ("barcode", 1)),
    **dict.fromkeys(("weight_g", "weight (g)", "grams", "poids_g", "poids (g)", "poids en g"), ("grams", 1)),
    **dict.fromkeys(("weight_kg", "weight (kg)", "poids_kg", "poids (kg)", "poids en kg"), ("grams", 1000)),
    **dict.fromkeys(("length_mm", "length (mm)", "longueur_mm", "longueur (mm)"), ("length_mm", 1)),
    **dict.fromkeys(("length_cm", "length (cm)", "longueur_cm", "longueur (cm)"), ("length_mm", 10)),
    **dict.fromkeys(("width_mm", "width (mm)", "largeur_mm", "largeur (mm)"), ("width_mm", 1)),
    **dict.fromkeys(("width_cm", "width (cm)", "largeur_cm", "largeur (cm)"), ("width_mm", 10)),
    **dict.fromkeys(("height_mm", "height (mm)", "hauteur_mm", "hauteur (mm)"), ("height_mm", 1)),
    **dict.fromkeys(("height_cm", "height (cm)", "hauteur_cm", "hauteur (cm)"), ("height_mm", 10)),
    **dict.fromkeys(("price", "prix", "prix de vente"), ("price_cents", 1)),
    **dict.fromkeys(("cost", "coût", "cout", "prix d'achat", "prix d’achat"), ("cost_cents", 1)),
    **dict.fromkeys(("hs_code", "hs code", "code sh", "code douanier"), ("hs_code", 1)),
    **dict.fromkeys(("origin", "country of origin", "origine", "pays d'origine", "pays d’origine"), ("origin", 1)),
    **dict.fromkeys(("fragile",), ("fragile", 1)),
    **dict.fromkeys(("stackable", "empilable"), ("stackable", 1)),
    **dict.fromkeys(("keep_upright", "keep upright", "tenir debout", "debout"), ("keep_upright", 1)),
    **dict.fromkeys(("hazardous", "dangereux"), ("hazardous", 1)),
    **dict.fromkeys(("digital", "numérique", "numerique"), ("digital", 1)),
    **dict.fromkeys(("tracks_lots", "lots"), ("tracks_lots", 1)),
    **dict.fromkeys(("tracks_expiry", "expiry", "péremption", "peremption"), ("tracks_expiry", 1)),
    **dict.fromkeys(("rotation",), ("rotation", 1)),
}  # fmt: skip
AMBIGUOUS: Final = frozenset({"weight", "poids", "length", "longueur", "width", "largeur", "height", "hauteur"})
EXPORTED: Final = (  # the columns of an export, which the import reads
    "sku", "name", "product", "kind", "barcode", "weight_g", "length_mm", "width_mm", "height_mm", "price", "cost",
    "hs_code", "origin", "fragile", "stackable", "keep_upright", "hazardous", "digital", "tracks_lots", "tracks_expiry",
    "rotation",
)  # fmt: skip
YES: Final = frozenset({"yes", "y", "true", "1", "x", "oui", "o", "vrai"})
NO: Final = frozenset({"no", "n", "false", "0", "non", "faux"})


def is_mistyped_gtin(code: str) -> bool:
    """Say whether a code looks like a GTIN (8, 12, 13 or 14 digits) and its check digit does not fit."""
    if len(code) not in {8, 12, 13, 14} or not (code.isascii() and code.isdigit()):
        return False
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(code[:-1])))
    return (10 - total % 10) % 10 != int(code[-1])


@dataclass(frozen=True, slots=True, kw_only=True)
class SkuRow:
    """A SKU as a file or a form gives it. Sizes in millimetres, weight in grams, prices in minor units.

    None leaves what is known as it is.
    """

    code: str
    name: str | None = None
    product: str | None = None
    kind: str | None = None
    grams: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    price_cents: int | None = None
    cost_cents: int | None = None
    hs_code: str | None = None
    origin: str | None = None
    fragile: bool | None = None
    stackable: bool | None = None
    keep_upright: bool | None = None
    hazardous: bool | None = None
    digital: bool | None = None
    tracks_lots: bool | None = None
    tracks_expiry: bool | None = None
    rotation: str | None = None
    barcode: str | None = None
