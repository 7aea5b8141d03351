"""`colisage demo load`: a French gift shop and a Canadian one, their warehouses, people, stock and orders of the last days."""

import json
import os
import random
import secrets
from argparse import ArgumentParser
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone
from msgspec.structs import replace

from colisage.boxing.actions.save_box_types import BoxRow, save_box_types
from colisage.carriers.actions.load_public_tariffs import load_public_tariffs
from colisage.carriers.actions.save_rate_card import CardRow, ZoneRow, save_rate_card
from colisage.catalog.actions.save_skus import SkuRow, save_recipe, save_skus
from colisage.desk.management.demo_rules import write_rules
from colisage.desk.management.demo_stock import Shop, ean13, fill_house
from colisage.inbound.actions.order_goods import order_goods
from colisage.intake.actions.accept_orders import Incoming, accept_orders
from colisage.intake.ports import DraftAddress, DraftLine, OrderDraft
from colisage.inventory.actions.make_plates import make_plates
from colisage.inventory.actions.nest_plate import nest_plate
from colisage.inventory.actions.open_stock import OpeningRow, open_stock
from colisage.inventory.actions.post_movements import Move, Spot, post_movements
from colisage.inventory.actions.save_lot import save_lot
from colisage.kit.actors import SYSTEM, Actor
from colisage.network.actions.open_channels import open_channels
from colisage.network.actions.open_node import BinRow, open_node
from colisage.network.actions.serve_merchant import serve_merchant
from colisage.network.queries import bins_of, channels_of, virtual_place
from colisage.people.actions.employ import employ
from colisage.people.actions.found_merchant import found_merchant
from colisage.people.actions.found_operator import found_operator
from colisage.people.queries import Party, has_people, merchants_by_id
from colisage.shipping.actions.open_account import open_account

LOGINS: Final = "first-logins.json"
SHOPS: Final = frozenset({"tilleul", "northwind"})  # the short names of the demo's merchants

