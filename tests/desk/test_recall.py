"""A recall: from a lot back to its supplier and forward to every customer and parcel."""

import csv
import io
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from pypdf import PdfReader

from colisage.carriers.models import Carrier
from colisage.catalog.models import Component, Sku
from colisage.desk.queries.recall import Trace, shipped_all, trace_of
from colisage.desk.queries.recall_papers import sums_of
from colisage.inbound.actions.order_goods import order_goods
from colisage.inbound.actions.put_away import put_away
from colisage.inbound.actions.receive_goods import receive_goods
from colisage.inbound.actions.receive_production import receive_production
from colisage.inventory.actions.adjust_stock import adjust_stock
from colisage.inventory.actions.assemble_kits import assemble_kits
from colisage.inventory.actions.post_movements import Spot, post_movements
from colisage.inventory.models import Lot, StockCell
from colisage.kit.actors import SYSTEM, Actor
from colisage.kit.models import AuditEntry
from colisage.network.queries import place_of
from colisage.orders.actions.release_hold import release_hold
from colisage.orders.actions.set_hold import set_hold
from colisage.orders.models import FulfillmentOrder, Hold, Order
from colisage.packing.models import Parcel
from colisage.picking.actions.release_wave import release_wave
from colisage.shipping.actions.hand_over import NothingToHandOver, hand_over
from tests.books import balanced, move, spot_of, virtual
from tests.cast import World, day
from tests.desk.test_pages import client_of
from tests.packing.conftest import boxes, picked
from tests.picking.conftest import Ready, ready
from tests.program import Program, code_of
from tests.shipping.conftest import Packed, chen, labelled, laposte, packed

__all__ = ["balanced", "boxes", "chen", "labelled", "laposte", "packed", "picked", "ready"]

Stocked = Callable[..., Lot]


@pytest.fixture
def stocked(world: World, chen: Actor) -> Stocked:
    """Receive units of a SKU by lot against a purchase order, and put them away; the world's own units are gone."""

    def make(code: str, lot: str, units: int, *, damaged: int = 0, bin_code: str = "C-01-1") -> Lot:
        sku = world.sku(code)
        bought = order_goods(
            world.tilleul.pk, supplier="Ruchers du Rhône", node_id=world.lyon.pk, number=f"A-{lot}",
            expected_on=None, lines=[(sku.pk, units + damaged, 700)], actor=chen,
        )  # fmt: skip
        receipt = receive_goods(
            world.tilleul.pk, node_id=world.lyon.pk, sku_id=sku.pk, sku_code=code, good=units, damaged=damaged,
            purchase_order_id=bought, lot=lot, expires_on=day(200), actor=chen,
        )  # fmt: skip
        put_away(world.tilleul.pk, receipt_id=receipt, bin_code=bin_code, qty=units, actor=chen)
        return Lot.objects.get(sku=sku, code=lot)

    return make


def empty(world: World, code: str, chen: Actor) -> None:
    """Count the units of a SKU that have no lot away."""
    for cell in StockCell.objects.filter(sku=world.sku(code), lot=None, kept=True, qty__gt=0):
        adjust_stock(world.tilleul.pk, cell_id=cell.pk, counted=0, reason="own_use", actor=chen)


def traced(world: World, lot: Lot) -> Trace:
    found = trace_of([world.tilleul.pk], lot_id=lot.pk)
    assert found is not None
    return found


def test_a_lot_leads_back_to_supplier_order_and_receipt(balanced: World, stocked: Stocked) -> None:
    lot = stocked("MUG", "L-1", 10, damaged=2)
    found = traced(balanced, lot)
    assert [(a.supplier, a.purchase, a.units, a.reason) for a in found.arrivals] == [
        ("Ruchers du Rhône", "A-L-1", 10, "receipt"),
        ("Ruchers du Rhône", "A-L-1", 2, "receipt"),
    ]
    assert (found.came, found.here) == (12, 12)
    assert {(i.place, i.condition, i.units) for i in found.inside} == {
        ("C-01-1", "sellable", 10),
        ("QUARANTINE", "damaged", 2),
    }


