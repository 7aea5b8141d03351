"""Reserving stock beside a pgbench script with the same row writes, and proving the books of a million movements.

A reservation is one unit of one SKU: availability raised, a row written, committed. The baseline does the same two row
writes in one transaction. Clients are processes that call the product's own `reserve`, without HTTP; `reserve_1000` holds a
thousand demands in one transaction, each accepted or refused by itself. Hot ones meet on ten SKUs. Rounds are
interleaved; medians are reported. `--budget` is the seconds of one measurement (default 4); `--data` may name a directory
with `skus.csv` (one code a line) to take SKU codes from.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import _ground as ground

SKUS, HOT, ROUNDS, MOST = 10_000, 10, 3, 16
MOVEMENTS = 1_000_000
RAW = r"""
\set n random(1, :nsku)
\set sku :first + :n
\set r random(1, 9223372036854775806)
BEGIN;
UPDATE inventory_availability SET reserved = reserved + 1 WHERE sku_id = :sku AND node_id = :node AND sellable - reserved >= 1;
INSERT INTO inventory_reservation (merchant_id, owner_kind, owner_id, sku_id, node_id, qty, state, priority)
 VALUES (:merchant, 'raw', :r, :sku, :node, 1, 'held', 0);
COMMIT;
"""
Client = subprocess.Popen[str]


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Measure, and give the metrics of `performance.md`."""
    seconds = options.budget or 4.0

    def say(name: str, value: float) -> None:
        if not options.json:
            sys.stdout.write(f"{name:<26} {value:12,.2f}\n")
            sys.stdout.flush()

    with ground.fresh_database() as url:
        metrics = _reserving(url, _fill(options.data), seconds=seconds, say=say)
    with ground.fresh_database() as url:
        return {**metrics, **_proving(url, say=say)}


def _fill(data: Path | None) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench._shop", str(data or "")], check=True, capture_output=True, text=True
    )
    facts: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return facts


def _reserving(url: str, facts: dict[str, Any], *, seconds: float, say: Callable[[str, float], None]) -> dict[str, Any]:
    server = ground.postmaster(url)
    every = [facts["first"] + n for n in range(1, len(facts["codes"]) + 1)]
    rates: dict[str, list[float]] = {}
    cpu: dict[str, list[float]] = {}

    def note(name: str, value: float) -> None:
        rates.setdefault(name, []).append(value)
        say(name, value)

    def reserve(name: str, clients: Sequence[Client], skus: Sequence[int], many: int = 1) -> None:
        pids = [server, *(client.pid for client in clients)]
        before = sum(map(ground.cpu_of_tree, pids))
        held, rate = _work(clients, merchant=facts["merchant"], skus=skus, seconds=seconds, many=many)
        spent = sum(map(ground.cpu_of_tree, pids)) - before
        cpu.setdefault(name, []).append(1_000 * spent / max(1, held))
        note(name, rate)

    with _clients(MOST) as clients:
        steps: list[Callable[[], None]] = [
            lambda: note("raw_1", _raw(url, facts, clients=1, skus=len(every), seconds=seconds)),
            lambda: reserve("reserve_1", clients[:1], every),
            lambda: reserve("reserve_1000", clients[:2], every, 1_000),
            lambda: reserve("hot_reserve_1000", clients[:2], every[:HOT], 1_000),
            *(
                lambda n=n: note(f"raw_hot_{n}", _raw(url, facts, clients=n, skus=HOT, seconds=seconds))
                for n in (8, 16)
            ),
            *(lambda n=n: reserve(f"hot_reserve_{n}", clients[:n], every[:HOT]) for n in (8, 16)),
        ]
        for _ in range(ROUNDS):
            for step in steps:
                step()
    medians = {name: round(statistics.median(values), 1) for name, values in rates.items()}
    return {
        **medians,
        "cpu_ms_reserve_1": round(statistics.median(cpu["reserve_1"]), 3),
        "cpu_ms_reserve_1000": round(statistics.median(cpu["reserve_1000"]), 4),
        "ratio_reserve_1_to_raw_1": round(medians["reserve_1"] / medians["raw_1"], 2),
        "ratio_reserve_1000_to_raw_1": round(medians["reserve_1000"] / medians["raw_1"], 2),
        "ratio_hot_to_all_1000": round(medians["hot_reserve_1000"] / medians["reserve_1000"], 2),
        **{f"ratio_hot_{n}_to_raw": round(medians[f"hot_reserve_{n}"] / medians[f"raw_hot_{n}"], 2) for n in (8, 16)},
        **_truth(url),
    }


