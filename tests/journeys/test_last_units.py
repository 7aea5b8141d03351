"""Eight processes sell, cancel, edit, pick, lose and move the last units of hot SKUs and bundles, for a minute."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection, connections, transaction

from colisage.inventory.actions.release import release
from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.checks import differences
from colisage.inventory.models import Availability, Reservation, StockCell
from colisage.kit.actors import SYSTEM
from colisage.kit.models import Parked
from colisage.kit.outbox import drain
from colisage.orders.models import Order, OrderLine
from colisage.picking.actions.confirm_picks import Taken, confirm_picks
from colisage.picking.models import PickTask
from tests.cast import World, fill
from tests.lock_order import Witness

PROCESSES = 8
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def hurry(seconds: float, *words: str) -> tuple[Counter[str], list[str]]:
    """Let processes hurry at once, every second one watched; give what they did, and how the faults among it looked."""
    environment = {**os.environ, "PYTHONPATH": "src:.", "DJANGO_SETTINGS_MODULE": "colisage.config.settings"}
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.rush", str(seed), str(seconds), *words, *(["watched"] if seed % 2 else [])],
            env=environment, stdout=subprocess.PIPE, text=True,
        )
        for seed in range(1, PROCESSES + 1)
    ]  # fmt: skip
    done, faults = Counter[str](), []
    for process in started:
        said, _ = process.communicate(timeout=seconds + 120)
        assert process.returncode == 0
        report: dict[str, Any] = json.loads(said.strip().splitlines()[-1])
        done.update(report["done"])
        faults += report["faults"]
    return done, faults


def deadlocks() -> int:
    """Ask the database how many it has broken in this database since it was made."""
    with connection.cursor() as db:
        db.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(db.fetchone()[0])


def close_the_shop(world: World) -> None:
    """Finish the work, then give everything back that is still promised."""
    for _ in range(4):
        drain()
        for operator in (world.nord, world.boreal):
            tasks = PickTask.objects.filter(operator_id=operator.pk, state="open").values_list("pk", flat=True)
            confirm_picks(operator.pk, picks=[Taken(pk) for pk in tasks], actor=SYSTEM)
    for kind in ("order_line", "cart"):
        owners = set(Reservation.objects.filter(owner_kind=kind).values_list("owner_id", flat=True))
        release(kind, owner_ids=owners)


def asked_and_promised(states: Sequence[str]) -> tuple[dict[tuple[int, int], int], dict[tuple[int, int], int]]:
    """Give, by (order line, SKU), the units that open orders ask for, and those that are promised to them."""
    asked, promised = Counter[tuple[int, int]](), Counter[tuple[int, int]]()
    lines = {line.pk: line for line in OrderLine.objects.filter(order__state="open")}
    with connection.cursor() as db:
        db.execute("SELECT parent_id, sku_id, quantity FROM catalog_component")
        recipes: dict[int, list[tuple[int, int]]] = {}
        for parent, sku, units in db.fetchall():
            recipes.setdefault(parent, []).append((sku, units))
    for pk, line in lines.items():
        for sku, units in recipes.get(line.sku_id or 0, [(line.sku_id or 0, 1)]):
            asked[pk, sku] += units * line.quantity
    rows = Reservation.objects.filter(owner_kind="order_line", owner_id__in=lines, state__in=states)
    for owner, sku, qty in rows.values_list("owner_id", "sku_id", "qty"):
        promised[owner, sku] += qty
    return dict(asked), dict(promised)


@pytest.mark.timeout(300)
def test_nothing_is_oversold_leaked_or_deadlocked_by_eight_processes_in_a_minute(world: World) -> None:
    fill(world, world.montreal, {code: world.skus[code] for code in ("MUG", "CARTE", "LAMPE")}, 15)
    before = deadlocks()
    seconds = float(os.environ.get("COLISAGE_RUSH_SECONDS", "60"))
    done, faults = hurry(seconds)
    print(dict(done))  # noqa: T201 -- what a minute of it was, beside the verdict
    assert not faults, faults[0]
    assert done["oversold"] == 0
    assert done["conflicts"] == 0
    connections.close_all()
    assert deadlocks() - before == 0
    assert differences() == []
    assert min(done[verb] for verb in ("sell", "cart", "edit", "cancel", "wave", "pick", "adjust", "move")) > 0
    asked, promised = asked_and_promised(("held", "waiting", "picked"))
    assert promised == asked, "every unit of an open order is promised once"
    lines = OrderLine.objects.filter(order__state="open").values("pk")
    leaked = Reservation.objects.filter(owner_kind="order_line", state__in=["held", "waiting"]).exclude(
        owner_id__in=lines
    )
    assert not leaked.exists(), "nothing is kept for a cancelled order but what was picked before, and lies on a bench"
    assert not Parked.objects.exists()
    close_the_shop(world)
    assert differences() == []
    assert set(Availability.objects.values_list("reserved", flat=True)) == {0}
    assert set(StockCell.objects.values_list("allocated", flat=True)) == {0}
    assert Order.objects.count() > 0


def test_without_the_constraint_and_the_lock_the_same_processes_oversell(world: World) -> None:
    """The proof of the proof: what the test above looks for is there to be found."""
    with connection.cursor() as db:
        db.execute("ALTER TABLE inventory_availability DROP CONSTRAINT never_oversold")
    done, _ = hurry(8, "unsafe")
    assert done["oversold"] > 0


def test_the_witness_objects_to_who_locks_availability_twice(world: World) -> None:
    mug, card = world.sku("MUG").pk, world.sku("CARTE").pk
    witness = Witness()
    with connection.execute_wrapper(witness):
        with transaction.atomic():
            lock_free({mug, card})
            lock_free({mug})
        with transaction.atomic(), transaction.atomic():
            lock_free({card})
        assert witness.seen == []
        with transaction.atomic():
            lock_free({mug})
            with transaction.atomic():
                lock_free({mug, card})
    assert len(witness.seen) == 1