def test_a_lot_leads_forward_to_every_customer_and_parcel(
    balanced: World, stocked: Stocked, labelled: Packed, laposte: Carrier, chen: Actor
) -> None:
    empty(balanced, "MUG", chen)
    lot, other = stocked("MUG", "L-1", 5), stocked("MUG", "L-2", 5, bin_code="C-02-1")
    labelled((("MUG", 3),), (("MUG", 2),), email="a@example.com")
    labelled((("MUG", 1),), (("CARTE", 1),), email="b@example.com")
    hand_over(balanced.nord.pk, node_id=balanced.lyon.pk, carrier_id=laposte.pk, actor=chen)
    found = traced(balanced, lot)
    assert (found.sums.customers, found.sums.orders, found.sums.parcels, found.sums.units) == (1, 2, 2, 5)
    assert (found.came, found.here, found.left("customer")) == (5, 0, 5)
    rows = shipped_all([lot.pk])
    assert [(row.email, row.units, row.lots, row.shared) for row in rows] == [
        ("a@example.com", 3, ["L-1"], False),
        ("a@example.com", 2, ["L-1"], False),
    ]
    assert all(row.tracking_number and row.carrier == laposte.name for row in rows)
    [row] = shipped_all([other.pk])
    assert (row.email, row.units) == ("b@example.com", 1)


def test_a_unit_that_came_back_is_here_and_no_longer_with_customers(balanced: World, shipped: Lot) -> None:
    mug, returned = balanced.sku("MUG"), spot_of(balanced.bins()[0], condition="returned", lot_id=shipped.pk)
    before = traced(balanced, shipped)
    post_movements([move(mug, 1, source=virtual("customer"), target=returned)], actor=SYSTEM)
    found = traced(balanced, shipped)
    assert (found.came, found.back, found.here, found.with_customers) == (9, 1, before.here + 1, 2)
    with translation.override("en"):
        sums = dict(sums_of(found))
    assert (sums["Came in"], sums["Still here"], sums["With customers"]) == ("9", "7", "2")
    assert "Left otherwise" not in sums


def test_an_order_with_two_lots_is_found_from_both(
    balanced: World, stocked: Stocked, labelled: Packed, laposte: Carrier, chen: Actor
) -> None:
    empty(balanced, "MUG", chen)
    first, second = stocked("MUG", "L-1", 2), stocked("MUG", "L-2", 5, bin_code="C-02-1")
    labelled((("MUG", 3),))
    hand_over(balanced.nord.pk, node_id=balanced.lyon.pk, carrier_id=laposte.pk, actor=chen)
    assert [row.units for row in shipped_all([first.pk])] == [2]
    assert [row.units for row in shipped_all([second.pk])] == [1]


def test_where_two_lots_of_a_line_left_in_two_parcels_both_are_named_as_possible(
    balanced: World, stocked: Stocked, labelled: Packed, laposte: Carrier, chen: Actor
) -> None:
    empty(balanced, "TAPIS", chen)
    first, second = stocked("TAPIS", "L-1", 1), stocked("TAPIS", "L-2", 1, bin_code="C-02-1")
    labelled((("TAPIS", 2),))
    hand_over(balanced.nord.pk, node_id=balanced.lyon.pk, carrier_id=laposte.pk, actor=chen)
    [one], [two] = shipped_all([first.pk]), shipped_all([second.pk])
    assert one.order_id == two.order_id
    assert one.parcel_id != two.parcel_id
    assert one.shared
    assert two.shared


