"""The whole journey of many orders, from intake to label: accepted, sourced, picked, packed, labelled, handed over.

`--budget N` sets the number of orders (default 10,000). Labels are the house's own, in ZPL for `orders_per_second` and in PDF
for `orders_per_second_pdf`. The work is done by the actions that people and workers use, in batches, with the outbox between.
"""

import argparse
import json
import os
import subprocess
import sys
from typing import Any

from bench import _ground as ground


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Measure, and give the metrics of `performance.md`."""
    count = int(options.budget or 10_000)
    with ground.fresh_database():
        done = subprocess.run(
            [sys.executable, "-m", "bench._journey", str(count)],
            check=True, stdout=subprocess.PIPE, text=True, env={**os.environ, "DATA_DIR": os.environ.get("DATA_DIR", "")},
        )  # fmt: skip
    metrics: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return metrics
