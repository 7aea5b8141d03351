"""Accepting orders, beside a pgbench script with exactly the row writes of one acceptance.

The baseline writes what acceptance writes for a two-line order (order, lines, reservations, availability, event, audit),
one order a transaction, into the same tables with the same constraints. Rounds are interleaved; medians are reported.
`--budget` is the seconds of one measurement (default 2); `--data` may name a directory with `skus.csv` (one code a line)
to take SKU codes from.
"""

import argparse
import csv
import io
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import _ground as ground

PORT = 8790
SKUS = 10_000
HOT = 10
UNITS = 2_000_000
ROUNDS = 6  # many and short: now and then the server cleans up after the batches for some seconds
FILE = 10_000  # orders of a file for a second of measuring: it takes about as long as the other measurements

RAW = r"""
\set n random(1, :nsku - 1)
\set m random(:n + 1, :nsku)
\set a :first + :n
\set b :first + :m
\set r random(1, 9223372036854775806)
BEGIN;
INSERT INTO orders_order (merchant_id, channel_id, external_ref, number, state, payment, placed_at, currency, shipping_cents,
 discount_cents, charges_cents, charges, tax_cents, total_cents, prices_include_tax, email, phone, customer_name, language, ship_to, bill_to,
 shipping_method, customer_note, gift_note, tags, fingerprint, quiet)
 VALUES (:merchant, :channel, 'raw-' || :r::text, '#1', 'open', 'paid', now(), 'EUR', 0, 0, 0, '[]', 0, 4200, true, 'a@example.com', '',
 'Camille Rousseau', 'fr', '{"name": "Camille Rousseau", "line1": "8 rue Lepic", "postcode": "75018", "city": "Paris", "country": "FR"}',
 null, '', '', '', '[]', '', false) RETURNING id AS oid \gset
INSERT INTO orders_orderline (merchant_id, order_id, position, sku_id, sku_code, name, quantity, cancelled, unit_price_cents,
 discount_cents, tax_cents, requires_shipping, external_ref, personalisation, served_by)
 VALUES (:merchant, :oid, 1, :a, 'S', 'S', 1, 0, 2100, 0, 0, true, '', '', ''),
        (:merchant, :oid, 2, :b, 'S', 'S', 1, 0, 2100, 0, 0, true, '', '', '');
UPDATE inventory_availability SET reserved = reserved + 1, changed = pg_current_xact_id()::text::bigint
 WHERE sku_id = :a AND node_id = :node AND sellable - reserved >= 1;
UPDATE inventory_availability SET reserved = reserved + 1, changed = pg_current_xact_id()::text::bigint
 WHERE sku_id = :b AND node_id = :node AND sellable - reserved >= 1;
INSERT INTO inventory_reservation (merchant_id, owner_kind, owner_id, sku_id, node_id, qty, state, priority)
 VALUES (:merchant, 'raw', :oid, :a, :node, 1, 'held', 0), (:merchant, 'raw', :oid, :b, :node, 1, 'held', 0);
INSERT INTO kit_event (stream, shard, kind, payload, merchant_id)
 VALUES ('order:' || :oid::text, 0, 'OrderAccepted', jsonb_build_object('merchant_id', :merchant::bigint, 'order_id', :oid::bigint, 'quiet', false), :merchant);
INSERT INTO kit_auditentry (merchant_id, doc_kind, doc_id, verb, data, actor_kind, actor_name)
 VALUES (:merchant, 'order', :oid, 'order_accepted', '{"channel": 1}', 'key', 'bench');
COMMIT;
"""


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Measure, and give the metrics of `performance.md`."""
    seconds = options.budget or 2.0
    quiet = options.json
    with ground.fresh_database() as url:
        facts = _fill(options.data)
        with ground.web(PORT) as web_pid:
            return _measure(url, facts, web_pid=web_pid, seconds=seconds, quiet=quiet)


def _fill(data: Path | None) -> dict[str, Any]:
    """Fill a shop in a process of its own; this one stays a client."""
    done = subprocess.run(
        [sys.executable, "-m", "bench._shop", str(data or "")], check=True, capture_output=True, text=True
    )
    facts: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return facts


def _measure(url: str, facts: dict[str, Any], *, web_pid: int, seconds: float, quiet: bool) -> dict[str, Any]:
    server = ground.postmaster(url)
    every, hot = facts["codes"], facts["codes"][:HOT]
    rates: dict[str, list[float]] = {}
    cpu: dict[str, list[float]] = {}
    acknowledged: list[str] = []

    def say(name: str, value: float) -> None:
        rates.setdefault(name, []).append(value)
        if not quiet:
            sys.stdout.write(f"{name:<18} {value:10.0f}/s\n")
            sys.stdout.flush()

    def post(name: str, codes: list[str], *, clients: int, many: int = 0) -> None:
        before = ground.cpu_of_tree(server) + ground.cpu_of_tree(web_pid)
        load = ground.post_orders(
            PORT, token=facts["token"], clients=clients, seconds=seconds, order=_order(codes), many=many
        )
        spent = ground.cpu_of_tree(server) + ground.cpu_of_tree(web_pid) - before
        acknowledged.extend(load.acknowledged)
        cpu.setdefault(name, []).append(1_000 * spent / max(1, len(load.acknowledged)))
        say(name, load.per_second)

    def beside_raw(clients: int) -> tuple[Callable[[], None], Callable[[], None]]:
        """Measure single orders right behind their baseline."""
        return (
            lambda: say(f"raw_{clients}", _raw(url, facts, clients=clients, seconds=seconds)),
            lambda: post(f"single_{clients}", every, clients=clients),
        )

    steps: list[Callable[[], None]] = [
        *(step for n in (1, 16, 64) for step in beside_raw(n)),
        lambda: post("batch_100", every, clients=2, many=100),
        lambda: post("batch_1000", every, clients=2, many=1_000),
        lambda: post("hot_single_64", hot, clients=64),
        lambda: post("hot_batch_1000", hot, clients=2, many=1_000),
        lambda: say("file", _file(url, every, acknowledged, orders=round(seconds * FILE))),
    ]
    for _ in range(ROUNDS):
        for step in steps:
            step()
    medians = {name: round(statistics.median(values), 1) for name, values in rates.items()}
    return {
        **medians,
        "cpu_ms_single_64": round(statistics.median(cpu["single_64"]), 3),
        "cpu_ms_batch_1000": round(statistics.median(cpu["batch_1000"]), 3),
        "ratio_single_64_to_raw_64": round(medians["single_64"] / medians["raw_64"], 2),
        "ratio_single_1_to_raw_1": round(medians["single_1"] / medians["raw_1"], 2),
        "ratio_batch_1000_to_raw_16": round(medians["batch_1000"] / medians["raw_16"], 2),
        "ratio_file_to_raw_16": round(medians["file"] / medians["raw_16"], 2),
        **_truth(url, acknowledged),
    }


def _order(codes: list[str]) -> Callable[[str], dict[str, Any]]:
    chance = random.Random(7)

    def order(reference: str) -> dict[str, Any]:
        first, second = chance.sample(codes, 2)
        return {
            "reference": reference,
            "currency": "EUR",
            "channel": "api",
            "lines": [
                {"sku": first, "quantity": 1, "unit_price_cents": 2_100},
                {"sku": second, "quantity": 1, "unit_price_cents": 2_100},
            ],
            "ship_to": {
                "name": "Camille Rousseau",
                "line1": "8 rue Lepic",
                "postcode": "75018",
                "city": "Paris",
                "country": "FR",
            },
            "email": "a@example.com",
        }

    return order


def _raw(url: str, facts: dict[str, Any], *, clients: int, seconds: float) -> float:
    """Run the baseline; give transactions a second."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(RAW)
        script.flush()
        names = ("merchant", "channel", "node", "first")
        command = [
            ground.binary("pgbench"),
            "-n",
            "-M",
            "prepared",
            "-c",
            str(clients),
            "-j",
            "2",
            "-T",
            str(round(seconds)),
        ]
        command += ["-D", f"nsku={SKUS}", *(part for name in names for part in ("-D", f"{name}={facts[name]}"))]
        done = subprocess.run([*command, "-f", script.name, url], check=True, capture_output=True, text=True)
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    return float(found.group(1)) if found else 0.0


