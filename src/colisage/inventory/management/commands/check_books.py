"""`colisage check stock`: prove that the books follow from the movements, and set them right where they do not."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from getpass import getuser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from colisage.inventory.actions.prove_stock import Outcome, prove_stock
from colisage.inventory.actions.repair_stock import repair_stock
from colisage.inventory.checks import Difference
from colisage.inventory.rules.repair import REMEDIES, remedy
from colisage.kit.actors import Actor
from colisage.kit.terminal import either


class Command(BaseCommand):
    """Check the books."""

    help = "Recompute cells, availability, allocations, reservations, lots and plates from what proves them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what can be asked for."""
        parser.add_argument("--incremental", action="store_true", help="begin at the latest proof")
        parser.add_argument("--merchant", type=int, help="only what concerns this merchant, by its number")
        parser.add_argument("--node", type=int, help="only what concerns this node, by its number")
        parser.add_argument(
            "--repair", action="store_true", help="set right what differs, after a list of what is done"
        )
        parser.add_argument("--yes", action="store_true", help="repair without asking")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print every difference; fail when there is any left."""
        outcome = prove_stock(incremental=options["incremental"])
        found = _asked_for(outcome, options)
        if not options["json"]:
            for difference in found:
                then = f" → {remedy(difference.what)}" if options["repair"] else ""
                self.stdout.write(f"{difference}{then}")
        repaired = 0
        if options["repair"] and any(d.what in REMEDIES for d in found) and _agreed(options):
            repaired = repair_stock(found, actor=Actor(kind="system", name=f"check stock --repair ({getuser()})"))
            outcome = prove_stock()
            found = _asked_for(outcome, options)
        self._report(outcome, found, repaired=repaired, as_json=options["json"])

    def _report(self, outcome: Outcome, found: list[Difference], *, repaired: int, as_json: bool) -> None:
        if as_json:
            facts = {**asdict(outcome), "seconds": round(outcome.seconds, 3), "differences": [asdict(d) for d in found]}
            self.stdout.write(json.dumps({**facts, "repaired": repaired}))
        elif repaired:
            self.stdout.write(either(f"{repaired} repaired.", f"{repaired} corrections écrites."))
            for difference in found:
                self.stdout.write(str(difference))
        if found:
            raise CommandError(
                either(
                    f"{len(found)} differences in the books.", f"{len(found)} différences dans les comptes du stock."
                )
            )
        if not as_json:
            self.stdout.write(_said(outcome.movements, outcome.seconds))


def _agreed(options: dict[str, Any]) -> bool:
    """Ask the person at the terminal; without one, nothing is written unless --yes was said."""
    if options["yes"]:
        return True
    if options["json"] or not sys.stdin.isatty():
        raise CommandError(
            either(
                "Nobody is here to ask: say --yes to write these corrections.",
                "Personne n’est là pour confirmer : ajoutez --yes pour écrire ces corrections.",
            )
        )
    question = either("Write these corrections? [y/N] ", "Écrire ces corrections ? [o/N] ")
    return input(question).strip().lower() in {"y", "yes", "o", "oui"}


def _asked_for(outcome: Outcome, options: dict[str, Any]) -> list[Difference]:
    """Leave out what concerns another merchant or node than the one asked for."""
    return [
        d
        for d in outcome.differences
        if options["merchant"] in {None, d.merchant_id} and options["node"] in {None, d.node_id}
    ]


def _said(movements: int, seconds: float) -> str:
    return either(
        f"The books balance ({movements:,} movements read, {seconds:.1f} s).",
        f"Les comptes sont justes ({movements:,} mouvements lus, {seconds:.1f} s).",
    )
