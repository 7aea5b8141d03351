"""Fill the shop of a benchmark: `python -m bench._shop [DIR]`; prints what was made as one line of JSON."""

import json
import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "colisage.config.settings")
django.setup()

from django.db import connection  # noqa: E402

from colisage.catalog.actions.save_skus import SkuRow, save_skus  # noqa: E402
from colisage.inventory.actions.open_stock import OpeningRow, open_stock  # noqa: E402
from colisage.kit.actors import SYSTEM  # noqa: E402
from colisage.network.models import Channel, Node, NodeService, Place, Zone  # noqa: E402
from colisage.people.actions.make_api_key import make_api_key  # noqa: E402
from colisage.people.models import Merchant, Operator, ServiceContract  # noqa: E402

SKUS, UNITS = 10_000, 2_000_000


def main(folder: str) -> None:
    """Make one merchant, one node, ten thousand SKUs (or those of `skus.csv`) with stock, and an API key."""
    operator = Operator.objects.create(name="Bench", slug="bench")
    merchant = Merchant.objects.create(name="Bench", slug="bench")
    ServiceContract.objects.create(operator=operator, merchant=merchant)
    node = Node.objects.create(
        operator=operator, code="B", name="Bench", address={"country": "FR", "postcode": "69004"}
    )
    NodeService.objects.create(node=node, merchant=merchant)
    zone = Zone.objects.create(node=node, code="A")
    bins = Place.objects.bulk_create(
        Place(
            node=node, zone=zone, code=f"A-{n:04}", aisle=n // 40, x_mm=3_000 * (n // 40), y_mm=900 * (n % 40), walk=n
        )
        for n in range(400)
    )
    for kind in ("dock", "bench", "handover", "returns", "quarantine"):
        Place.objects.create(node=node, kind=kind, code=kind.upper())
    channel = Channel.objects.create(merchant=merchant, kind="api", code="api", name="API")
    named = Path(folder) / "skus.csv" if folder else None
    codes = named.read_text(encoding="utf-8").split() if named and named.exists() else [f"S{n:06}" for n in range(SKUS)]
    ids = save_skus(
        merchant.pk,
        [SkuRow(code=c, name=c, grams=200, length_mm=120, width_mm=90, height_mm=60, price_cents=2_100) for c in codes],
        actor=SYSTEM,
    )
    stock = [OpeningRow(pk, bins[n % len(bins)].pk, UNITS) for n, pk in enumerate(ids.values())]
    open_stock(merchant.pk, stock, document_id=1, actor=SYSTEM)
    with connection.cursor() as db:  # what the server's own housekeeping does within a minute
        db.execute("ANALYZE")
    token = make_api_key(merchant.pk, name="bench", scopes=["orders:write"], actor=SYSTEM)
    facts = {
        "merchant": merchant.pk,
        "operator": operator.pk,
        "channel": channel.pk,
        "node": node.pk,
        "first": min(ids.values()) - 1,
        "token": token,
        "codes": codes,
    }
    sys.stdout.write(json.dumps(facts) + "\n")


main(sys.argv[1] if len(sys.argv) > 1 else "")