# code, name, grams, length, width, height (mm), price (cents), what else
TILLEUL: Final[tuple[Any, ...]] = (
    ("MUG-GRES-BLEU", "Mug en grès bleu", 380, 120, 95, 100, 1900, {"fragile": True}),
    ("MUG-GRES-SABLE", "Mug en grès sable", 380, 120, 95, 100, 1900, {"fragile": True}),
    ("BOL-GRES", "Bol à soupe en grès", 520, 150, 150, 75, 2200, {"fragile": True}),
    ("ASSIETTE-GRES", "Assiette plate en grès", 740, 265, 265, 25, 2600, {"fragile": True}),
    ("THEIERE-FONTE", "Théière en fonte 0,8 l", 1650, 190, 160, 140, 5900, {}),
    ("BOUGIE-FIG-180", "Bougie figuier 180 g", 430, 85, 85, 95, 2400, {"fragile": True, "keep_upright": True}),
    ("BOUGIE-CED-180", "Bougie cèdre 180 g", 430, 85, 85, 95, 2400, {"fragile": True, "keep_upright": True}),
    ("SAVON-MIEL", "Savon au miel de tilleul", 110, 80, 55, 30, 690, {}),
    ("SAVON-LAV", "Savon à la lavande", 110, 80, 55, 30, 690, {}),
    ("TORCHON-LIN-RAY", "Torchon en lin rayé", 160, 250, 180, 15, 1650, {}),
    ("NAPPE-LIN-250", "Nappe en lin 150 × 250", 980, 340, 260, 50, 8900, {}),
    ("PLAID-LAINE", "Plaid en laine des Pyrénées", 1250, 400, 320, 110, 9800, {}),
    ("TAPIS-BERB-80", "Tapis berbère 80 × 150", 2310, 820, 160, 160, 9800, {}),
    ("COUSSIN-45", "Coussin en lin 45 × 45", 480, 380, 300, 120, 3900, {}),
    ("LAMPE-ATELIER", "Lampe d’atelier", 2900, 420, 300, 280, 12900, {"fragile": True}),
    ("CARAFE-1L", "Carafe soufflée 1 l", 690, 110, 110, 290, 3400, {"fragile": True, "keep_upright": True}),
    ("VERRE-4", "Quatre verres soufflés", 860, 190, 190, 110, 4200, {"fragile": True}),
    ("PLANCHE-OLIVIER", "Planche en olivier", 1120, 400, 180, 22, 4600, {}),
    ("COUTEAU-OFFICE", "Couteau d’office", 95, 210, 45, 20, 2900, {}),
    ("TABLIER-BLEU", "Tablier bleu de travail", 310, 300, 230, 25, 3600, {}),
    ("CAHIER-A5", "Cahier A5 cousu", 210, 215, 152, 12, 1250, {}),
    ("STYLO-LAITON", "Stylo en laiton", 42, 145, 20, 18, 3200, {}),
    ("CARTE-HERBIER", "Carte postale herbier", 12, 148, 105, 1, 250, {}),
    ("AFFICHE-50", "Affiche botanique 50 × 70", 340, 720, 70, 70, 2800, {}),
    ("PANIER-OSIER", "Panier en osier", 780, 380, 280, 220, 4400, {}),
    ("HUILE-OLIVE-50", "Huile d’olive 50 cl", 910, 70, 70, 270, 1650, {"fragile": True, "keep_upright": True}),
    ("MIEL-TILLEUL-250", "Miel de tilleul 250 g", 410, 75, 75, 85, 890, {"fragile": True, "tracks_lots": True, "tracks_expiry": True, "rotation": "fefo"}),
    ("TISANE-SOIR", "Tisane du soir", 70, 150, 90, 60, 990, {}),
    ("BOITE-THE", "Boîte à thé en métal", 190, 90, 90, 120, 1450, {}),
    ("SERVIETTE-4", "Quatre serviettes de table", 290, 220, 220, 40, 3200, {}),
    ("POT-TERRE-18", "Pot en terre cuite 18 cm", 1350, 190, 190, 175, 1890, {"fragile": True}),
    ("ARROSOIR-ZINC", "Arrosoir en zinc", 960, 330, 160, 250, 3990, {}),
)  # fmt: skip
NORTHWIND: Final[tuple[Any, ...]] = (
    ("MAPLE-SYRUP-375", "Maple syrup, 375 ml", 780, 75, 75, 215, 1495, {"fragile": True, "keep_upright": True}),
    ("MITTENS-WOOL", "Wool mittens", 140, 230, 130, 40, 4200, {}),
    ("TOQUE-RED", "Red knitted toque", 120, 240, 180, 40, 3600, {}),
    ("BLANKET-PLAID", "Plaid blanket", 1400, 400, 320, 120, 11900, {}),
    ("MUG-CABIN", "Cabin enamel mug", 160, 110, 85, 85, 1900, {}),
    ("CANDLE-PINE", "Pine candle", 420, 85, 85, 95, 2600, {"fragile": True, "keep_upright": True}),
    ("SOAP-CEDAR", "Cedar soap", 120, 80, 55, 30, 850, {}),
    ("BOARD-MAPLE", "Maple cutting board", 1280, 410, 230, 20, 6400, {}),
    ("PUZZLE-LAKE", "Lake puzzle, 1,000 pieces", 760, 340, 240, 55, 3200, {}),
    ("CARD-LOON", "Loon greeting card", 18, 180, 130, 2, 550, {}),
    ("TEA-BOREAL", "Boreal tea", 95, 150, 90, 60, 1250, {}),
    ("SOCKS-CAMP", "Camp socks", 110, 220, 110, 35, 2200, {}),
)  # fmt: skip
BOXES: Final = (  # code, name, inner l w h, wall mm, empty grams, max grams, cost, kind
    ("P1", "Pochette A5", (250, 180, 25), 1, 28, 2000, 18, "mailer"),
    ("C1", "Carton 200 × 150 × 100", (200, 150, 100), 4, 110, 6000, 42, "box"),
    ("C2", "Carton 260 × 200 × 120", (260, 200, 120), 4, 165, 10000, 58, "box"),
    ("C3", "Carton 310 × 215 × 180", (310, 215, 180), 5, 240, 15000, 76, "box"),
    ("C4", "Carton 400 × 300 × 200", (400, 300, 200), 6, 390, 20000, 105, "box"),
    ("C5", "Carton 500 × 400 × 300", (500, 400, 300), 7, 690, 30000, 168, "box"),
    ("T1", "Tube 850 × 180", (850, 180, 180), 4, 420, 12000, 190, "tube"),
)
PEOPLE: Final = {
    "Maison Tilleul": ("Camille Rousseau", "Hugo Lefèvre", "Inès Benali", "Louis Garnier", "Zoé Martin", "Paul Dubois", "Anaïs Moreau", "Jules Petit", "Nina Kovács", "Élodie Marchand"),
    "Northwind Gifts": ("Emma Clarke", "Liam Tremblay", "Olivia Singh", "Noah Roy", "Ava Campbell"),
}  # fmt: skip
TOWNS: Final = {
    "FR": (("14 rue Kervégan", "44000", "Nantes"), ("8 rue Lepic", "75018", "Paris"), ("3 place aux Herbes", "38000", "Grenoble"), ("27 cours Julien", "13006", "Marseille"), ("5 quai Finkwiller", "67000", "Strasbourg"), ("19 rue de la Soif", "35000", "Rennes"), ("2 rue Delgrès", "97100", "Basse-Terre")),
    "CA": (("220 Bloor St W", "M5S 1T8", "Toronto"), ("1180 rue Saint-Denis", "H2X 3J5", "Montréal"), ("45 Water St", "V6B 1A1", "Vancouver")),
}  # fmt: skip


