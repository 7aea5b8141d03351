"""What the demo shop does with its stock: kits, serials, cases, counts, a transfer, deliveries, consigned goods.

Small, and by the actions that people and programs use: each page of the stock and of receiving shows something real.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.utils import timezone

from colisage.catalog.actions.save_skus import SkuRow, save_recipe, save_skus
from colisage.catalog.actions.store_skus import store_skus
from colisage.inbound.actions.announce_deliveries import DeliveryDraft, Item, announce_deliveries
from colisage.inbound.actions.order_goods import order_goods
from colisage.inbound.actions.put_away import put_away
from colisage.inbound.actions.receive_goods import receive_goods
from colisage.inbound.actions.save_putaway_rules import save_putaway_rules
from colisage.inbound.actions.save_supplier import save_supplier
from colisage.inbound.actions.send_transfer import send_transfer
from colisage.inbound.queries.shelving import rules_of
from colisage.inventory.actions.adjust_stock import adjust_stock
from colisage.inventory.actions.assemble_kits import assemble_kits
from colisage.inventory.actions.count_bins import count_bins
from colisage.inventory.actions.finish_count import finish_count
from colisage.inventory.actions.note_units import note_units
from colisage.inventory.actions.post_movements import Move, Spot, post_movements
from colisage.inventory.actions.save_count_plan import save_count_plan
from colisage.inventory.actions.save_serials import save_serials
from colisage.inventory.actions.save_tag_reader import save_tag_reader
from colisage.inventory.actions.set_buffers import set_buffers
from colisage.inventory.actions.set_safety import Safety, set_safety
from colisage.inventory.actions.start_count import start_count
from colisage.inventory.queries.counting import book_of, cells_in
from colisage.inventory.queries.counts import tasks
from colisage.kit.actors import SYSTEM, Actor
from colisage.kit.gs1.digits import check_digit
from colisage.network.actions.add_bins import NewBin, add_bins
from colisage.network.actions.add_zone import add_zone
from colisage.network.actions.equip_node import equip_node
from colisage.network.queries import Bin, bins_of, channels_of, virtual_place
from colisage.network.queries.storing import storage_types, storing_zones

KIT: Final = UUID("5c0ffee7-0000-4000-8000-000000000001")
RADIO, VASE, GIFT = "RADIO-BOIS", "VASE-LACAZE", "COFFRET-BAIN"


@dataclass(frozen=True, slots=True)
class Shop:
    """The demo shop and its house: ids, and the SKUs by code."""

    merchant_id: int
    operator_id: int
    node_id: int
    other_node_id: int
    skus: Mapping[str, int]
    manager: Actor
    receiver: Actor

    def bin(self, code: str) -> Bin:
        """Find a bin of the house."""
        return next(one for one in bins_of(self.node_id) if one.code == code)


def ean13(number: int) -> str:
    """Give an EAN-13 of the numbers that a house uses for itself (20…)."""
    digits = f"20{number:010}"
    return digits + check_digit(digits)


def case_gtin(ean: str) -> str:
    """Give the GTIN-14 of a case of what an EAN-13 stands for."""
    digits = f"1{ean[:-1]}"
    return digits + check_digit(digits)


def fill_house(shop: Shop) -> None:
    """Do what a house does in its first weeks."""
    made = _special_skus(shop)
    _cases(shop)
    _locked_up(shop, made[RADIO])
    _rules(shop)
    _serials(shop, made[RADIO])
    _kits(shop, made[GIFT])
    _kept_back(shop)
    _consigned(shop, made[VASE])
    _announced(shop)
    _counts(shop)
    _transfer(shop)
    save_tag_reader(
        shop.operator_id,
        node_id=shop.node_id,
        name="Portique du quai",
        host="127.0.0.1",
        port=5084,
        place_code="",
        actor=shop.manager,
    )


def _special_skus(shop: Shop) -> dict[str, int]:
    """Make what is kept in a way of its own: by serial number, as a kit, for a supplier."""
    first = shop.merchant_id * 10_000 + 900
    return save_skus(
        shop.merchant_id,
        [
            SkuRow(
                code=RADIO,
                name="Radio en noyer",
                grams=1900,
                length_mm=290,
                width_mm=130,
                height_mm=170,
                price_cents=14_900,
                cost_cents=6_800,
                barcode=ean13(first),
                tracks_serials=True,
                fragile=True,
            ),
            SkuRow(
                code=VASE,
                name="Vase soufflé Lacaze",
                grams=820,
                length_mm=150,
                width_mm=150,
                height_mm=260,
                price_cents=6_900,
                cost_cents=3_100,
                barcode=ean13(first + 1),
                fragile=True,
                keep_upright=True,
            ),
            SkuRow(
                code=GIFT,
                name="Coffret bain et miel",
                kind="kit",
                grams=430,
                length_mm=200,
                width_mm=150,
                height_mm=90,
                price_cents=2_290,
                barcode=ean13(first + 2),
            ),
        ],
        actor=SYSTEM,
    )


def _cases(shop: Shop) -> None:
    """Let mugs and bowls come in cases of six, with a number of their own."""
    places = {code: n for n, code in enumerate(shop.skus, 1)}
    rows = []
    for code in ("MUG-GRES-BLEU", "BOL-GRES"):
        ean = ean13(shop.merchant_id * 10_000 + places[code])
        rows.append(SkuRow(code=code, barcodes=((ean, 1), (case_gtin(ean), 6))))
    save_skus(shop.merchant_id, rows, actor=SYSTEM)


def _locked_up(shop: Shop, radio: int) -> None:
    """Keep what is worth a theft in a cage of its own: the storage type of its zone and of its SKU."""
    zone = add_zone(shop.operator_id, node_id=shop.node_id, code="S", kind="storage", actor=shop.manager)
    cage = [NewBin(code=f"S-01-{level}", x_mm=16_000, y_mm=2_000, level=level) for level in (1, 2, 3)]
    add_bins(shop.operator_id, node_id=shop.node_id, zone_id=zone, bins=cage, actor=shop.manager)
    store_skus(shop.merchant_id, sku_ids=[radio], storage_id=_storage("secure"), actor=shop.manager)


def _storage(code: str) -> int:
    return next(pk for pk, known, _name in storage_types() if known == code)


def _rules(shop: Shop) -> None:
    """Say where goods go: what is waited for near the bench, often picked things on the short walk."""
    usual = {rule.kind: rule for rule in rules_of([shop.node_id])[shop.node_id]}
    order = ("storage", "capacity", "cross_dock", "same_lot", "same_sku", "fast_near", "alone", "near")
    rules = [usual[kind] for kind in order]
    save_putaway_rules(shop.operator_id, node_id=shop.node_id, rules=rules, actor=shop.manager)
    zones = {
        zone.id: _storage("secure") if zone.code == "S" else zone.storage_id for zone in storing_zones([shop.node_id])
    }
    equip_node(shop.operator_id, node_id=shop.node_id, zones=zones, cross_dock=["A-01-1", "A-01-2"], actor=shop.manager)


def _serials(shop: Shop, radio: int) -> None:
    """Find three radios, each with the number on its back."""
    numbers = [(radio, f"RN-24{n:04}") for n in (117, 118, 125)]
    lots = save_serials(shop.merchant_id, serials=numbers)
    found, place = virtual_place("found"), shop.bin("S-01-1").id
    post_movements(
        [
            Move(
                merchant_id=shop.merchant_id,
                sku_id=radio,
                qty=1,
                source=Spot(place_id=found, lot_id=lots[number]),
                target=Spot(place_id=place, lot_id=lots[number]),
                reason="opening",
                doc_kind="opening_lots",
                doc_id=shop.merchant_id,
                doc_line=100 + n,
            )
            for n, number in enumerate(numbers)
        ],
        actor=shop.manager,
    )


def _kits(shop: Shop, gift: int) -> None:
    """Assemble five gift boxes."""
    recipe = [(shop.skus[code], units) for code, units in (("SAVON-MIEL", 2), ("SAVON-LAV", 1), ("BOITE-THE", 1))]
    save_recipe(shop.merchant_id, sku_id=gift, recipe=recipe, actor=SYSTEM)
    assemble_kits(
        shop.merchant_id,
        node_id=shop.node_id,
        sku_id=gift,
        qty=5,
        place_id=shop.bin("A-02-2").id,
        once=KIT,
        actor=shop.receiver,
    )


def _kept_back(shop: Shop) -> None:
    """Keep units back: from every channel, and from the one that is slow to hear of sales."""
    levels = [Safety(shop.skus[code], shop.node_id, units) for code, units in (("SAVON-LAV", 4), ("VERRE-4", 2))]
    set_safety(shop.merchant_id, levels, actor=shop.manager)
    channel = channels_of(shop.merchant_id)["file"].id
    set_buffers(
        shop.merchant_id, channel_id=channel, everything=1, skus={shop.skus["BOUGIE-FIG-180"]: 3}, actor=shop.manager
    )


def _consigned(shop: Shop, vase: int) -> None:
    """Take vases in that stay their maker's until they are sold; two of them break, and are bought by that."""
    address = {"line1": "3 chemin de la Verrerie", "postcode": "81400", "city": "Carmaux", "country": "FR"}
    save_supplier(
        shop.merchant_id,
        code="LACAZE",
        name="Verrerie Lacaze",
        email="atelier@lacaze.example",
        address=address,
        actor=shop.manager,
    )
    order = order_goods(
        shop.merchant_id,
        supplier="LACAZE",
        node_id=shop.node_id,
        number="L-118",
        lines=[(vase, 18, 3_100)],
        consigned=True,
        actor=shop.manager,
    )
    receipt = receive_goods(
        shop.merchant_id,
        node_id=shop.node_id,
        sku_id=vase,
        sku_code=VASE,
        good=12,
        purchase_order_id=order,
        actor=shop.receiver,
    )
    place = shop.bin("C-10-1")
    put_away(shop.merchant_id, receipt_id=receipt, bin_code=place.code, qty=12, actor=shop.receiver)
    cell = next(one for one in cells_in(place.id) if one.sort.sku_id == vase)
    adjust_stock(shop.merchant_id, cell_id=cell.id, counted=cell.qty - 2, reason="damaged", actor=shop.manager)


