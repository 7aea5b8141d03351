"""Run every benchmark and write `docs/benchmarks.md`: `benchmarks.py [NAME…]`, all of them when none is named."""

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "benchmarks.md"
KEPT: Final = ROOT / "bench" / "results.json"
GOALS: Final = {  # what performance asks for, beside the figure it is asked of
    ("intake", "ratio_single_64_to_raw_64"): "at least 1.2",
    ("intake", "ratio_single_1_to_raw_1"): "at least 0.6",
    ("intake", "ratio_batch_1000_to_raw_16"): "at least 4",
    ("intake", "ratio_file_to_raw_16"): "at least 4",
    ("intake", "cpu_ms_single_64"): "at most 1.2",
    ("intake", "cpu_ms_batch_1000"): "at most 0.25",
    ("intake", "oversold"): "0",
    ("intake", "lost"): "0",
    ("intake", "deadlocks"): "0",
    ("stock", "check_seconds_1m"): "under 5",
    ("stock", "check_incremental_seconds"): "under 1",
    ("stock", "check_differences"): "0",
    ("stock", "oversold"): "0",
    ("stock", "deadlocks"): "0",
    ("journey", "orders_per_second"): "at least 150 (ZPL)",
    ("journey", "orders_per_second_pdf"): "at least 60",
    ("pages", "slowest_p95_ms"): "under 100",
    ("pages", "largest_ratio_to_10k"): "at most 1.5",
    ("pages", "other_statements"): "none",
}
HEAD: Final = """# Benchmarks

Written by `make bench`; do not edit. Every figure is the median of interleaved rounds; the machines are shared, so
only ratios to the baseline of the same run and CPU times compare between runs. `raw` is pgbench with exactly the row
writes of our own acceptance of one two-line order, one order a transaction; in `stock`, of one reservation. `hot` ones
meet on ten SKUs; `file` has 40,000 orders, which take about as long as the other measurements (10,000 until
2026-11-30). `pages` are milliseconds inside the server, behind the wall, with 100,000 rows of everything but orders,
and their ratio to the same pages with 10,000 rows. `loop` is the CPU time of two million additions in Python, taken at
the end: these machines are at times much slower than at others, and so are all figures of a run.
"""


def main(names: list[str]) -> int:
    """Measure, keep the results, write the page."""
    results: dict[str, Any] = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    known = sorted(path.stem for path in (ROOT / "bench").glob("[a-z]*.py"))
    for name in names or known:
        done = subprocess.run(
            [sys.executable, "-m", "colisage", "bench", name, "--json"], stdout=subprocess.PIPE, text=True, check=False
        )
        if done.returncode:
            sys.stderr.write(f"{name} failed\n")
            return done.returncode
        metrics = json.loads(done.stdout.strip().splitlines()[-1])["metrics"]
        results[name] = {"metrics": metrics, **_circumstances()}
    KEPT.write_text(json.dumps(results, indent=1) + "\n")
    PAGE.write_text(_page(results))
    return 0


def _circumstances() -> dict[str, str]:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False
    )
    load = os.getloadavg()[2]
    return {
        "commit": commit.stdout.strip(),
        "day": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}, load {load:.1f}, loop {_loop_ms()} ms",
    }


def _loop_ms() -> int:
    """Give the CPU time of a fixed piece of work: the same machine is at times two and a half times slower."""
    spent = []
    for _ in range(3):
        began, total = time.process_time(), 0
        for number in range(2_000_000):
            total += number
        spent.append(time.process_time() - began)
    return round(1_000 * statistics.median(spent))


def _page(results: dict[str, Any]) -> str:
    parts = [HEAD]
    for name, result in sorted(results.items()):
        parts.append(f"## {name}\n\nCommit {result['commit']}, {result['day']}, {result['machine']}.\n")
        parts.append("| What | Figure | Goal |\n|---|---:|---|")
        parts += [
            f"| {key} | {_shown(value)} | {GOALS.get((name, key), '')} |" for key, value in result["metrics"].items()
        ]
        parts.append("")
    return "\n".join(parts)


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_shown(each)}" for key, each in value.items())
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.2f}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
