"""A shop of years, written set-based: `python -m bench._rows FIRST LAST OF` writes the rows FIRST to LAST of every list.

`OF` is the last order there will be; the last row of everything else is LAST. With `orders` behind it only orders are written.
Row n of each table has the id n, so that pages can be asked for in the middle. Rows are written as a restore writes them,
without triggers and keys; the figures agree with each other as far as the pages show them.
"""

import os
import sys
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "colisage.config.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench._people import PERSON  # noqa: E402
from colisage.inventory.actions.note_rooms import note_rooms  # noqa: E402
from colisage.inventory.actions.sort_skus import sort_skus  # noqa: E402
from colisage.inventory.actions.value_stock import value_stock  # noqa: E402
from colisage.network.models import Channel, Node, NodeService, Place, Zone  # noqa: E402
from colisage.orders.actions.tidy_doorsteps import tidy_doorsteps  # noqa: E402
from colisage.people.models import Membership, Merchant, Operator, ServiceContract, User  # noqa: E402

ZERO = {"bool": "false", "jsonb": "'{}'", "uuid": "gen_random_uuid()", "date": "current_date", "timestamptz": "now()"}
NUMBERS = {"int2", "int4", "int8", "float8"}
ADDRESS = """'{"name":"Camille Rousseau","line1":"8 rue Lepic","postcode":"75018","city":"Paris","country":"FR"}'"""
LATELY = "now() - make_interval(secs => ({end} - n) * 60)"  # the last row of all just now
COUNTED = "now() - make_interval(secs => ({end} - n) * 900)"  # some hundred bins a day: 100,000 in three years
# A shop buys from as many suppliers after ten years as after one.
SUPPLIER = "150 * (((n - 1) % 10000) / 150) + 1"

# Of the orders to pick, which are every hundredth, two and two are of one customer: the first hundred, then one in ten.
CUSTOMER = "CASE WHEN n % 100 = 0 AND n <= 10000 THEN n - n % 200 WHEN n % 1000 = 0 THEN n - n % 2000 ELSE n END"


def _rare(k: int) -> str:
    """Say which rows are rare: 66 of the first 10,000, then only 60 of 90,000.

    A list of them fills its page in both databases, so that what is compared is how they are found, not how many are
    drawn; and among the many they stand ten times as far apart.
    """
    return f"(n % 150 = {k} AND (n <= 10000 OR n % 1500 = {k}))"