def _announced(shop: Shop) -> None:
    """Let a supplier announce what is on its way: honey of a new lot, soap on the same pallet."""
    today = timezone.localdate()
    honey, soap = shop.skus["MIEL-TILLEUL-250"], shop.skus["SAVON-MIEL"]
    supplier = save_supplier(shop.merchant_id, code="RUCHER", name="Rucher du Pilat", lead_days=6, actor=shop.manager)
    order = order_goods(
        shop.merchant_id,
        supplier="RUCHER",
        node_id=shop.node_id,
        number="R-77",
        expected_on=today + timedelta(days=2),
        lines=[(honey, 60, 310), (soap, 90, 190)],
        actor=shop.manager,
    )
    digits = f"320{shop.merchant_id:06}00000077"
    pallet = digits + check_digit(digits)
    items = [
        Item(honey, 60, order, lot="M-2612", expires_on=today + timedelta(days=540), pallet_sscc=pallet),
        Item(soap, 48, order, pallet_sscc=pallet),
    ]
    draft = DeliveryDraft(supplier, shop.node_id, "BL-2207", items, today + timedelta(days=2), carrier="Heppner")
    announce_deliveries(shop.merchant_id, [draft], came_by="hand", actor=shop.manager)


def _counts(shop: Shop) -> None:
    """Plan counts of the bins that matter; one bin is counted and right, two wait for somebody."""
    save_count_plan(shop.operator_id, node_id=shop.node_id, method="abc", bins_a_day=6, actor=shop.manager)
    done, *waiting = (shop.bin(code).id for code in ("A-02-2", "C-10-1", "S-01-1"))
    count_bins(shop.operator_id, node_id=shop.node_id, bins=[(done, "hand")], actor=shop.manager)
    count_bins(shop.operator_id, node_id=shop.node_id, bins=[(place, "hand") for place in waiting], actor=shop.manager)
    (task,) = (one for one in tasks([shop.operator_id], states=["open"]) if one.place_id == done)
    begun = start_count(shop.operator_id, task_id=task.pk, actor=shop.receiver)
    for sort, units in book_of(done).items():
        note_units(
            shop.operator_id,
            round_id=begun,
            merchant_ids=[shop.merchant_id],
            sku_id=sort.sku_id,
            units=units,
            actor=shop.receiver,
        )
    finish_count(shop.operator_id, round_id=begun, actor=shop.receiver)


def _transfer(shop: Shop) -> None:
    """Send candles to the other house; they are under way."""
    candles = [(shop.skus["BOUGIE-CED-180"], 6), (shop.skus["CAHIER-A5"], 10)]
    send_transfer(
        shop.merchant_id,
        candles,
        from_node_id=shop.node_id,
        to_node_id=shop.other_node_id,
        once="demo",
        expected_on=timezone.localdate() + timedelta(days=9),
        note="Pour les commandes du Canada",
        actor=shop.manager,
    )