class Command(BaseCommand):
    """Load the demo shops."""

    help = "Load the demo shops into an empty installation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what can be asked for."""
        parser.add_argument("--if-empty", action="store_true", help="do nothing where somebody can log in already")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, once."""
        if has_people():
            if not options["if_empty"]:
                self.stderr.write("This installation has people already; the demo shops are for an empty one.")
            return
        with transaction.atomic():
            logins = _load()
        path = Path(settings.COLISAGE_DATA_DIR) / LOGINS
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            json.dump(logins, out, ensure_ascii=False)


def _load() -> list[dict[str, str]]:
    nord = found_operator("Atelier Nord", slug="atelier-nord")
    boreal = found_operator("Boréal 3PL", slug="boreal", timezone="America/Toronto", currency="CAD")
    lyon_address = {"line1": "12 rue des Tisseurs", "postcode": "69004", "city": "Lyon", "country": "FR"}
    montreal_address = {"line1": "500 rue Dickson", "postcode": "H1N 2H7", "city": "Montréal", "country": "CA"}
    tilleul = found_merchant(
        "Maison Tilleul",
        slug="tilleul",
        operators=[nord, boreal],
        email="bonjour@maison-tilleul.example",
        address=lyon_address,
    )
    northwind = found_merchant(
        "Northwind Gifts", slug="northwind", operators=[boreal], language="en", currency="CAD", country="CA", brand="lagon",
        timezone="America/Toronto", email="hello@northwind.example", address=montreal_address,
    )  # fmt: skip
    lyon = open_node(
        nord, code="LYON", name="Lyon", bins=_bins(), address=lyon_address, latitude=45.774, longitude=4.828
    )
    montreal = open_node(
        boreal, code="MTL", name="Montréal", bins=_bins(), address=montreal_address, latitude=45.569, longitude=-73.527,
        timezone="America/Toronto",
    )  # fmt: skip
    serve_merchant(tilleul, node_ids=[lyon, montreal])
    serve_merchant(northwind, node_ids=[montreal])
    open_channels(
        tilleul, channels=[("shopify", "shop", "Boutique"), ("file", "file", "Fichiers"), ("api", "api", "API")]
    )
    open_channels(northwind, channels=[("shopify", "shop", "Shop"), ("file", "file", "Files"), ("api", "api", "API")])
    _tariffs(boreal)
    for operator in (nord, boreal):
        save_box_types(operator, [box_row(row) for row in BOXES], actor=SYSTEM)
    open_account(nord, carrier_code="laposte", connector="carrier_sim", actor=SYSTEM)
    skus = _catalogue(tilleul, lyon, TILLEUL, units=60)
    _catalogue(northwind, montreal, NORTHWIND, units=40)
    _bundles(tilleul, skus)
    _lots_and_plates(tilleul, lyon, honey=skus["MIEL-TILLEUL-250"])
    parties = merchants_by_id({tilleul, northwind})
    write_rules(tilleul)
    _orders(parties[tilleul], TILLEUL, count=28, seed=4)
    _orders(parties[northwind], NORTHWIND, count=8, seed=9)
    _pottery(tilleul, lyon, skus)
    chen, chens = _person(
        "chen@maison-tilleul.example", "Chen Li", roles=["manager"], operator_id=nord, merchant_id=tilleul
    )
    ada, adas = _person("ada@maison-tilleul.example", "Ada Morel", roles=["picker", "receiver"], operator_id=nord)
    fill_house(Shop(tilleul, nord, lyon, montreal, skus, manager=chen, receiver=ada))
    return [
        chens,
        adas,
        _person("bo@maison-tilleul.example", "Bo Nguyen", roles=["packer"], operator_id=nord)[1],
        _person(
            "dee@northwind.example",
            "Dee Walker",
            roles=["manager"],
            language="en",
            operator_id=boreal,
            merchant_id=northwind,
        )[1],
    ]


def _pottery(merchant_id: int, node_id: int, skus: dict[str, int]) -> None:
    """Order mugs and bowls: they come tomorrow."""
    order_goods(
        merchant_id, supplier="Poterie du Rhône", node_id=node_id, number="A-2041", expected_on=timezone.localdate() + timedelta(days=1),
        lines=[(skus["MUG-GRES-BLEU"], 48, 720), (skus["BOL-GRES"], 24, 840)], actor=SYSTEM,
    )  # fmt: skip


def _bins() -> list[BinRow]:
    """Lay out four aisles of ten slots on three levels; the standing walk goes up one aisle and down the next."""
    return [
        BinRow(
            code=f"{'ABCD'[aisle]}-{slot + 1:02}-{level}", aisle=aisle + 1, x_mm=2_500 + 3_200 * aisle, y_mm=2_000 + 1_200 * slot,
            level=level, walk=(aisle * 10 + (slot if aisle % 2 == 0 else 9 - slot)) * 3 + level, volume_mm3=480_000_000,
            max_grams=120_000,
        )
        for aisle in range(4)
        for slot in range(10)
        for level in (1, 2, 3)
    ]  # fmt: skip


def box_row(row: tuple[str, str, tuple[int, int, int], int, int, int, int, str]) -> BoxRow:
    """Turn a row of the usual packagings into what is saved."""
    code, name, inner, wall, empty, most, cost, kind = row
    length, width, height = inner
    return BoxRow(
        code=code, name=name, inner_length_mm=length, inner_width_mm=width, inner_height_mm=height,
        outer_length_mm=length + 2 * wall, outer_width_mm=width + 2 * wall, outer_height_mm=height + 2 * wall,
        empty_grams=empty, max_grams=most, cost_cents=cost, kind=kind,
    )  # fmt: skip


def _tariffs(canadian_operator: int) -> None:
    """Load La Poste's public tariff, and a made-up card of a made-up Canadian carrier."""
    load_public_tariffs()
    breaks = (
        (500, 890, 2, 4),
        (1_000, 1_090, 2, 4),
        (2_000, 1_390, 2, 5),
        (5_000, 1_890, 2, 5),
        (10_000, 2_790, 3, 6),
        (30_000, 4_990, 3, 7),
    )
    abroad = tuple((grams, cents * 3, low + 4, high + 6) for grams, cents, low, high in breaks)
    save_rate_card(
        CardRow(
            carrier_code="poste-boreale", carrier_name="Poste Boréale (demo)", service_code="boreale-home", service_name="Boréale Home",
            from_country="CA", currency="CAD", valid_from=date(2026, 1, 1), source="demo", operator_id=canadian_operator,
            zones=[ZoneRow(code="CA", countries=("CA",), breaks=breaks), ZoneRow(code="INT", countries=("*",), breaks=abroad)],
        )
    )  # fmt: skip