# Table: which n, and what stands in its columns; those not named get a zero of their kind. {node}, {other}, {bin0}… are ids.
ROWS: dict[str, tuple[str, dict[str, str]]] = {
    "catalog_sku": ("true", {
        "code": "'SKU-' || to_char(n, 'FM0000000')", "name": "(ARRAY['Blue mug','Hall rug','Lamp','Quilt'])[1 + n % 4] || ' ' || n",
        "kind": "CASE WHEN " + _rare(50) + " THEN 'kit' WHEN " + _rare(51) + " THEN 'bundle' ELSE 'unit' END", "active": "n % 100 <> 7",
        "grams": "200", "length_mm": "CASE WHEN n % 200 = 9 THEN 0 ELSE 120 END", "width_mm": "90", "height_mm": "60",
        "price_cents": "2100", "cost_cents": "900", "tracks_lots": "n % 10 = 3", "tracks_expiry": "n % 10 = 3", "rotation": "'fifo'",
    }),
    "catalog_component": (_rare(50), {"parent_id": "n", "sku_id": "n + 2", "quantity": "2"}),
    "catalog_barcode": ("true", {"sku_id": "n", "code": "'9' || to_char(n, 'FM000000000000')", "units": "1"}),
    "network_place": ("n % 20 = 0", {
        "id": "1000000 + n", "kind": "'bin'", "code": "'B-' || n", "node_id": "{node}", "zone_id": "{zone}", "aisle": "n / 2000",
        "x_mm": "3000 * (n / 2000)", "y_mm": "45 * (n % 2000)", "walk": "n", "active": "true", "level": "1",
    }),
    "network_disruption": ("true", {  # the first holds orders, the second promises them later
        "kind": "'node'", "node_id": "{node}", "about": "'House ' || n", "effect": "CASE WHEN n % 2 = 0 THEN 'redate' ELSE 'hold' END",
        "state": "CASE WHEN n <= 2 OR " + _rare(60) + " THEN 'active' ELSE 'ended' END", "delay_days": "CASE WHEN n % 2 = 0 THEN 3 END",
        "starts_on": "current_date - 30", "cause": """'{"fr":"Inondation","en":"Flood"}'""", "tells": "true", "declared_at": LATELY,
        "countries": "'{}'", "prefixes": "'{}'",
    }),
    "inventory_lot": ("true", {
        "code": "'L-' || n", "sku_id": "CASE WHEN n % 10 = 3 THEN n ELSE 3 END", "is_serial": "n % 5 = 0",
        "status": "CASE WHEN " + _rare(3) + " THEN 'quarantined' ELSE 'approved' END",
        "expires_on": "CASE WHEN n % 2 = 0 THEN current_date + (n % 700)::int ELSE NULL END",
    }),
    "inventory_licenseplate": ("true", {"code": "to_char(n, 'FM000000000000000000')", "closed_at": "CASE WHEN n % 2 = 0 THEN now() END"}),
    "inventory_stockcell": ("true", {
        "sku_id": "n", "place_id": "1000000 + 20 * greatest(n / 20, 1)", "condition": "CASE WHEN " + _rare(77) + " THEN 'damaged' ELSE 'sellable' END",
        "qty": "CASE WHEN " + _rare(5) + " THEN 0 ELSE 10 END", "kept": "true", "sellable": "NOT " + _rare(77), "first_in_at": "now()", "node_id": "{node}",
        "lot_id": "CASE WHEN n % 10 = 3 THEN n END", "plate_id": "CASE WHEN n % 10 = 1 THEN n END",
    }),
    "inventory_availability": ("NOT " + _rare(51), {
        "sku_id": "n", "node_id": "{node}", "source": "'ledger'", "safety": "CASE WHEN " + _rare(6) + " THEN 20 ELSE 1 END",
        "sellable": "CASE WHEN " + _rare(5) + " THEN 0 ELSE 10 END", "reserved": "CASE WHEN " + _rare(5) + " THEN 0 ELSE n % 3 END",
    }),
    "inventory_reservation": (_rare(8), {"owner_kind": "'order_line'", "owner_id": "n", "qty": "1", "state": "'waiting'", "sku_id": "n", "node_id": "{node}"}),
    "inventory_stockmovement": ("true", {
        "qty": "1", "reason": "CASE WHEN n % 2 = 0 THEN 'receipt' ELSE 'opening' END", "actor_kind": "'system'", "sku_id": "CASE WHEN n % 100 = 4 THEN 4 ELSE n END",
        "doc_kind": "CASE WHEN n % 2 = 0 THEN 'receipt' ELSE 'opening' END", "doc_id": "n", "occurred_at": LATELY, "recorded_at": LATELY,
        "from_cell_id": "10000000 + n", "to_cell_id": "CASE WHEN n % 100 = 4 THEN 4 ELSE n END",
    }),
    "inventory_assembly": ("true", {"kind": "'assembled'", "qty": "1", "at": LATELY, "node_id": "{node}", "place_id": "1000020", "sku_id": "500"}),
    "inventory_count": ("n % 50 = 0", {"method": "'hand'", "made_by": "'Ada'", "made_at": LATELY, "node_id": "{node}", "operator_id": "{operator}"}),
    "inventory_counttask": ("true", {
        "why": "'hand'", "state": "CASE n % 40 WHEN 0 THEN 'open' WHEN 20 THEN 'counted' ELSE 'approved' END", "rounds": "1",
        "right": "n % 10 <> 1", "counted_at": COUNTED, "decided_at": COUNTED, "decided_by": "'Ada'", "count_id": "50 * greatest(n / 50, 1)",
        "node_id": "{node}", "operator_id": "{operator}", "place_id": "1000000 + 20 * greatest(n / 20, 1)",
    }),
    "inventory_countfinding": ("n % 10 = 1", {
        "number": "1", "expected": "10", "counted": "9", "unit_cents": "900", "operator_id": "{operator}", "sku_id": "n", "task_id": "n", "condition": "'sellable'",
    }),
    "inventory_tagread": ("true", {
        "state": "CASE n % 1000 WHEN 0 THEN 'read' WHEN 1 THEN 'reading' ELSE 'put_aside' END", "tags": "10", "strangers": "'[]'", "made_by": "'Ada'", "made_at": LATELY,
        "node_id": "{node}", "operator_id": "{operator}", "place_id": "1000000 + 20 * greatest(n / 20, 1)",
    }),
    "inventory_safetyfile": ("n % 10 = 0", {"file_name": "'f' || n", "created_at": LATELY, "columns": "'{}'", "delimiter": "','"}),
    "inbound_supplier": ("n <= 10000 AND n % 150 = 1", {"code": "'S' || n", "name": "'Supplier ' || n", "active": "true", "currency": "'EUR'", "language": "'fr'", "due_from": "'invoice'"}),
    "inbound_suppliersku": ("true", {"supplier_id": "1", "sku_id": "n", "supplier_code": "'X' || n", "pack_units": "1", "minimum_units": "1"}),
    "inbound_purchaseorder": ("true", {
        "number": "'PO-' || n", "state": "CASE n % 50 WHEN 0 THEN 'open' WHEN 1 THEN 'partly' WHEN 2 THEN 'draft' ELSE 'closed' END",
        "expected_on": "current_date + (n % 30)::int", "created_at": LATELY, "node_id": "{node}", "supplier_id": SUPPLIER, "currency": "'EUR'",
    }),
    "inbound_purchaseline": ("true", {"ordered": "10", "received": "CASE WHEN n % 50 > 2 THEN 10 ELSE 0 END", "sku_id": "n", "purchase_order_id": "n"}),
    "inbound_announcement": ("true", {
        "reference": "'A-' || n", "state": "CASE n % 50 WHEN 0 THEN 'announced' WHEN 1 THEN 'arriving' ELSE 'received' END", "came_by": "'api'",
        "expected_on": "current_date + (n % 30)::int", "created_at": LATELY, "node_id": "{node}", "supplier_id": SUPPLIER, "digest": "''::bytea",
    }),
    "inbound_announcedline": ("true", {"qty": "5", "sku_id": "n", "announcement_id": "n", "purchase_order_id": "n"}),
    "inbound_delivery": ("true", {
        "note_number": "'N' || n", "state": "CASE WHEN " + _rare(50) + " THEN 'open' ELSE 'finished' END", "started_by": "'Ada'", "started_at": LATELY, "node_id": "{node}",
        "purchase_order_id": "n", "supplier_id": SUPPLIER, "finished_at": LATELY,
    }),
    "inbound_receipt": ("true", {
        "good": "5", "put_away": "CASE WHEN n % 10 = 0 THEN 0 ELSE 5 END", "by_name": "'Ada'", "at": LATELY, "node_id": "{node}", "purchase_order_id": "n", "sku_id": "n",
        "delivery_id": "n", "came_from": "'supplier'", "inspection_due": "n % 100 = 0",
    }),
    "inbound_setaside": ("true", {
        "kind": "'wrong'", "state": "CASE WHEN n % 10 = 0 THEN 'open' ELSE 'taken' END", "units": "1", "by_name": "'Ada'", "at": LATELY, "node_id": "{node}", "sku_id": "n",
    }),
    "inbound_supplierreturn": ("true", {
        "state": "CASE n % 50 WHEN 0 THEN 'draft' WHEN 1 THEN 'sent' ELSE 'credited' END", "currency": "'EUR'", "claim_until": "current_date", "by_name": "'Ada'",
        "created_at": LATELY, "node_id": "{node}", "supplier_id": SUPPLIER,
    }),
    "inbound_supplierreturnline": ("true", {"condition": "'damaged'", "units": "1", "reason": "'damaged'", "unit_credit_cents": "900", "sku_id": "n", "supplier_return_id": "n"}),
    "inbound_transfer": ("true", {
        "state": "CASE WHEN n % 50 = 0 THEN 'sent' ELSE 'arrived' END", "once": "n::text", "by_name": "'Ada'", "sent_at": LATELY, "from_node_id": "{node}", "to_node_id": "{other}",
    }),
    "inbound_transferline": ("true", {"sent": "5", "good": "CASE WHEN n % 50 = 0 THEN 0 ELSE 5 END", "reason": "''", "sku_id": "n", "transfer_id": "n"}),
    "inbound_production": ("true", {"batch": "'P' || n", "qty": "5", "parts": "'[]'", "serials": "'[]'", "once": "n::text", "by_name": "'Ada'", "at": LATELY, "node_id": "{node}", "sku_id": "n"}),
    "inbound_consignmentstatement": ("n % 10 = 1", {
        "month": "(date_trunc('month', now()) - make_interval(months => (n / 10 % 15 + 15 * ((n - 1) / 10000))::int))::date", "currency": "'EUR'",
        "state": "'closed'", "supplier_id": SUPPLIER,
    }),
    "inbound_consignmentline": ("true", {"movement_id": "n", "qty": "1", "unit_cost_cents": "900", "reason": "'sold'", "at": LATELY, "sku_id": "n", "statement_id": "10 * (n / 10) + 1"}),
    "connectors_capturejob": ("n % 50 = 1", {"key_id": "1", "key_name": "'K'", "behaviour": "'rollback'", "success": "NOT " + _rare(1), "errors": "'[]'", "at": LATELY}),
    "connectors_capturedevent": ("true", {
        "event_id": "'urn:uuid:' || n", "digest": "''::bytea", "type": "'ObjectEvent'", "action": "'OBSERVE'", "step": "'receiving'", "occurred_at": LATELY, "recorded_at": LATELY,
        "body": "jsonb_build_object('type', 'ObjectEvent', 'action', 'OBSERVE', 'eventTime', '2026-11-20T09:00:00Z', 'eventTimeZoneOffset', '+00:00')",
        "job_id": "50 * ((n - 1) / 50) + 1",
    }),
    "connectors_capturedname": ("true", {"standing": "'epcList'", "uri": "'urn:epc:id:sgtin:3760012.012345.' || n", "event_id": "n", "sku_id": "n"}),
    "orders_order": ("true", {
        "external_ref": "'ref-' || n", "number": "'#' || n", "state": "CASE WHEN n % 50 = 0 THEN 'open' ELSE 'closed' END", "payment": "'paid'", "placed_at": LATELY,
        "accepted_at": LATELY, "currency": "'EUR'", "total_cents": "4200", "email": f"'camille' || {CUSTOMER} || '@example.com'", "customer_name": "'Camille ' || n",
        "language": "'fr'", "ship_to": ADDRESS, "channel_id": "{channel}", "tags": f"""CASE WHEN {_rare(100)} THEN '["rare"]'::jsonb ELSE '["web"]' END""", "prices_include_tax": "true",
    }),
    "orders_ordertag": ("true", {"key": f"CASE WHEN {_rare(100)} THEN 'RARE' ELSE 'WEB' END", "order_id": "n"}),
    "orders_orderline": ("true", {"position": "1", "sku_code": "'SKU-' || to_char(n, 'FM0000000')", "name": "'Blue mug'", "quantity": "2", "unit_price_cents": "2100", "requires_shipping": "true", "order_id": "n", "sku_id": "1 + n % {last_row}"}),
    "orders_fulfillmentorder": ("true", {
        "kind": "'sale'", "stage": "CASE n % 100 WHEN 0 THEN 'ready' WHEN 50 THEN 'waiting' ELSE 'delivered' END", "stage_at": LATELY, "created_at": LATELY,
        "node_id": "{node}", "order_id": "n", "ship_by": "now() + make_interval(days => 1)",
    }),
    "orders_fulfillmentline": ("true", {"quantity": "2", "sku_id": "1 + n % {last_row}", "fulfillment_order_id": "n", "order_line_id": "n"}),
    "orders_hold": (_rare(100), {"kind": "'manual'", "reason": "'by hand'", "set_at": LATELY, "order_id": "n", "disruption_id": "1"}),
    "orders_orderchange": ("n <= 5000", {  # a flood touches as many orders after ten years as after one
        "number": "1", "kind": "'delivery'", "before": """'{"promised_on":"2026-11-20"}'""", "after": """'{"promised_on":"2026-11-23"}'""", "currency": "'EUR'",
        "actor_kind": "'system'", "actor_name": "'Colisage'", "at": LATELY, "order_id": "n", "disruption_id": "2",
    }),
    "kit_auditentry": ("true", {"doc_kind": "'order'", "doc_id": "n", "verb": "'order_accepted'", "actor_kind": "'system'", "actor_name": "'Colisage'", "at": LATELY, "operator_id": "NULL"}),
}  # fmt: skip
# Cells outside the house, from which the movements come.
OUTSIDE = """
INSERT INTO inventory_stockcell (id, merchant_id, sku_id, place_id, condition, qty, allocated, kept, sellable)
SELECT 10000000 + n, {merchant}, n, {found}, 'sellable', 0, 0, false, false FROM generate_series({first}::bigint, {last}::bigint) n
"""
# The triggers that keep the words of names, what lacks, and the parts of floors, are off while rows are written.
WORDS = """
INSERT INTO catalog_skuword (merchant_id, sku_id, word)
SELECT merchant_id, id, unnest(colisage_words(name)) FROM catalog_sku WHERE id BETWEEN {first} AND {last}
"""
LACKING = """
INSERT INTO inventory_lacking (merchant_id, node_id, sku_id, code_key)
SELECT s.merchant_id, k.node_id, s.id, s.code_key FROM catalog_sku s, (VALUES (0), ({node})) k (node_id)
WHERE s.id BETWEEN {first} AND {last} AND s.kind <> 'bundle'
  AND NOT EXISTS (SELECT 1 FROM inventory_availability v WHERE v.sku_id = s.id AND v.gives)
"""

