"""The columns of the plain order file, under the names people give them in English and in French."""

from collections.abc import Collection, Mapping
from typing import Final

from colisage.kit.tabular.names import plain

REQUIRED: Final = ("order_ref", "sku", "quantity")

# The first name is the one in the documentation; all are compared without accents, case or punctuation.
SYNONYMS: Final[Mapping[str, str]] = {
    "order_ref": (
        "order ref, order, order number, order no, order id, commande, numero de commande, no "
        "commande, n commande, num commande, n de commande, ref commande, reference commande, reference "
        "de commande, id commande"
    ),
    "placed_at": (
        "placed at, date, order date, ordered at, created at, date de commande, date commande, passee le, commande le"
    ),
    "sku": (
        "sku, reference, product code, item code, item, article, code article, reference article, "
        "ref article, reference produit, ref produit, code produit, reference sku"
    ),
    "quantity": "quantity, qty, units, quantite, qte, nombre",
    "unit_price": "unit price, price, prix, prix unitaire, pu, prix unitaire ttc, pu ttc, prix ttc",
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
    "address1": "address1, address 1, address, street, address line 1, adresse, adresse1, adresse 1, rue",
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
