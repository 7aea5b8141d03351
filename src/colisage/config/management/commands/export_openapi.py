"""Write the OpenAPI document of the API, so that a change of it is seen in review."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from colisage.config.api import api


class Command(BaseCommand):
    """Print the OpenAPI document."""

    help = "Print the OpenAPI document of the API."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it, with sorted keys."""
        self.stdout.write(json.dumps(api.get_openapi_schema(), indent=1, sort_keys=True, ensure_ascii=False))
