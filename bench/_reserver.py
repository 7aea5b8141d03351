"""A client that reserves: `python -m bench._reserver`; takes orders of work as lines of JSON and answers each with one.

A line names the merchant, the SKUs to choose from, for how many seconds, and how many demands a transaction holds.
"""

import json
import os
import random
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "colisage.config.settings")
django.setup()

from colisage.inventory.actions.reserve import Demand, reserve  # noqa: E402
from colisage.kit.settling import settle  # noqa: E402


def main() -> None:
    """Work until nobody asks any more."""
    settle()
    owner = os.getpid() * 1_000_000_000
    for line in sys.stdin:
        work = json.loads(line)
        chance, merchant, skus = random.Random(work["seed"]), work["merchant"], work["skus"]
        held, began = 0, time.perf_counter()
        while time.perf_counter() - began < work["seconds"]:
            demands = []
            for _ in range(work["many"]):
                owner += 1
                demands.append(Demand(merchant, "bench", ((owner, chance.choice(skus), 1),), may_wait=False))
            held += sum(outcome is not None for outcome in reserve(demands))
        sys.stdout.write(json.dumps({"held": held, "seconds": time.perf_counter() - began}) + "\n")
        sys.stdout.flush()


main()
