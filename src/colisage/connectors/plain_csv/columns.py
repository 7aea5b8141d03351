"""The columns of the plain order file, under the names people give them in English and in French."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from colisage.kit.tabular import Row, Table
from colisage.kit.tabular import cells as read
from colisage.kit.tabular.names import country_code, plain

REQUIRED: Final[Mapping[str, str | Promise]] = {
    "order_ref": _("order number"),
    "sku": "sku",
    "quantity": _("quantity"),
}  # each known by that name

# The first name is the one in the documentation; all are compared without accents, case or punctuation.
SYNONYMS: Final[Mapping[str, str]] = {
    "order_ref": (
        "order ref, order, order number, order no, order id, commande, numero de commande, no "
        "commande, n commande, num commande, n de commande, ref commande, reference commande, reference "
        "de commande, id commande, cde, n cde, no cde, num cde, ref cde"
    ),
    "placed_at": (
        "placed at, date, order date, ordered at, created at, date de commande, date commande, passee le, commande le"
    ),
    "sku": (
        "sku, reference, product code, item code, item, article, code article, reference article, "
        "ref article, reference produit, ref produit, code produit, reference sku, code art, ref art"
    ),
    "quantity": "quantity, qty, units, quantite, qte, qtes, nombre, nbre, nb",
    "unit_price": "unit price, price, prix, prix unitaire, pu, prix unitaire ttc, pu ttc, prix ttc, tarif",
    "product": "product, product name, description, produit, designation, libelle, nom du produit",
    "discount": "line discount, discount, remise, remise ligne",
    "currency": "currency, devise, monnaie",
    "total": "total, order total, total ttc, total commande, montant total",
    "shipping": (
        "shipping, shipping cost, shipping price, carriage, port, frais de port, livraison, frais de livraison"
    ),
    "shipping_method": "shipping method, delivery method, mode de livraison, methode de livraison",
    "payment": "payment, payment status, financial status, paiement, statut du paiement, etat du paiement",
    "name": (
        "name, recipient, customer, customer name, full name, ship to, nom, destinataire, client, nom "
        "complet, nom du client"
    ),
    "company": "company, societe, entreprise, raison sociale",
    "address1": "address1, address 1, address, street, address line 1, adresse, adresse1, adresse 1, rue, voie",
    "address2": (
        "address2, address 2, address line 2, adresse2, adresse 2, complement, complement d adresse, complement adresse"
    ),
    "postcode": "postcode, post code, postal code, zip, zip code, code postal, cp",
    "city": "city, town, ville, localite, commune",
    "region": "region, state, province, county, departement",
    "country": "country, country code, pays, code pays",
    "phone": "phone, telephone, tel, mobile, portable",
    "email": "email, e mail, mail, courriel, adresse e mail, adresse email, adresse courriel",
    "language": "language, langue, locale",
    "note": "note, notes, comment, customer note, commentaire, remarque, instructions",
    "gift_note": "gift note, gift message, message cadeau, mot cadeau",
    "personalisation": "personalisation, personalization, engraving, personnalisation, gravure",
    "tags": "tags, labels, etiquettes",
    "first_name": "first name, given name, prenom",
    "last_name": "last name, surname, family name, nom de famille",
    "line_tax": "line tax, tax of the line, tva ligne, taxe ligne, montant tva ligne",
    "tax": "order tax, total tax, total tva, tva totale, total taxes, tva commande",
    "order_discount": (
        "order discount, total discount, discount total, discount amount, cart discount, remise commande, remise "
        "totale, total remise"
    ),
    "tip": "tip, tips, pourboire",
    "gift_card": "gift card, gift card amount, carte cadeau, montant carte cadeau",
    "wanted_on": (
        "wanted on, wanted date, requested delivery date, requested date, delivery date, deliver by, due date, date de "
        "livraison souhaitee, livraison souhaitee, date souhaitee, date de livraison, a livrer le"
    ),
    "purchase_reference": (
        "purchase order, po, po number, po reference, purchase reference, customer reference, your reference, bon de "
        "commande, numero de bon de commande, reference client, votre reference"
    ),
}
_MEANINGS: Final = {name: ours for ours, names in SYNONYMS.items() for name in names.split(", ")}


def places(columns: Collection[str]) -> dict[str, str]:
    """Give, for each of our columns, the file's column that holds it; the first one when two would do."""
    found: dict[str, str] = {}
    for column in columns:
        ours = _MEANINGS.get(plain(column))
        if ours:
            found.setdefault(ours, column)
    return found


def guess(table: Table) -> dict[str, str]:
    """Say which column probably holds what: by its whole name, by words of it, then by what its first cells hold."""
    found = places(table.columns)
    for column in table.columns:
        if column not in found.values() and (ours := _by_words(plain(column))):
            found.setdefault(ours, column)
    rows = [row for row in table if isinstance(row, Row)]
    for ours, holds in _CONTENTS.items():
        if ours not in found:
            free = (c for c in table.columns if c and c not in found.values())
            fitting = next((c for c in free if _all(rows, c, holds)), "")
            if fitting:
                found[ours] = fitting
    return found


def _by_words(name: str) -> str:
    """Find the longest of all known names of at least four letters that stands in a column's name as whole words."""
    within = [known for known in _MEANINGS if len(known) > 3 and f" {known} " in f" {name} "]
    return _MEANINGS[max(within, key=len)] if within else ""


def _all(rows: Sequence[Row], column: str, holds: Callable[[str], bool]) -> bool:
    told = [value for row in rows if (value := row.cells.get(column, "").strip())]
    return bool(told) and all(holds(value) for value in told)


def _is_currency(value: str) -> bool:
    return len(value) == 3 and _reads(read.currency_code, value)


def _is_moment(value: str) -> bool:
    with suppress(read.AmbiguousDate):
        return len(value) > 7 and _reads(read.moment, value)
    return True


def _is_country(value: str) -> bool:
    return not value.isdecimal() and _reads(country_code, value)


def _reads(reader: Callable[[str], object], value: str) -> bool:
    try:
        reader(value)
    except read.AmbiguousDate:
        raise
    except ValueError:
        return False
    return True


_CONTENTS: Final[Mapping[str, Callable[[str], bool]]] = {
    "email": lambda value: re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value) is not None,
    "currency": _is_currency,
    "placed_at": _is_moment,
    "country": _is_country,
    "phone": lambda value: re.fullmatch(r"\+?[\d .()-]{9,20}", value) is not None and value[0] in "+0(",
}
