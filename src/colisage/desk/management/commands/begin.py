"""`colisage begin`: the first (or another) shop with its warehouse and its manager, ready to take orders."""

import re
import zoneinfo
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.text import slugify

from colisage.boxing.actions.save_box_types import save_box_types
from colisage.carriers.actions.load_public_tariffs import load_public_tariffs
from colisage.desk.management.commands.demo_load import BOXES, box_row
from colisage.kit.actors import SYSTEM
from colisage.kit.terminal import either
from colisage.network.actions.open_channels import open_channels
from colisage.network.actions.open_node import BinRow, open_node
from colisage.network.actions.serve_merchant import serve_merchant
from colisage.people.actions.add_person import add_person
from colisage.people.actions.found_merchant import found_merchant
from colisage.people.actions.found_operator import found_operator
from colisage.people.queries import merchant_slugs


class Command(BaseCommand):
    """Begin."""

    help = "Open a shop with a warehouse of its own, and let its manager in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what can be told."""
        parser.add_argument("--shop", required=True, help="its name, as customers know it")
        parser.add_argument("--email", required=True, help="of its manager, who logs in with it")
        parser.add_argument("--name", default="", help="of its manager")
        parser.add_argument("--language", choices=["fr", "en"], default="fr")
        parser.add_argument("--country", default="FR", help="two letters, where the warehouse stands")
        parser.add_argument("--currency", default="EUR", help="three letters")
        parser.add_argument("--timezone", default="Europe/Paris")

    def handle(self, *args: Any, **options: Any) -> None:
        """Open the shop, as a whole or not at all."""
        _check(options)
        with transaction.atomic():
            made = _begin(options)
        said = either(
            f"{options['shop']} is open. Log in as {made.email}",
            f"{options['shop']} est ouverte. Connectez-vous avec {made.email}",
        )
        word = either("password", "mot de passe")
        self.stdout.write(f"{said} / {made.password} ({word})." if made.password else f"{said}.")


def _check(options: dict[str, Any]) -> None:
    """Refuse what cannot be, in a sentence."""
    slug = slugify(options["shop"])
    if not slug or slug in merchant_slugs():
        raise CommandError(
            either("Choose another name: a shop has this one.", "Choisissez un autre nom : une boutique a celui-ci.")
        )
    try:
        validate_email(options["email"])
    except ValidationError as error:
        raise CommandError(either("This is not an e-mail address.", "Ce n’est pas une adresse e-mail.")) from error
    if options["timezone"] not in zoneinfo.available_timezones():
        raise CommandError(either("No time zone has this name.", "Aucun fuseau horaire n’a ce nom."))
    if not re.fullmatch("[A-Z]{3}", options["currency"]) or not re.fullmatch("[A-Za-z]{2}", options["country"]):
        raise CommandError(
            either("Give a country such as FR and a currency such as EUR.", "Donnez un pays (FR) et une monnaie (EUR).")
        )


def _begin(options: dict[str, Any]) -> Any:
    shop, slug, zone = options["shop"], slugify(options["shop"]), options["timezone"]
    country = options["country"].upper()
    operator = found_operator(shop, slug=slug, timezone=zone, currency=options["currency"])
    merchant = found_merchant(
        shop,
        slug=slug,
        operators=[operator],
        language=options["language"],
        currency=options["currency"],
        country=country,
        timezone=zone,
        email=options["email"],
    )
    node = open_node(
        operator, code="MAIN", name=shop, bins=_bins(), address={"country": country, "name": shop}, timezone=zone
    )
    serve_merchant(merchant, node_ids=[node])
    french = options["language"] == "fr"
    open_channels(
        merchant,
        channels=[
            ("shopify", "shop", "Boutique" if french else "Shop"),
            ("file", "file", "Fichiers" if french else "Files"),
            ("api", "api", "API"),
        ],
    )
    load_public_tariffs()
    save_box_types(operator, [box_row(row) for row in BOXES], actor=SYSTEM)
    return add_person(
        merchant,
        email=options["email"],
        name=options["name"] or options["email"].partition("@")[0],
        language=options["language"],
        roles=["manager"],
        operator_ids=[operator],
        actor=SYSTEM,
    )


def _bins() -> list[BinRow]:
    """Give a first shelf: ten bays of three levels; more are made on the node's page."""
    return [
        BinRow(
            code=f"A-{bay:02}-{level}", aisle=1, x_mm=2_500, y_mm=800 + 1_200 * bay, level=level, walk=bay * 3 + level
        )
        for bay in range(1, 11)
        for level in (1, 2, 3)
    ]
