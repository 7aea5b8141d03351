"""What people call the columns of a catalogue, in French and in English."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from colisage.kit.tabular.names import plain


class Column(NamedTuple):
    """The field a column fills, and how many grams or millimetres its unit has (0: its name does not say)."""

    field: str
    scale: int = 1


# Written without accents, capitals and signs; of weights and lengths without the unit.
_SAID: Final[Mapping[str, str]] = {
    "code": "sku, code, reference, ref, article, item, code article, code produit, reference article, "
    "reference produit, sku code, product code, item code, variant sku",
    "name": "name, title, nom, designation, libelle, intitule, product name, item name, nom du produit, "
    "nom de l article",
    "product": "product, produit, modele, model, parent",
    "kind": "kind, nature",
    "barcodes": "barcode, barcodes, ean, ean13, ean 13, gtin, upc, code barres, code barre, codes barres, "
    "code a barres, code ean, code barres ean, variant barcode",
    "grams": "weight, poids, masse, mass, gross weight, poids brut",
    "length_mm": "length, longueur",
    "width_mm": "width, largeur",
    "height_mm": "height, hauteur",
    "price_cents": "price, prix, prix de vente, sale price, unit price, variant price",
    "cost_cents": "cost, cout, prix d achat, purchase price, cost per item",
    "hs_code": "hs code, hs, code sh, code hs, code douanier, nomenclature douaniere, customs code, tariff code",
    "origin": "origin, country of origin, origin country, origine, pays d origine, made in",
    "fragile": "fragile",
    "stackable": "stackable, empilable, gerbable",
    "keep_upright": "keep upright, upright, debout, tenir debout",
    "hazardous": "hazardous, dangerous, dangereux",
    "digital": "digital, numerique",
    "tracks_lots": "tracks lots, lots, suivi par lot",
    "tracks_serials": "tracks serials, serials, serial numbers, numeros de serie",  # codespell:ignore
    "tracks_expiry": "tracks expiry, expiry, peremption",
    "days_left": "days left, days before expiry, shelf life left, jours restants, jours avant peremption",
    "rotation": "rotation",
    "storage_id": "storage, storage type, storage class, stockage, type de stockage, conservation",
    "active": "active, actif, in use, en service",
    "recipe": "recipe, recette, contents, contenu, composition, components, composants",  # codespell:ignore
}
_FIELDS: Final = {said: field for field, names in _SAID.items() for said in names.split(", ")}
_WEIGHTS: Final = {
    **dict.fromkeys(("g", "gr", "gram", "grams", "gramme", "grammes"), 1),
    **dict.fromkeys(("kg", "kilo", "kilos", "kilogram", "kilograms", "kilogramme", "kilogrammes"), 1000),
}
_LENGTHS: Final = {
    **dict.fromkeys(("mm", "millimetre", "millimetres"), 1),
    **dict.fromkeys(("cm", "centimetre", "centimetres"), 10),
    **dict.fromkeys(("m", "metre", "metres"), 1000),
}
_MEASURED: Final = {"grams": _WEIGHTS, "length_mm": _LENGTHS, "width_mm": _LENGTHS, "height_mm": _LENGTHS}
_ALONE: Final = {"grams", "grammes", "variant grams"}  # a unit that is a name of its own
_REASONS: Final = {"reason for refusal", "motif du refus"}  # beside the rows we gave back


def column_of(name: str) -> Column | None:
    """Say what a column holds: `Poids (en kg)` is grams by the thousand. None for a column we have no use for."""
    words = plain(name).split()
    if " ".join(words) in _ALONE:
        return Column("grams")
    units = _WEIGHTS | _LENGTHS
    unit = words.pop() if len(words) > 1 and words[-1] in units else ""
    if unit and len(words) > 1 and words[-1] in {"en", "in"}:
        words.pop()
    field = _FIELDS.get(" ".join(words))
    if field not in _MEASURED:
        return Column(field) if field and not unit else None
    return Column(field, _MEASURED[field].get(unit, 0))


def unused(headers: Iterable[str]) -> list[str]:
    """Give the columns that say nothing to us."""
    return [name for name in headers if name and column_of(name) is None and plain(name) not in _REASONS]


def without_unit(headers: Iterable[str]) -> list[str]:
    """Give the columns of weights and lengths that do not say in what."""
    return [name for name in headers if (column := column_of(name)) and not column.scale]


def said_twice(headers: Sequence[str]) -> list[str]:
    """Give the columns of which another says the same."""
    by_field: dict[str, list[str]] = {}
    for name in headers:
        if column := column_of(name):
            by_field.setdefault(column.field, []).append(name)
    return [name for names in by_field.values() if len(names) > 1 for name in names]
