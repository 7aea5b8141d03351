"""A ledger to prove: `python -m bench._ledger MOVEMENTS` or `… more`: a shop's movements of years, or another thousand.

Units are found, arrive, are taken to the bench and get lost, over ten thousand SKUs and two nodes. They are written as a
restore writes them, without the trigger that adds them up one statement at a time; cells are set to the sums afterwards, and
the guard of cells refuses any other figure. Then a day's worth of promises and allocations is made through the product's
own actions. Prints facts as one line of JSON.
"""

import json
import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "colisage.config.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402

from colisage.catalog.actions.save_skus import SkuRow, save_skus  # noqa: E402
from colisage.inventory.actions.allocate import allocate  # noqa: E402
from colisage.inventory.actions.post_movements import Move, Spot, post_movements  # noqa: E402
from colisage.inventory.actions.reserve import Demand, reserve  # noqa: E402
from colisage.inventory.models import Reservation, StockCell  # noqa: E402
from colisage.kit.actors import SYSTEM  # noqa: E402
from colisage.network.models import Node, NodeService, Place, Zone  # noqa: E402
from colisage.network.queries import virtual_place  # noqa: E402
from colisage.people.models import Merchant, Operator, ServiceContract  # noqa: E402

SKUS, BINS, PIECE, OPENING = 10_000, 1_000, 20_000, 100_000
CELLS = """
INSERT INTO inventory_stockcell (merchant_id, sku_id, place_id, condition, qty, allocated, kept, sellable)
SELECT %(merchant)s, s.id, p.id, 'sellable', 0, 0, true, false
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM catalog_sku WHERE merchant_id = %(merchant)s) s
JOIN (SELECT id, kind, node_id, row_number() OVER (PARTITION BY node_id, kind ORDER BY id) AS n FROM network_place) p
  ON p.node_id IS NULL OR p.kind IN ('dock', 'bench') OR (p.kind = 'bin' AND p.n %% %(bins)s = s.n %% %(bins)s)
ON CONFLICT DO NOTHING
"""
WAYS = """
CREATE TEMP TABLE ways AS
SELECT row_number() OVER (ORDER BY a.sku_id, a.id, b.id) - 1 AS n, a.merchant_id, a.sku_id, a.id AS a, b.id AS b, w.opening
FROM (VALUES ('found', 'bin', true), ('supplier', 'dock', false), ('bin', 'bench', false), ('bin', 'loss', false)) w(a, b, opening)
JOIN network_place pa ON pa.kind = w.a JOIN network_place pb ON pb.kind = w.b
 AND (pa.node_id = pb.node_id OR pa.node_id IS NULL OR pb.node_id IS NULL)
JOIN inventory_stockcell a ON a.place_id = pa.id JOIN inventory_stockcell b ON b.place_id = pb.id AND b.sku_id = a.sku_id
"""
MOVE = """
INSERT INTO inventory_stockmovement
  (merchant_id, sku_id, from_cell_id, to_cell_id, qty, reason, actor_kind, doc_kind, doc_id, doc_line, seq)
SELECT w.merchant_id, w.sku_id, w.a, w.b, CASE WHEN w.opening THEN %(opening)s ELSE 1 + g %% 3 END, 'move', 'system', 'bench', g, 0, 0
FROM generate_series(%(first)s::bigint, %(last)s::bigint) g
JOIN ways w ON w.opening = %(is_opening)s AND w.k = g %% (SELECT count(*) FROM ways WHERE opening = %(is_opening)s)
"""

SUM_CELLS = """
UPDATE inventory_stockcell c SET qty = m.qty, first_in_at = now()
FROM (SELECT cell, sum(delta)::int AS qty
      FROM (SELECT to_cell_id AS cell, qty AS delta FROM inventory_stockmovement
            UNION ALL SELECT from_cell_id, -qty FROM inventory_stockmovement) x GROUP BY cell) m
WHERE m.cell = c.id AND c.kept
"""
SUM_AVAILABILITY = """
INSERT INTO inventory_availability (merchant_id, sku_id, node_id, source, sellable, reserved, safety, ahead_cap, ahead)
SELECT merchant_id, sku_id, node_id, 'ledger', sum(qty), 0, 0, 0, 0 FROM inventory_stockcell WHERE sellable
GROUP BY merchant_id, sku_id, node_id
"""