@contextmanager
def _clients(count: int) -> Iterator[list[Client]]:
    """Start clients that wait for work."""
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "bench._reserver"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(count)
    ]
    try:
        yield started
    finally:
        for client in started:
            if client.stdin:
                client.stdin.close()
            client.wait(30)


def _work(
    clients: Sequence[Client], *, merchant: int, skus: Sequence[int], seconds: float, many: int
) -> tuple[int, float]:
    """Let clients reserve at once; give how many units they hold, and how many a second."""
    for seed, client in enumerate(clients):
        work = {"merchant": merchant, "skus": list(skus), "seconds": seconds, "many": many, "seed": seed}
        if client.stdin:
            client.stdin.write(json.dumps(work) + "\n")
            client.stdin.flush()
    answers = [json.loads(client.stdout.readline()) for client in clients if client.stdout]
    held = sum(answer["held"] for answer in answers)
    return held, held / max(answer["seconds"] for answer in answers)


def _raw(url: str, facts: dict[str, Any], *, clients: int, skus: int, seconds: float) -> float:
    """Run the baseline; give transactions a second."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(RAW)
        script.flush()
        command = [ground.binary("pgbench"), "-n", "-M", "prepared", "-c", str(clients), "-j", "2"]
        command += ["-T", str(max(1, round(seconds))), "-D", f"nsku={skus}"]
        command += [part for name in ("merchant", "node", "first") for part in ("-D", f"{name}={facts[name]}")]
        done = subprocess.run([*command, "-f", script.name, url], check=True, capture_output=True, text=True)
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    return float(found.group(1)) if found else 0.0


def _truth(url: str) -> dict[str, int]:
    """Look what the database says: nothing oversold, held as often as promised, no deadlock."""
    import psycopg

    with psycopg.connect(url) as db:
        (oversold,) = db.execute(
            "SELECT count(*) FROM inventory_availability v LEFT JOIN (SELECT sku_id, node_id, sum(qty) AS qty"
            " FROM inventory_reservation WHERE state = 'held' GROUP BY 1, 2) h USING (sku_id, node_id)"
            " WHERE v.reserved > v.sellable OR v.reserved <> coalesce(h.qty, 0)"
        ).fetchone() or (0,)
        (deadlocks,) = db.execute("SELECT sum(deadlocks)::int FROM pg_stat_database").fetchone() or (0,)
    return {"oversold": oversold, "deadlocks": deadlocks}


def _proving(url: str, *, say: Callable[[str, float], None]) -> dict[str, Any]:
    """Prove the books of a million movements from the first on, and after a thousand more from the proof on."""
    made = subprocess.run(
        [sys.executable, "-m", "bench._ledger", str(MOVEMENTS)], check=True, capture_output=True, text=True
    )
    facts = json.loads(made.stdout.strip().splitlines()[-1])
    server = ground.postmaster(url)
    _check()  # the first proof, which also writes down what every cell holds
    full: list[float] = []
    cpu: list[float] = []
    increments: list[float] = []
    found = 0
    for _ in range(ROUNDS):
        before = ground.cpu_of_tree(server)
        outcome = _check()
        cpu.append(ground.cpu_of_tree(server) - before)
        full.append(outcome["seconds"])
        found += len(outcome["differences"])
        say("check_seconds_1m", outcome["seconds"])
        subprocess.run([sys.executable, "-m", "bench._ledger", "more"], check=True)
        outcome = _check("--incremental")
        increments.append(outcome["seconds"])
        found += len(outcome["differences"]) + int(outcome["full"])
        say("check_incremental_seconds", outcome["seconds"])
    return {
        "check_seconds_1m": round(statistics.median(full), 2),
        "check_cpu_seconds_1m": round(statistics.median(cpu), 2),
        "check_incremental_seconds": round(statistics.median(increments), 2),
        "check_movements": facts["movements"],
        "check_cells": facts["cells"],
        "check_differences": found,
    }


def _check(*words: str) -> dict[str, Any]:
    """Run the command a person would use."""
    time.sleep(1)  # the statistics of a process that ended arrive a moment later
    done = subprocess.run(
        [sys.executable, "-m", "django", "check_books", "--json", *words],
        check=False, capture_output=True, text=True, env={**os.environ, "DJANGO_SETTINGS_MODULE": "colisage.config.settings"},
    )  # fmt: skip
    outcome: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return outcome