def _file(url: str, codes: list[str], acknowledged: list[str], *, orders: int) -> float:
    """Import a file of so many orders with the command a person would use; give orders a second.

    The seconds are those of the import, from the file's arrival to its end; a worker that runs does not start first.
    """
    import psycopg

    chance = random.Random(11)
    stamp = time.time_ns()
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(
        [
            "order_ref",
            "placed_at",
            "sku",
            "quantity",
            "unit_price",
            "currency",
            "name",
            "address1",
            "postcode",
            "city",
            "country",
            "payment",
        ]
    )
    for n in range(orders):
        for code in chance.sample(codes, 2):
            rows.writerow(
                [
                    f"f{stamp}-{n}",
                    "2026-11-20",
                    code,
                    1,
                    "21.00",
                    "EUR",
                    "Camille",
                    "8 rue Lepic",
                    "75018",
                    "Paris",
                    "FR",
                    "paid",
                ]
            )
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
        file.write(text.getvalue())
        file.flush()
        done = subprocess.run(
            [sys.executable, "-m", "django", "import_orders", file.name, "--channel", "api", "--json"],
            check=True, capture_output=True, text=True, env={**os.environ, "DJANGO_SETTINGS_MODULE": "colisage.config.settings"},
        )  # fmt: skip
    report = json.loads(done.stdout.strip().splitlines()[-1])
    acknowledged.extend(f"f{stamp}-{n}" for n in range(report["orders"]))
    with psycopg.connect(url) as db:
        (seconds,) = db.execute(
            "SELECT extract(epoch FROM finished_at - created_at)::float FROM intake_importrun ORDER BY id DESC LIMIT 1"
        ).fetchone() or (0.0,)
    return float(report["orders"] / seconds)


def _truth(url: str, acknowledged: list[str]) -> dict[str, int]:
    """Look what the database says: nothing oversold, nothing acknowledged lost, no deadlock."""
    import psycopg

    with psycopg.connect(url) as db:
        (oversold,) = db.execute(
            "SELECT count(*) FROM inventory_availability WHERE reserved > sellable"
        ).fetchone() or (0,)
        there = {
            row[0] for row in db.execute("SELECT external_ref FROM orders_order WHERE external_ref NOT LIKE 'raw-%'")
        }
        (deadlocks,) = db.execute("SELECT sum(deadlocks)::int FROM pg_stat_database").fetchone() or (0,)
    return {"oversold": oversold, "lost": len(set(acknowledged) - there), "deadlocks": deadlocks}