def test_what_has_not_left_is_named_at_each_step(
    balanced: World, stocked: Stocked, ready: Ready, packed: Packed, request: pytest.FixtureRequest
) -> None:
    chen, picked = request.getfixturevalue("chen"), request.getfixturevalue("picked")
    empty(balanced, "MUG", chen)
    lot = stocked("MUG", "L-1", 9)
    packed((("MUG", 1),))
    picked((("MUG", 2),))
    ids = ready((("MUG", 3),))
    release_wave(balanced.nord.pk, node_id=balanced.lyon.pk, fulfillment_order_ids=ids, actor=SYSTEM)
    found = traced(balanced, lot)
    assert [(u.bound, u.bench, u.packed) for u in found.unshipped] == [(0, 0, 1), (0, 2, 0), (3, 0, 0)]
    assert {(i.kind, i.units) for i in found.inside} == {("handover", 1), ("bench", 2), ("bin", 6)}
    assert found.here == 9


def test_what_was_lost_is_counted(balanced: World, stocked: Stocked, chen: Actor) -> None:
    lot = stocked("MUG", "L-1", 9)
    cell = StockCell.objects.get(lot=lot, sellable=True, qty=9)
    adjust_stock(balanced.tilleul.pk, cell_id=cell.pk, counted=7, reason="lost", actor=chen)
    found = traced(balanced, lot)
    assert (found.left("loss"), found.here) == (2, 7)


def test_a_lot_that_went_into_kits_is_found_in_them(balanced: World, stocked: Stocked, chen: Actor) -> None:
    empty(balanced, "MUG", chen)
    lot = stocked("MUG", "L-1", 6)
    kit = Sku.objects.create(merchant=balanced.tilleul, code="PANIER", name="Panier garni", kind="kit")
    Component.objects.create(merchant=balanced.tilleul, parent=kit, sku=balanced.sku("MUG"), quantity=1)
    for kits, of in ((2, "K-1"), (1, "")):
        assemble_kits(
            balanced.tilleul.pk, node_id=balanced.lyon.pk, sku_id=kit.pk, qty=kits, place_id=balanced.bins()[11].pk,
            once=uuid4(), lot=of, actor=chen,
        )  # fmt: skip
    found = traced(balanced, lot)
    assert [(k.sku, k.code) for k in found.kits] == [("PANIER", "K-1")]
    assert [(k.sku, k.units) for k in found.loose_kits] == [("PANIER", 1)]
    assert (found.came, found.here, found.left("assembly")) == (6, 3, 3)
    assert {(i.sku, i.units) for i in found.inside} == {("MUG", 3), ("PANIER", 2)}
    text = client_of(balanced.chen, language="en").get(f"/recall/{lot.pk}").content.decode()
    assert "1 unit of PANIER was made with this lot" in text


def test_a_lot_that_went_into_own_production_is_found_in_what_was_made(
    balanced: World, stocked: Stocked, chen: Actor
) -> None:
    empty(balanced, "MUG", chen)
    lot = stocked("MUG", "L-1", 12)
    numbered = Sku.objects.create(merchant=balanced.tilleul, code="LUSTRE", name="Lustre", tracks_serials=True)
    made = [("LAMPE", 4, {"lot": "B-7"}), ("LAMPE", 2, {}), ("LUSTRE", 2, {"serials": ["s-1", "S-2"]})]
    for code, units, how in made:
        sku = numbered if code == "LUSTRE" else balanced.sku(code)
        receive_production(
            balanced.tilleul.pk, [(balanced.sku("MUG").pk, units)], node_id=balanced.lyon.pk, sku_id=sku.pk, qty=units,
            once=uuid4().hex, actor=chen, **how,
        )  # fmt: skip
    bulb = Lot.objects.get(sku=balanced.sku("LAMPE"), code="B-7")
    receive_production(
        balanced.tilleul.pk, [(balanced.sku("CARTE").pk, 1)], node_id=balanced.lyon.pk, sku_id=balanced.sku("PLUME").pk,
        qty=9, once=uuid4().hex, lot="without it", actor=chen,
    )  # fmt: skip
    found = traced(balanced, lot)
    serials = set(Lot.objects.filter(sku=numbered).values_list("code", flat=True))
    assert len(serials) == 2
    assert {(k.sku, k.code) for k in found.kits} == {("LAMPE", "B-7"), *(("LUSTRE", code) for code in serials)}
    assert [(k.sku, k.units) for k in found.loose_kits] == [("LAMPE", 2)]
    assert (found.came, found.here, found.left("assembly")) == (12, 4, 8)
    assert {(i.sku, i.units) for i in found.inside} >= {("MUG", 4), ("LAMPE", 4)}
    assert traced(balanced, bulb).kits == []
    text = client_of(balanced.chen, language="en").get(f"/recall/{lot.pk}").content.decode()
    assert "2 units of LAMPE were made with this lot" in text
    assert f"/recall/{bulb.pk}" in text


