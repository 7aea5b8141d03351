"""`colisage import skus FILE`: a catalogue from a file."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from colisage.catalog.actions.import_catalogue import import_catalogue
from colisage.catalog.actions.take_rows import SKUS
from colisage.kit.actors import SYSTEM
from colisage.kit.errors import Refused
from colisage.kit.sent_files import refused_of
from colisage.people.queries import merchant_called


class Command(BaseCommand):
    """Import SKUs."""

    help = "Take a file of SKUs: new ones are made, known ones changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what can be told."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--merchant", required=True, help="the short name of the shop")
        parser.add_argument("--json", action="store_true", help="one line, for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import."""
        path: Path = options["file"]
        try:
            merchant = merchant_called(options["merchant"])
            run = import_catalogue(
                merchant.id, source=path, file_name=path.name, currency=merchant.currency, actor=SYSTEM
            )
        except (OSError, Refused) as error:
            raise CommandError(str(error)) from error
        told = {"rows": run.saved + run.refused_count, "saved": run.saved, "refused": run.refused_count}
        if options["json"]:
            self.stdout.write(json.dumps(told))
            return
        self.stdout.write("{rows} rows: {saved} SKUs saved, {refused} to correct".format(**told))
        for number, _raw, reason, *_rest in refused_of(SKUS, run, most=20):
            self.stdout.write(f"{number}: {reason}")