def _catalogue(merchant_id: int, node_id: int, rows: Any, *, units: int) -> dict[str, int]:
    """Make the SKUs of a shop, and stock of most of them."""
    made = save_skus(
        merchant_id,
        [
            SkuRow(
                code=code, name=name, grams=grams, length_mm=length, width_mm=width, height_mm=height, price_cents=price,
                cost_cents=price * 2 // 5, barcode=ean13(merchant_id * 10_000 + n), **more,
            )
            for n, (code, name, grams, length, width, height, price, more) in enumerate(rows, 1)
        ],
        actor=SYSTEM,
    )  # fmt: skip
    bins = bins_of(node_id)
    chance = random.Random(merchant_id)
    open_stock(
        merchant_id,
        [
            OpeningRow(
                pk,
                bins[(n * 7) % len(bins)].id,
                3 if code == "LAMPE-ATELIER" else chance.randint(units // 2, units * 2),
            )
            for n, (code, pk) in enumerate(made.items())
        ],
        document_id=merchant_id,
        actor=SYSTEM,
    )
    return made


def _lots_and_plates(merchant_id: int, node_id: int, *, honey: int) -> None:
    """Bring honey in with its lots: one soon too old, one on a pallet that carries a carton."""
    bins, found, today = bins_of(node_id), virtual_place("found"), timezone.localdate()
    (pallet, _code), (carton, _same) = make_plates(merchant_id, count=2, actor=SYSTEM)
    nest_plate([merchant_id], plate_id=carton, on_id=pallet, actor=SYSTEM)
    arrived = (("M-2511", 20, 48, 40, None), ("M-2607", 240, 60, 44, pallet), ("M-2607", 240, 24, 44, carton))
    post_movements(
        [
            Move(
                merchant_id=merchant_id, sku_id=honey, qty=units, source=Spot(place_id=found), reason="opening",
                target=Spot(
                    place_id=bins[bin_].id, plate_id=plate,
                    lot_id=save_lot(merchant_id, sku_id=honey, code=code, expires_on=today + timedelta(days=days)),
                ),
                doc_kind="opening_lots", doc_id=merchant_id, doc_line=line,
            )
            for line, (code, days, units, bin_, plate) in enumerate(arrived)
        ],
        actor=SYSTEM,
    )  # fmt: skip


def _bundles(merchant_id: int, skus: dict[str, int]) -> None:
    for code, name, price, recipe in (
        ("COFFRET-THE", "Coffret du soir", 2690, (("MUG-GRES-BLEU", 1), ("TISANE-SOIR", 1))),
        ("COFFRET-TABLE", "Coffret de table", 4690, (("TORCHON-LIN-RAY", 1), ("SERVIETTE-4", 1))),
    ):
        made = save_skus(merchant_id, [SkuRow(code=code, name=name, kind="bundle", price_cents=price)], actor=SYSTEM)
        save_recipe(
            merchant_id, sku_id=made[code], recipe=[(skus[part], units) for part, units in recipe], actor=SYSTEM
        )


def _orders(merchant: Party, rows: Any, *, count: int, seed: int) -> None:
    """Take in the orders of the last two days: most are right, some have to wait."""
    chance = random.Random(seed)
    channel = channels_of(merchant.id)["shop"]
    now = timezone.now()
    drafts = []
    for n in range(count):
        wants = chance.sample(rows, chance.choice((1, 1, 1, 2, 2, 3)))
        lines = tuple(DraftLine(row[0], chance.choice((1, 1, 1, 2)), row[6], row[1]) for row in wants)
        street, postcode, city = chance.choice(TOWNS[merchant.country])
        name = chance.choice(PEOPLE[merchant.name])
        shipping = 590 if merchant.country == "FR" else 990
        drafts.append(
            OrderDraft(
                external_ref=f"demo-{merchant.id}-{n}", number=f"#{10_450 + n}", placed_at=now - timedelta(minutes=95 * (count - n)),
                currency=merchant.currency, lines=lines, total_cents=sum(line.total_cents for line in lines) + shipping,
                shipping_cents=shipping, ship_to=DraftAddress(name=name, line1=street, postcode=postcode, city=city, country=merchant.country),
                email=f"{name.split()[0].lower()}@example.com", customer_name=name, language=merchant.language, payment="paid",
                shipping_method="Colissimo" if merchant.country == "FR" else "Standard",
            )
        )  # fmt: skip
    if merchant.country == "FR":
        drafts[3] = replace(drafts[3], ship_to=replace(drafts[3].ship_to, postcode=""))  # type: ignore[type-var]
        drafts[7] = replace(drafts[7], payment="pending")
        drafts[11] = replace(
            drafts[11], gift_note="Joyeux anniversaire Mamie ! Nous pensons fort à toi.", language="en"
        )
        lamps = DraftLine("LAMPE-ATELIER", 5, 12_900, "Lampe d’atelier")
        drafts[15] = replace(drafts[15], lines=(lamps,), total_cents=lamps.total_cents + 590)
    accept_orders([Incoming(channel, draft) for draft in drafts], actor=SYSTEM)


def _person(
    email: str, name: str, *, roles: list[str], language: str = "fr", **where: int
) -> tuple[Actor, dict[str, str]]:
    """Employ a person; give them as one who acts, and what they log in with."""
    password = secrets.token_urlsafe(9)
    made = employ(email, name=name, password=password, language=language, roles=roles, **where)
    return Actor("person", made, name), {"login": email, "password": password, "role": roles[0]}
