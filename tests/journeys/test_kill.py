"""kill -9 of the web server, the worker and the database at random moments loses no acknowledged order."""

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest

from colisage.config.database import Cluster
from colisage.config.place import SECRETS_FILE
from tests.journeys.kill_clients import Shop, posting
from tests.tree import SRC, Tree

KILLS: Final = int(os.environ.get("COLISAGE_KILLS", "20"))
SEED: Final = int(os.environ.get("COLISAGE_KILL_SEED", "11"))
SHOPS: Final = 6
QUIET_SECONDS: Final = (0.2, 2.0)  # how long intake runs undisturbed between two kills
ONCE_AN_ORDER: Final = (
    "order_id) FROM orders_orderline",
    "payload->>'order_id') FROM kit_event WHERE kind = 'OrderAccepted'",
    "doc_id) FROM kit_auditentry WHERE verb = 'order_accepted'",
)
VICTIMS: Final = ("uvicorn", "worker", "database")
ROWS: Final = 15_000
PATIENCE_SECONDS: Final = 60
SWEEP_SECONDS: Final = 150  # a file left half-read is taken up again within a minute, and read to its end
SETTLE: Final = f"""
import io
from colisage.carriers.actions.load_public_tariffs import load_public_tariffs
from colisage.intake.actions.start_import import start_import
from colisage.kit.actors import SYSTEM
from colisage.people.actions.make_api_key import make_api_key
from tests.cast import world
load_public_tariffs()
tilleul = world(stock=10_000_000).tilleul.pk
rows = "".join(f"F-{{n}},CARTE,1,2.50,Zoé,8 rue Lepic,75018,Paris,FR,paid\\n" for n in range({ROWS}))
file = io.BytesIO(("order_ref,sku,quantity,unit_price,name,address1,postcode,city,country,payment\\n" + rows).encode())
start_import(tilleul, channel="shop", source=file, file_name="orders.csv", options={{}}, actor=SYSTEM)
print(make_api_key(tilleul, name="shops", scopes=["orders:write"], actor=SYSTEM))
"""


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Tree]:
    made = Tree(tmp_path / "installation", PYTHONPATH=os.pathsep.join([str(SRC), str(SRC.parent)]))
    made.settle()
    yield made
    if made.process is not None and made.process.poll() is None:
        made.end(signal.SIGTERM)
    made.remove()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_kill_9_at_any_moment_loses_no_acknowledged_order_and_makes_none_twice(tree: Tree) -> None:
    settled = tree.colisage("manage", "shell", "-v", "0", "-c", SETTLE)
    assert settled.returncode == 0, settled.stderr
    shops = [Shop(f"S{n}", tree.port, settled.stdout.split()[-1], keyed=n % 2 == 0) for n in range(SHOPS)]
    tree.start()
    with posting(shops):
        kill_at_random(tree, shops)
    with database(tree) as db:
        within(SWEEP_SECONDS, lambda: db.execute("SELECT state FROM intake_importrun").fetchone() == ("done",))
        assert_nothing_lost(db, shops)
    assert tree.end(signal.SIGTERM) == 0
    books = tree.colisage("check", "stock")
    assert books.returncode == 0, books.stdout + books.stderr


def kill_at_random(tree: Tree, shops: Sequence[Shop]) -> None:
    """Kill one process of the tree after another, each at a random moment of the intake."""
    chance = random.Random(SEED)
    for n, victim in enumerate(chance.sample([*VICTIMS] * (KILLS // 3 + 1), KILLS), 1):
        within(PATIENCE_SECONDS, lambda: set(alive(tree)) == set(VICTIMS))
        within(PATIENCE_SECONDS, partial(more_than, count(shops), shops))
        time.sleep(chance.uniform(*QUIET_SECONDS))
        before = alive(tree)
        began = time.monotonic()
        os.kill(before[victim], signal.SIGKILL)
        within(PATIENCE_SECONDS, partial(have_others, [victim] if victim != "database" else VICTIMS, before, tree))
        back, posted = time.monotonic() - began, count(shops)
        within(PATIENCE_SECONDS, partial(more_than, posted + SHOPS, shops))
        answers = time.monotonic() - began
        say(f"{n:3} {victim:8} is back after {back:4.1f} s, answers after {answers:4.1f} s; {posted} orders")


def within(seconds: float, is_so: Callable[[], bool]) -> None:
    """Wait until something is so; fail after so long."""
    patience = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < patience
        time.sleep(0.05)


def alive(tree: Tree) -> dict[str, int]:
    """Give the living processes that may be killed."""
    database = tree.database() if tree.cluster.is_running() else 0
    return tree.children() | ({"database": database} if database else {})


def have_others(ended: Sequence[str], before: dict[str, int], tree: Tree) -> bool:
    """Say whether processes have successors: the killed one, and with the database all, which start anew with it."""
    now = alive(tree)
    return all(now.get(name, before[name]) != before[name] for name in ended)


def more_than(posted: int, shops: Sequence[Shop]) -> bool:
    """Say whether more orders than so many are acknowledged."""
    return count(shops) > posted


def count(shops: Sequence[Shop]) -> int:
    """Count the orders that are acknowledged; fail as soon as one is refused."""
    assert [refusal for shop in shops for refusal in shop.refusals] == []
    return sum(len(shop.acknowledged) for shop in shops)


def assert_nothing_lost(db: psycopg.Connection[Any], shops: Sequence[Shop]) -> None:
    """Compare what was acknowledged, and the rows of the file, with what the database holds."""
    acknowledged = {reference: pk for shop in shops for reference, pk in shop.acknowledged.items()}
    retried = {reference for shop in shops for reference in shop.retried}
    assert retried <= set(acknowledged)
    assert [db.execute(f"SHOW {name}").fetchone() for name in ("fsync", "synchronous_commit")] == [("on",)] * 2
    kept = db.execute("SELECT external_ref, id FROM orders_order").fetchall()
    say(f"{len(kept)} orders: {len(acknowledged)} acknowledged, {len(retried)} of them sent again; {ROWS} of a file")
    posted = {reference: pk for reference, pk in kept if not reference.startswith("F-")}
    assert posted == acknowledged
    assert len(kept) == len(acknowledged) + ROWS
    assert {reference for reference, _ in kept} - set(posted) == {f"F-{n}" for n in range(ROWS)}
    for once in ONCE_AN_ORDER:
        assert db.execute(f"SELECT count(*), count(DISTINCT {once}").fetchone() == (len(kept), len(kept)), once
    held = "SELECT sum(qty) FROM inventory_reservation WHERE owner_kind = 'order_line'"
    assert db.execute(held).fetchone() == db.execute("SELECT sum(quantity) FROM orders_orderline").fetchone()
    passed_on = "SELECT count(*), count(DISTINCT order_id) FROM orders_fulfillmentorder"
    within(SWEEP_SECONDS, lambda: db.execute(passed_on).fetchone() == (len(kept), len(kept)))
    assert db.execute("SELECT handler, stream, reason FROM kit_parked").fetchall() == []


def database(tree: Tree) -> psycopg.Connection[Any]:
    """Connect to the database of the installation, past every wall."""
    password = json.loads((tree.data_dir / SECRETS_FILE).read_text())["database_password"]
    return psycopg.connect(Cluster(tree.cluster.root, password=password).url(), autocommit=True)


def say(text: str) -> None:
    """Tell whoever runs this with -s how it goes."""
    sys.stdout.write(f"{text}\n")
