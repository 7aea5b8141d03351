"""One of many processes that hurry over the last units: `python -m tests.rush SEED SECONDS [unsafe] [watched]`.

It does at random what people and workers do, through the product's own actions, and prints as one line of JSON what it
did: how often each thing went through, was refused, got in the way of others, failed, or saw more held than there is.
`unsafe` takes the lock out of promising; `watched` calls it a fault when a transaction locks availability twice.
"""

import json
import os
import random
import sys
import time
import traceback
from collections import Counter
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "colisage.config.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402

from colisage.catalog.models import Component, Sku  # noqa: E402
from colisage.inventory.actions import reserve as promising  # noqa: E402
from colisage.inventory.actions.adjust_stock import adjust_stock  # noqa: E402
from colisage.inventory.actions.post_movements import Move, Spot, post_movements  # noqa: E402
from colisage.inventory.actions.release import release  # noqa: E402
from colisage.inventory.models import StockCell  # noqa: E402
from colisage.kit import statements  # noqa: E402
from colisage.kit.actors import SYSTEM  # noqa: E402
from colisage.kit.conflicts import is_conflict  # noqa: E402
from colisage.kit.errors import Refused  # noqa: E402
from colisage.kit.outbox import drain  # noqa: E402
from colisage.kit.statements import statement  # noqa: E402
from colisage.network.models import Channel, Node, Place  # noqa: E402
from colisage.network.queries import virtual_place  # noqa: E402
from colisage.orders.actions.cancel_orders import cancel_orders  # noqa: E402
from colisage.orders.actions.place_orders import NewLine, NewOrder, place_orders  # noqa: E402
from colisage.orders.models import Order  # noqa: E402
from colisage.people.models import Merchant  # noqa: E402
from colisage.picking.actions.confirm_picks import Taken, confirm_picks  # noqa: E402
from colisage.picking.actions.release_wave import release_wave  # noqa: E402
from colisage.picking.actions.short_picks import Short, short_picks  # noqa: E402
from colisage.picking.models import PickTask  # noqa: E402
from tests.lock_order import Witness  # noqa: E402

HOT = ("MUG", "CARTE", "LAMPE", "COFFRET")  # a coffret is a mug and two cards
WEIGHTS = {
    "sell": 30, "cart": 12, "edit": 10, "drop": 6, "cancel": 12, "wave": 10, "pick": 14, "short": 7, "adjust": 10,
    "move": 6, "arrive": 5, "work": 8,
}  # fmt: skip
OVERSOLD = """
SELECT count(*) FROM inventory_availability v
JOIN (SELECT sku_id, node_id, sum(qty) AS qty FROM inventory_reservation WHERE state = 'held' GROUP BY 1, 2) h
  USING (sku_id, node_id)
WHERE h.qty > v.sellable OR h.qty <> v.reserved
"""


