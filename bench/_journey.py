"""One run of the journey in this process: `python -m bench._journey COUNT`; prints the metrics as one line of JSON."""

import json
import os
import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "colisage.config.settings")
django.setup()

from django.db.models import Count  # noqa: E402

from colisage.boxing.actions.save_box_types import BoxRow, save_box_types  # noqa: E402
from colisage.carriers.actions.load_public_tariffs import load_public_tariffs  # noqa: E402
from colisage.catalog.actions.save_skus import SkuRow, save_skus  # noqa: E402
from colisage.intake.actions.accept_orders import Incoming, accept_orders  # noqa: E402
from colisage.intake.ports import DraftAddress, DraftLine, OrderDraft  # noqa: E402
from colisage.inventory.actions.open_stock import OpeningRow, open_stock  # noqa: E402
from colisage.inventory.checks import differences  # noqa: E402
from colisage.kit.actors import SYSTEM  # noqa: E402
from colisage.kit.models import Parked  # noqa: E402
from colisage.kit.outbox import drain  # noqa: E402
from colisage.kit.settling import settle  # noqa: E402
from colisage.network.actions.open_channels import open_channels  # noqa: E402
from colisage.network.actions.open_node import BinRow, open_node  # noqa: E402
from colisage.network.actions.serve_merchant import serve_merchant  # noqa: E402
from colisage.network.queries import bins_of, channels_of  # noqa: E402
from colisage.orders.models import FulfillmentOrder  # noqa: E402
from colisage.packing.actions.seal_all import seal_all  # noqa: E402
from colisage.people.actions.found_merchant import found_merchant  # noqa: E402
from colisage.people.actions.found_operator import found_operator  # noqa: E402
from colisage.picking.actions.pick_all import pick_all  # noqa: E402
from colisage.picking.actions.release_wave import release_wave  # noqa: E402
from colisage.picking.models import PickBatch  # noqa: E402
from colisage.shipping.actions.buy_labels import buy_labels  # noqa: E402
from colisage.shipping.actions.hand_over import hand_over  # noqa: E402
from colisage.shipping.models import Label, Shipment  # noqa: E402
from colisage.shipping.queries.labels import label_pdf, label_zpl  # noqa: E402

SKUS, PIECE = 1_000, 1_000
ADDRESS = DraftAddress(name="Camille Rousseau", line1="8 rue Lepic", postcode="75018", city="Paris", country="FR")
seconds: dict[str, float] = {}


@contextmanager
def timed(step: str) -> Iterator[None]:
    """Add the wall time of a block to its step."""
    began = time.perf_counter()
    yield
    seconds[step] = seconds.get(step, 0.0) + time.perf_counter() - began


