"""`colisage check stock`: prove that the books follow from the movements."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from colisage.inventory.checks import differences


class Command(BaseCommand):
    """Check the books."""

    help = "Recompute cells, availability, allocations and reservations from what proves them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what can be asked for."""
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print every difference; fail when there is any."""
        found = differences()
        if options["json"]:
            self.stdout.write(json.dumps([asdict(d) for d in found]))
        for d in found if not options["json"] else ():
            self.stdout.write(f"{d.what} {d.key}: {d.found}, proven {d.proven}")
        if found:
            raise CommandError(f"{len(found)} differences in the books.")
        if not options["json"]:
            self.stdout.write("The books balance.")
