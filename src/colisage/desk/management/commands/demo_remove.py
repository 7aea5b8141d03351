"""`colisage demo remove`: an empty installation again, as long as it holds nothing but the demo."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from colisage.desk.management.commands.demo_load import LOGINS, SHOPS
from colisage.kit.terminal import either
from colisage.people.queries import merchant_slugs

OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


class Command(BaseCommand):
    """Remove the demo."""

    help = "Remove the demo shops and everything they did; then open your own with `colisage begin`."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what can be told."""
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove, when nothing of anybody's would be lost."""
        if merchant_slugs() - SHOPS:
            raise CommandError(
                either(
                    "There are shops beside the demo's: nothing is removed.",
                    "Il y a d’autres boutiques que celles de la démonstration : rien n’est supprimé.",
                )
            )
        with connection.cursor() as db:
            db.execute(OTHERS)
            if db.fetchone()[0]:
                raise CommandError(
                    either("Stop colisage run first, then try again.", "Arrêtez d’abord colisage run, puis réessayez.")
                )
        question = either("Remove the demo and all it did? [y/N] ", "Supprimer la démonstration ? [o/N] ")
        if not options["yes"] and input(question).strip().lower() not in {"y", "yes", "o", "oui"}:
            return
        with connection.cursor() as db:
            db.execute("DROP SCHEMA public CASCADE")
            db.execute("CREATE SCHEMA public")
        call_command("migrate", verbosity=0)
        folder = Path(settings.COLISAGE_DATA_DIR)
        (folder / LOGINS).unlink(missing_ok=True)
        (folder / settings.COLISAGE_NO_DEMO).touch()
        self.stdout.write(
            either(
                "The demo is gone. Open your shop: colisage begin --shop NAME --email ADDRESS",
                "La démonstration est supprimée. Ouvrez votre boutique : colisage begin --shop NOM --email ADRESSE",
            )
        )