FLOORS = "SELECT colisage_cut_floors(ARRAY[{node}])"


def main(first: int, last: int, of: int, *, orders: bool) -> None:
    """Write rows, and let the planner know."""
    write(first, last, of=of, orders=orders)
    tidy_doorsteps()
    value_stock()
    note_rooms(whole=True)
    sort_skus(now=timezone.now())
    with connection.cursor() as db:
        db.execute("VACUUM ANALYZE")


def write(first: int, last: int, *, of: int | None = None, orders: bool = False) -> dict[str, Any]:
    """Write the rows of every list, or of the orders alone, of which there will be `of`; give the ids of what they stand on."""
    facts = {**_places(), "first": first, "last": last}
    with transaction.atomic(), connection.cursor() as db:
        db.execute("SET LOCAL session_replication_role = replica")
        db.execute("SELECT count(*) FROM catalog_sku")
        facts["last_row"] = max(db.fetchone()[0], last) if not orders else db.fetchone()[0]
        for table, (which, said) in ROWS.items():
            ordered = table.startswith(("orders_", "kit_"))
            if ordered or not orders:
                end = (of or last) if ordered else last
                _write(db, table, which=which, said=said, facts={**facts, "end": end})
        if not orders:
            db.execute(OUTSIDE.format(**facts))
            db.execute(WORDS.format(**facts))
            db.execute(LACKING.format(**facts))
            db.execute(FLOORS.format(**facts))
    return facts