def _shop() -> tuple[int, int, int]:
    operator = found_operator("Bench", slug="bench")
    address = {"line1": "1 rue", "postcode": "69004", "city": "Lyon", "country": "FR"}
    merchant = found_merchant("Bench", slug="bench", operators=[operator], address=address)
    bins = [
        BinRow(code=f"A-{n:04}", aisle=n // 50, x_mm=3_000 * (n // 50), y_mm=900 * (n % 50), level=1, walk=n)
        for n in range(500)
    ]
    node = open_node(operator, code="B", name="Bench", bins=bins, address=address)
    serve_merchant(merchant, node_ids=[node])
    open_channels(merchant, channels=[("api", "api", "API")])
    load_public_tariffs()
    sizes = (("S", 220, 160, 90), ("M", 310, 220, 160), ("L", 420, 320, 260))
    save_box_types(
        operator,
        [
            BoxRow(
                code=code, name=code, inner_length_mm=a, inner_width_mm=b, inner_height_mm=c, outer_length_mm=a + 8,
                outer_width_mm=b + 8, outer_height_mm=c + 8, empty_grams=120, max_grams=20_000,
            )
            for code, a, b, c in sizes
        ],
        actor=SYSTEM,
    )  # fmt: skip
    chance = random.Random(3)
    rows = [
        SkuRow(
            code=f"S{n:05}", name=f"Article {n}", grams=chance.randint(50, 900), length_mm=chance.randint(40, 200),
            width_mm=chance.randint(40, 140), height_mm=chance.randint(10, 90), price_cents=1_900,
        )
        for n in range(SKUS)
    ]  # fmt: skip
    ids = save_skus(merchant, rows, actor=SYSTEM)
    places = bins_of(node)
    stock = [OpeningRow(pk, places[n % len(places)].id, 100_000) for n, pk in enumerate(ids.values())]
    open_stock(merchant, stock, document_id=1, actor=SYSTEM)
    return operator, merchant, node


def _drafts(count: int) -> list[OrderDraft]:
    chance = random.Random(5)
    made = []
    for n in range(count):
        lines = tuple(
            DraftLine(f"S{chance.randrange(SKUS):05}", chance.choice((1, 1, 2)), 1_900)
            for _ in range(chance.choice((1, 1, 2, 3)))
        )
        made.append(
            OrderDraft(
                external_ref=f"b-{n}", number=f"#{n}", placed_at=datetime.now(UTC), currency="EUR", lines=lines, ship_to=ADDRESS,
                total_cents=sum(line.total_cents for line in lines), email="a@example.com", customer_name="Camille", payment="paid",
            )
        )  # fmt: skip
    return made


def main(count: int) -> None:
    """Run the journey, step by step, in a process set up as the workers are."""
    settle()
    operator, merchant, node = _shop()
    channel = channels_of(merchant)["api"]
    drafts = _drafts(count)
    with timed("intake"):
        for start in range(0, count, PIECE):
            accept_orders([Incoming(channel, draft) for draft in drafts[start : start + PIECE]], actor=SYSTEM)
    with timed("sourcing"):
        drain()
    for _ in range(0, count, 500):
        with timed("wave"):
            wave = release_wave(operator, node_id=node, actor=SYSTEM, most=500)
        with timed("pick"):
            batches = list(PickBatch.objects.filter(wave=wave).values_list("pk", flat=True))
            pick_all(operator, batch_ids=batches, actor=SYSTEM)
        with timed("plan parcels"):
            drain()
        with timed("pack"):
            picked = list(FulfillmentOrder.objects.filter(stage="picked").values_list("pk", flat=True))
            seal_all([merchant], fulfillment_order_ids=picked, actor=SYSTEM)
        with timed("choose carrier"):
            drain()
        with timed("label"):
            buy_labels(list(Shipment.objects.filter(state="requested").values_list("pk", flat=True)))
            drain()
    labels = list(Label.objects.order_by("pk").values_list("pk", flat=True))
    with timed("zpl"):
        for start in range(0, len(labels), 500):
            label_zpl([merchant], label_ids=labels[start : start + 500])
    total = sum(seconds.values())
    with timed("hand over"):
        for carrier in Shipment.objects.values_list("carrier_id", flat=True).distinct():
            hand_over(operator, node_id=node, carrier_id=carrier, actor=SYSTEM)
    with timed("pdf"):
        for start in range(0, len(labels), 500):
            label_pdf([merchant], label_ids=labels[start : start + 500])
    stages = dict(FulfillmentOrder.objects.values_list("stage").annotate(n=Count("pk")).values_list("stage", "n"))
    metrics = {
        "orders": count,
        "labels": len(labels),
        "orders_per_second": round(count / total, 1),
        "orders_per_second_pdf": round(count / (total - seconds["zpl"] + seconds["pdf"]), 1),
        "seconds_by_step": {step: round(value, 2) for step, value in seconds.items()},
        "handed_over": stages.get("handed_over", 0),
        "parked": Parked.objects.count(),
        "differences": len(differences()),
    }
    sys.stdout.write(json.dumps(metrics) + "\n")


main(int(sys.argv[1]))