def test_another_merchant_finds_no_lot(balanced: World, stocked: Stocked) -> None:
    lot = stocked("MUG", "L-1", 9)
    assert trace_of([balanced.northwind.pk], lot_id=lot.pk) is None


def test_many_parcels_are_traced_in_as_many_statements_as_one(
    balanced: World, stocked: Stocked, labelled: Packed, laposte: Carrier, chen: Actor
) -> None:
    empty(balanced, "CARTE", chen)
    lot = stocked("CARTE", "L-1", 60)
    counts = []
    for many in (1, 12):
        labelled(*[(("CARTE", 1),)] * many)
        hand_over(balanced.nord.pk, node_id=balanced.lyon.pk, carrier_id=laposte.pk, actor=chen)
        with CaptureQueriesContext(connection) as queries:
            found: Any = traced(balanced, lot)
            shipped_all(found.lot_ids)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert found.sums.parcels == 13


def at_customers(world: World, stocked: Stocked, labelled: Packed, laposte: Carrier, chen: Actor) -> Lot:
    """Ship a lot to two customers, one of whom has a name that a spreadsheet would run."""
    empty(world, "MUG", chen)
    lot = stocked("MUG", "L-1", 9)
    labelled((("MUG", 1),), email="camille@example.com", customer_name="=HYPERLINK(1)")
    labelled((("MUG", 2),), email="bob@example.com")
    hand_over(world.nord.pk, node_id=world.lyon.pk, carrier_id=laposte.pk, actor=chen)
    labelled((("MUG", 3),))
    return lot


@pytest.fixture
def shipped(balanced: World, stocked: Stocked, labelled: Packed, laposte: Carrier, chen: Actor) -> Lot:
    return at_customers(balanced, stocked, labelled, laposte, chen)


@pytest.mark.parametrize(("language", "told"), [
    ("en", "Lot L-1: 3 units went to customers, 6 are still here"),
    ("fr", "Lot L-1 : 3 unités parties chez des clients, 6 sont encore ici"),
])  # fmt: skip
def test_the_page_states_the_finding(balanced: World, shipped: Lot, language: str, told: str) -> None:
    text = client_of(balanced.chen, language=language).get(f"/recall/{shipped.pk}").content.decode()
    assert told in text
    assert "bob@example.com" in text
    assert "Ruchers du Rhône" in text


def test_a_lot_is_found_by_its_code_and_by_its_sku(balanced: World, shipped: Lot) -> None:
    chen = client_of(balanced.chen)
    assert chen.get("/recall/?text=l-1").headers["Location"] == f"/recall/{shipped.pk}"
    assert chen.get("/recall/?text=mug").headers["Location"] == f"/recall/{shipped.pk}"
    for odd in ("", "nothing", "%00", "a" * 300):
        assert chen.get(f"/recall/?text={odd}").status_code == 200


def test_names_are_for_those_who_write_to_customers(balanced: World, shipped: Lot) -> None:
    ada = client_of(balanced.ada, language="en")
    text = ada.get(f"/recall/{shipped.pk}").content.decode()
    assert "3 units went to customers" in text
    assert "bob@example.com" not in text
    for door in ("customers", "report", "stop"):
        assert ada.post(f"/recall/{shipped.pk}/{door}").status_code == 403
    dee = client_of(balanced.dee)
    assert dee.get(f"/recall/{shipped.pk}").status_code == 404
    assert dee.post(f"/recall/{shipped.pk}/customers").status_code == 404
    assert not AuditEntry.objects.filter(verb="recall_list_taken").exists()