def main(movements: int) -> None:
    """Make the shop and its movements."""
    began = time.perf_counter()
    operator = Operator.objects.create(name="Ledger", slug="ledger")
    merchant = Merchant.objects.create(name="Ledger", slug="ledger")
    ServiceContract.objects.create(operator=operator, merchant=merchant)
    for code in ("L1", "L2"):
        _node(operator, merchant, code)
    rows = [SkuRow(code=f"L{n:06}", name=f"L{n}", grams=200, length_mm=1, width_mm=1, height_mm=1) for n in range(SKUS)]
    ids = list(save_skus(merchant.pk, rows, actor=SYSTEM).values())
    with transaction.atomic(), connection.cursor() as db:
        db.execute(CELLS, {"merchant": merchant.pk, "bins": BINS})
        db.execute("ANALYZE inventory_stockcell")
        db.execute(WAYS)
        db.execute("ALTER TABLE ways ADD COLUMN k bigint")
        db.execute(
            "UPDATE ways w SET k = x.k FROM (SELECT n, row_number() OVER (PARTITION BY opening ORDER BY n) - 1 AS k FROM ways) x WHERE x.n = w.n"
        )
        db.execute("CREATE INDEX ON ways (opening, k)")
        db.execute("ANALYZE ways")
    with connection.cursor() as db:
        db.execute("SELECT count(*) FROM ways WHERE opening")
        (openings,) = db.fetchone()
        db.execute("ALTER TABLE inventory_stockmovement DISABLE TRIGGER movement_sum")
        facts = {"opening": OPENING, "first": 1, "last": openings, "is_opening": True}
        db.execute(MOVE, facts)
        for first in range(openings + 1, movements + 1, PIECE):
            last = min(first + PIECE - 1, movements)
            db.execute(MOVE, {**facts, "first": first, "last": last, "is_opening": False})
        db.execute("ALTER TABLE inventory_stockmovement ENABLE TRIGGER movement_sum")
        db.execute("ANALYZE inventory_stockmovement")
        db.execute(SUM_CELLS)
        db.execute(SUM_AVAILABILITY, {"merchant": merchant.pk})
        db.execute("VACUUM ANALYZE")
    _promise(merchant.pk, ids)
    with connection.cursor() as db:
        db.execute("SELECT count(*) FROM inventory_stockmovement")
        (there,) = db.fetchone()
        db.execute("SELECT count(*) FROM inventory_stockcell")
        (cells,) = db.fetchone()
    facts = {
        "merchant": merchant.pk,
        "movements": there,
        "cells": cells,
        "seconds": round(time.perf_counter() - began, 1),
    }
    sys.stdout.write(json.dumps(facts) + "\n")


def _node(operator: Operator, merchant: Merchant, code: str) -> None:
    node = Node.objects.create(operator=operator, code=code, name=code, address={"country": "FR", "postcode": "69004"})
    NodeService.objects.create(node=node, merchant=merchant)
    zone = Zone.objects.create(node=node, code="A")
    Place.objects.bulk_create(Place(node=node, zone=zone, code=f"A-{n:04}", walk=n) for n in range(BINS))
    for kind in ("dock", "bench", "handover", "returns", "quarantine"):
        Place.objects.create(node=node, kind=kind, code=kind.upper())


def _promise(merchant: int, skus: list[int]) -> None:
    """Hold and bind twenty thousand units."""
    for first in range(0, len(skus), 1_000):
        reserve([Demand(merchant, "ledger", ((sku, sku, 2),)) for sku in skus[first : first + 1_000]])
    held = list(Reservation.objects.filter(owner_kind="ledger").values_list("pk", flat=True))
    for first in range(0, len(held), 1_000):
        allocate(held[first : first + 1_000])


def more(count: int) -> None:
    """Let another thousand movements happen, through the product's own action."""
    rows = StockCell.objects.filter(sellable=True, qty__gt=100).order_by("pk")[:count]
    loss, now = Spot(place_id=virtual_place("loss")), time.time_ns()
    moves = [
        Move(
            merchant_id=cell.merchant_id, sku_id=cell.sku_id, qty=1, source=Spot(place_id=cell.place_id), target=loss,
            reason="lost", doc_kind="more", doc_id=now, doc_line=n,
        )
        for n, cell in enumerate(rows)
    ]  # fmt: skip
    post_movements(moves, actor=SYSTEM)


if sys.argv[1:] == ["more"]:
    more(1_000)
else:
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