class Rush:
    """A process in a hurry. Its carts are promises of its own, as a shop's basket holds them."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.merchant = Merchant.objects.get(slug="tilleul")
        self.channel = Channel.objects.filter(merchant=self.merchant).order_by("pk")[0]
        self.skus = {sku.code: sku for sku in Sku.objects.filter(merchant=self.merchant, code__in=HOT)}
        self.recipe = tuple(Component.objects.filter(parent=self.skus["COFFRET"]).values_list("sku_id", "quantity"))
        self.units = [sku for sku in self.skus.values() if sku.kind == "unit"]
        self.nodes = list(Node.objects.order_by("pk"))
        self.bins = {
            node.pk: list(Place.objects.filter(node=node, kind="bin").order_by("pk")[:6]) for node in self.nodes
        }
        self.number = seed * 1_000_000
        self.carts: set[int] = set()

    def next(self) -> int:
        """Give a number nobody else has."""
        self.number += 1
        return self.number

    def sell(self) -> None:
        """Take some orders at once, of one or two lines, bundles among them."""
        place_orders([self._order() for _ in range(self.chance.choice((1, 1, 1, 2, 5)))], actor=SYSTEM)

    def _order(self) -> NewOrder:
        codes = self.chance.sample(HOT, self.chance.choice((1, 1, 2, 3)))
        lines = tuple(
            NewLine(
                self.skus[code].pk, code, code, self.chance.choice((1, 1, 2, 3)), 100,
                recipe=self.recipe if code == "COFFRET" else None,
            )
            for code in codes
        )  # fmt: skip
        reference = f"rush-{self.next()}"
        return NewOrder(
            merchant_id=self.merchant.pk, channel_id=self.channel.pk, external_ref=reference, number=reference,
            placed_at=datetime.now(UTC), currency="EUR", lines=lines, payment="paid",
            total_cents=sum(100 * line.quantity for line in lines), email="camille@example.com",
            customer_name="Camille",
            ship_to={"name": "Camille", "line1": "8 rue Lepic", "postcode": "75018", "city": "Paris", "country": "FR"},
            may_owe=self.chance.random() < 0.4,
        )  # fmt: skip

    def cart(self) -> None:
        """Hold units for a basket."""
        self._hold(self.next())

    def _hold(self, owner: int) -> None:
        wants = tuple((owner, sku.pk, self.chance.choice((1, 2))) for sku in self.chance.sample(self.units, 2))
        (outcome,) = promising.reserve([promising.Demand(self.merchant.pk, "cart", wants, may_wait=False)])
        if outcome is not None:
            self.carts.add(owner)

    def edit(self) -> None:
        """Change a basket in one transaction: give back what it held, hold something else; all that is locked first."""
        if self.carts:
            owner = self.chance.choice(sorted(self.carts))
            with transaction.atomic():
                promising.lock_free({sku.pk for sku in self.units})
                release("cart", owner_ids=[owner])
                self.carts.discard(owner)
                self._hold(owner)

    def drop(self) -> None:
        """Give a basket back."""
        if self.carts:
            owner = self.chance.choice(sorted(self.carts))
            release("cart", owner_ids=[owner])
            self.carts.discard(owner)

    def cancel(self) -> None:
        """Cancel one to three orders, anybody's."""
        orders = list(Order.objects.filter(state="open").order_by("-pk").values_list("pk", flat=True)[:40])
        if orders:
            chosen = self.chance.sample(orders, min(len(orders), self.chance.choice((1, 1, 3))))
            cancel_orders(self.merchant.pk, order_ids=chosen, actor=SYSTEM)

    def wave(self) -> None:
        """Release work to a floor."""
        node = self.chance.choice(self.nodes)
        release_wave(node.operator_id, node_id=node.pk, actor=SYSTEM, most=self.chance.choice((2, 10, 30)))

    def _tasks(self, most: int) -> list[PickTask]:
        open_tasks = list(PickTask.objects.filter(state="open").order_by("pk")[:60])
        return self.chance.sample(open_tasks, min(len(open_tasks), most))

    def pick(self) -> None:
        """Take the units of some tasks of one floor."""
        tasks = self._tasks(8)
        if tasks:
            operator = tasks[0].operator_id
            confirm_picks(operator, picks=[Taken(t.pk) for t in tasks if t.operator_id == operator], actor=SYSTEM)

    def short(self) -> None:
        """Find fewer than were expected."""
        for task in self._tasks(1):
            found = self.chance.randrange(task.quantity)
            reason = self.chance.choice(("empty", "damaged"))
            short_picks(task.operator_id, shorts=[Short(task.pk, found, reason)], actor=SYSTEM)

    def _cells(self) -> list[StockCell]:
        return list(StockCell.objects.filter(sku__in=self.units, sellable=True).order_by("pk"))

    def adjust(self) -> None:
        """Count a bin a little wrong."""
        cell = self.chance.choice(self._cells())
        counted = max(0, cell.qty + self.chance.choice((-2, -1, 1)))
        adjust_stock(
            self.merchant.pk,
            cell_id=cell.pk,
            counted=counted,
            reason=self.chance.choice(("found", "lost")),
            actor=SYSTEM,
        )

    def move(self) -> None:
        """Carry units of several SKUs to other bins, or to another node's, at once."""
        moves = []
        for line, cell in enumerate(self.chance.sample(self._cells(), 2)):
            if cell.node_id is not None and cell.qty > cell.allocated:
                target = self.chance.choice(self.bins[self.chance.choice(self.nodes).pk])
                if target.pk != cell.place_id:
                    moves.append(self._move(cell.sku_id, cell.place_id, target.pk, 1, line=line))
        self._post(moves)

    def arrive(self) -> None:
        """Bring some units in."""
        found, node = virtual_place("found"), self.chance.choice(self.nodes)
        skus = self.chance.sample(self.units, 2)
        bins = self.bins[node.pk]
        self._post(
            [self._move(sku.pk, found, self.chance.choice(bins).pk, self.chance.choice((1, 2, 3)), line=n)
             for n, sku in enumerate(skus)]
        )  # fmt: skip

    def _move(self, sku: int, source: int, target: int, units: int, *, line: int) -> Move:
        return Move(
            merchant_id=self.merchant.pk, sku_id=sku, qty=units, source=Spot(place_id=source),
            target=Spot(place_id=target), reason="move", doc_kind="rush", doc_id=self.number, doc_line=line,
        )  # fmt: skip

    def _post(self, moves: list[Move]) -> None:
        self.next()
        post_movements(
            [Move(**{**{f: getattr(m, f) for f in m.__slots__}, "doc_id": self.number}) for m in moves], actor=SYSTEM
        )

    def work(self) -> None:
        """Do what the worker does: source orders, serve arrivals, mend what was lost."""
        drain(rounds=1)


def rush(seed: int, seconds: float) -> dict[str, Any]:
    """Hurry for so long; give what was done."""
    one, done = Rush(seed), Counter[str]()
    faults: list[str] = []
    verbs, weights = list(WEIGHTS), list(WEIGHTS.values())
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        verb = one.chance.choices(verbs, weights)[0]
        try:
            getattr(one, verb)()
            done[verb] += 1
        except Refused:
            done[f"{verb} refused"] += 1
        except Exception as error:  # noqa: BLE001 -- the test judges what was raised
            done["conflicts" if is_conflict(error) else "faults"] += 1
            faults.append("".join(traceback.format_exception(error))[-3_000:])
        with connection.cursor() as db:
            db.execute(OVERSOLD)
            done["oversold"] += db.fetchone()[0] > 0
    return {"done": dict(done), "faults": faults[:3]}


def without_the_lock(app: str, name: str) -> str:
    """Give statements as they are, but read what is free without locking it."""
    text = statement(app, name)
    return text.replace("FOR NO KEY UPDATE", "") if name in {"lock_free", "reserve_whole"} else text


if __name__ == "__main__":
    if "unsafe" in sys.argv:
        for asking in (promising, statements):
            vars(asking)["statement"] = without_the_lock
    witness = Witness()
    with connection.execute_wrapper(witness) if "watched" in sys.argv else nullcontext():
        report = rush(int(sys.argv[1]), float(sys.argv[2]))
    sys.stdout.write(json.dumps({**report, "faults": report["faults"] + witness.seen[:3]}) + "\n")