@pytest.mark.parametrize(("language", "mark"), [("fr", ";"), ("en", ",")])
def test_the_list_to_write_to_opens_in_a_spreadsheet_and_runs_nothing(
    balanced: World, shipped: Lot, language: str, mark: str
) -> None:
    answer = client_of(balanced.chen, language=language).post(f"/recall/{shipped.pk}/customers")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=mark))
    assert len(rows) == 3
    assert rows[1][0] == "'=HYPERLINK(1)"
    assert {row[1] for row in rows[1:]} == {"camille@example.com", "bob@example.com"}
    assert {len(row) for row in rows} == {17}
    assert AuditEntry.objects.get(verb="recall_list_taken").data == {"what": "csv", "rows": 2}


def test_the_report_names_origin_and_parcels(balanced: World, shipped: Lot) -> None:
    answer = client_of(balanced.chen, language="fr").post(f"/recall/{shipped.pk}/report")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    for told in ("Rappel du lot L-1", "Ruchers du Rhône", "A-L-1", "Commandes qui ne sont pas parties"):
        assert told in text


def test_what_has_not_left_is_stopped_at_once(balanced: World, shipped: Lot, laposte: Carrier, chen: Actor) -> None:
    person = client_of(balanced.chen, language="en")
    assert "1 order is stopped." in person.post(f"/recall/{shipped.pk}/stop", follow=True).content.decode()
    assert (
        "Every order with this lot was stopped before."
        in person.post(f"/recall/{shipped.pk}/stop", follow=True).content.decode()
    )
    with pytest.raises(NothingToHandOver):
        hand_over(balanced.nord.pk, node_id=balanced.lyon.pk, carrier_id=laposte.pk, actor=chen)
    [order] = traced(balanced, shipped).unshipped
    assert order.held


def test_a_program_recalls_a_lot_and_stops_what_has_not_left(
    balanced: World, shipped: Lot, laposte: Carrier, chen: Actor
) -> None:
    ask = Program(balanced.tilleul, "stock:read", "stock:write", "orders:change")
    recalled = ask.post("stock/lots/status", {"lots": [shipped.pk], "status": "recalled", "reason": "Notice 2026-11"})
    assert recalled.json()["lots"][0]["status"] == "recalled"
    answer = ask.post(f"stock/lots/{shipped.pk}/stop", Idempotency_Key="s1")
    assert (answer.status_code, answer.json()) == (200, {"stopped": 1})
    assert ask.post(f"stock/lots/{shipped.pk}/stop", Idempotency_Key="s1").json() == {"stopped": 1}  # the same answer
    assert ask.post(f"stock/lots/{shipped.pk}/stop").json() == {"stopped": 0}
    with pytest.raises(NothingToHandOver):
        hand_over(balanced.nord.pk, node_id=balanced.lyon.pk, carrier_id=laposte.pk, actor=chen)
    assert "Program" in AuditEntry.objects.filter(verb="unshipped_stopped").earliest("pk").actor_name


def test_another_merchants_program_or_one_without_the_scope_stops_nothing(balanced: World, shipped: Lot) -> None:
    place = f"stock/lots/{shipped.pk}/stop"
    assert code_of(Program(balanced.northwind, "orders:change").post(place)) == (404, "not_there")
    assert code_of(Program(balanced.tilleul, "orders:read").post(place)) == (401, "unauthorized")
    assert not Hold.objects.exists()


