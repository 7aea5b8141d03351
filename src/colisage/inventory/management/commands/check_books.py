"""`colisage check stock`: prove that the books follow from the movements."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from colisage.inventory.actions.prove_stock import prove_stock
from colisage.kit.terminal import either


class Command(BaseCommand):
    """Check the books."""

    help = "Recompute cells, availability, allocations, reservations, lots and plates from what proves them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what can be asked for."""
        parser.add_argument("--incremental", action="store_true", help="begin at the latest proof")
        parser.add_argument("--merchant", type=int, help="tell only what concerns this merchant, by its number")
        parser.add_argument("--node", type=int, help="tell only what concerns this node, by its number")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print every difference; fail when there is any."""
        outcome = prove_stock(incremental=options["incremental"])
        found = [
            d
            for d in outcome.differences
            if options["merchant"] in {None, d.merchant_id} and options["node"] in {None, d.node_id}
        ]
        if options["json"]:
            facts = {**asdict(outcome), "seconds": round(outcome.seconds, 3), "differences": [asdict(d) for d in found]}
            self.stdout.write(json.dumps(facts))
        else:
            for difference in found:
                self.stdout.write(str(difference))
        if found:
            raise CommandError(
                either(
                    f"{len(found)} differences in the books.", f"{len(found)} différences dans les comptes du stock."
                )
            )
        if not options["json"]:
            self.stdout.write(_said(outcome.movements, outcome.seconds))


def _said(movements: int, seconds: float) -> str:
    return either(
        f"The books balance ({movements:,} movements read, {seconds:.1f} s).",
        f"Les comptes sont justes ({movements:,} mouvements lus, {seconds:.1f} s).",
    )
