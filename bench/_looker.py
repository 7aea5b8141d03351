"""A person who looks at pages: `python -m bench._looker`; takes addresses as lines, answers each with one line of JSON.

The answer says the status, the milliseconds from the request to the last byte inside the server, and the statements it took.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "colisage.config.settings")
os.environ["COLISAGE_DB_ROLE"] = "colisage_web"
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from bench._people import PERSON  # noqa: E402
from colisage.kit.settling import settle  # noqa: E402
from colisage.people.models import User  # noqa: E402


class Statements:
    """Counts what the database is asked."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Callable[..., Any], *asked: Any) -> Any:
        """Count one, and ask it."""
        self.count += 1
        return execute(*asked)


def main() -> None:
    """Look until nobody asks any more."""
    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    client.force_login(User.objects.get(email=PERSON), backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["language"] = "en"
    settle()
    for line in sys.stdin:
        asked = Statements()
        with connection.execute_wrapper(asked):
            began = time.perf_counter()
            answer = client.get(line.strip())
            size = len(answer.content)
            spent = 1_000 * (time.perf_counter() - began)
        told = {"status": answer.status_code, "ms": spent, "statements": asked.count, "bytes": size}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


main()
