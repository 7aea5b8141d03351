"""Make an installation ready to serve: the database up to date, and the demo shops in a new one."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from colisage.people.queries import has_people


class Command(BaseCommand):
    """Prepare."""

    help = "Bring the database up to date and load the demo shops into an empty installation."

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare; a database that is up to date costs one look."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0)
        wanted = not (Path(settings.COLISAGE_DATA_DIR) / settings.COLISAGE_NO_DEMO).exists()
        if wanted and not has_people():
            call_command("demo_load")