def _write(db: Any, table: str, *, which: str, said: dict[str, str], facts: dict[str, Any]) -> None:
    db.execute(
        "SELECT a.attname, t.typname, a.attnotnull FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid"
        " WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''",
        [table],
    )
    values = {"id": "n", "merchant_id": str(facts["merchant"]), **said}
    columns = {}
    for name, kind, needed in db.fetchall():
        if name in values:
            columns[name] = values[name]
        elif needed:
            columns[name] = (
                "0" if kind in NUMBERS else "pg_current_xact_id()" if kind == "xid8" else ZERO.get(kind, "''")
            )
    names = ", ".join(f'"{column}"' for column in columns)
    text = f"INSERT INTO {table} ({names}) SELECT {', '.join(columns.values())}"
    text += f" FROM generate_series({{first}}::bigint, {{last}}::bigint) n WHERE {which}"
    for name in sorted(facts):
        text = text.replace(f"{{{name}}}", str(facts[name]))
    db.execute(text.replace("%", "%%"), [])


def _places() -> dict[str, Any]:
    """Make, or find, the houses and the person who looks."""
    operator, made = Operator.objects.get_or_create(slug="bench", defaults={"name": "Bench"})
    merchant, _ = Merchant.objects.get_or_create(slug="bench", defaults={"name": "Bench"})
    address = {"country": "FR", "postcode": "69004"}
    nodes = [
        Node.objects.get_or_create(operator=operator, code=c, defaults={"name": c, "address": address})[0] for c in "AB"
    ]
    channel, _ = Channel.objects.get_or_create(merchant=merchant, code="api", defaults={"kind": "api", "name": "API"})
    zone, _ = Zone.objects.get_or_create(node=nodes[0], code="A")
    if made:
        ServiceContract.objects.create(operator=operator, merchant=merchant)
        person = User.objects.create_user(PERSON, "a long enough password", name="Ada", language="en")
        Membership.objects.create(user=person, operator=operator, roles=["manager"])
        Membership.objects.create(user=person, merchant=merchant, roles=["manager"])
        for node in nodes:
            NodeService.objects.create(node=node, merchant=merchant)
            for kind in ("dock", "bench", "handover", "returns", "quarantine"):
                Place.objects.create(node=node, kind=kind, code=kind.upper())
    found = Place.objects.get(node=None, kind="found")
    return {
        "operator": operator.pk, "merchant": merchant.pk, "node": nodes[0].pk, "other": nodes[1].pk, "zone": zone.pk,
        "channel": channel.pk, "found": found.pk,
    }  # fmt: skip


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]), orders=sys.argv[4:] == ["orders"])