def test_an_order_that_waits_for_something_else_is_stopped_too(balanced: World, shipped: Lot, chen: Actor) -> None:
    [order] = traced(balanced, shipped).unshipped
    set_hold(balanced.tilleul.pk, order_ids=[order.order_id], kind="manual", reason="she rings back", actor=chen)
    assert not traced(balanced, shipped).unshipped[0].held
    for language, said in (("fr", "1 commande est arr"), ("en", "was stopped before")):  # stopped once, in either
        person = client_of(balanced.chen, language=language)
        assert said in person.post(f"/recall/{shipped.pk}/stop", follow=True).content.decode()
    first, second = Hold.objects.filter(order=order.order_id).order_by("pk")
    release_hold(balanced.tilleul.pk, hold_ids=[first.pk], actor=chen)
    assert (second.released_at, traced(balanced, shipped).unshipped[0].held) == (None, True)


def test_a_recalled_lot_can_no_longer_be_sold(balanced: World, shipped: Lot) -> None:
    person = client_of(balanced.chen, language="en")
    text = person.post(f"/recall/{shipped.pk}/withdraw", {"reason": "glass"}, follow=True).content.decode()
    assert "The lot is recalled: 3 units can no longer be sold." in text
    assert not StockCell.objects.filter(lot=shipped, sellable=True, qty__gt=0).exists()
    found = traced(balanced, shipped)
    assert (found.lot.status, found.here) == ("recalled", 6)
    assert "Say why" in person.post(f"/recall/{shipped.pk}/withdraw", follow=True).content.decode()
    assert client_of(balanced.bo).post(f"/recall/{shipped.pk}/withdraw", {"reason": "x"}).status_code == 403
    assert client_of(balanced.dee).post(f"/recall/{shipped.pk}/withdraw", {"reason": "x"}).status_code == 404


def test_a_lot_of_ten_thousand_units_in_five_thousand_orders_is_traced(world: World) -> None:
    """The rows are written straight: the steps themselves are proven elsewhere."""
    sku, many = world.sku("CARTE"), 5_000
    lot = Lot.objects.create(merchant=world.tilleul, sku=sku, code="L-BIG")
    here = Spot(place_id=place_of(world.lyon.pk, kind="handover").pk, lot_id=lot.pk)
    post_movements([move(sku, 2 * many, source=virtual("supplier"), target=here, reason="receipt")], actor=SYSTEM)
    orders = Order.objects.bulk_create([
        Order(merchant=world.tilleul, channel=world.channel, external_ref=f"big-{n}", number=f"B{n}",
              placed_at=timezone.now(), currency="EUR", email=f"c{n % 4_000}@example.com")
        for n in range(many)
        ], batch_size=1_000)  # fmt: skip
    parts = FulfillmentOrder.objects.bulk_create(
        [FulfillmentOrder(merchant=world.tilleul, order=o, node=world.lyon, stage="handed_over") for o in orders],
        batch_size=1_000,
    )
    parcels = Parcel.objects.bulk_create([
        Parcel(merchant=world.tilleul, fulfillment_order=part, number=1, state="sealed", expected_grams=24, grams=24,
               length_mm=1, width_mm=1, height_mm=1, sealed_at=timezone.now())
        for part in parts
        ], batch_size=1_000)  # fmt: skip
    out = {"reason": "hand_over", "doc_kind": "parcel_out"}
    there = Spot(place_id=virtual("customer").place_id, lot_id=lot.pk)
    post_movements([move(sku, 2, source=here, target=there, doc_id=p.pk, **out) for p in parcels], actor=SYSTEM)
    with connection.cursor() as db:
        db.execute("ANALYZE")  # as autovacuum does
    with CaptureQueriesContext(connection) as queries:
        found = traced(world, lot)
        rows = shipped_all(found.lot_ids)
    assert len(queries) == 9
    assert (found.sums.customers, found.sums.orders, found.sums.parcels) == (4_000, many, many)
    assert sum(row.units for row in rows) == found.left("customer") == 2 * many
    page = client_of(world.chen).get(f"/recall/{lot.pk}?after={rows[49].parcel_id}").content.decode()
    assert page.count("@example.com</span>") == 50
