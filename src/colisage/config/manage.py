"""Run a management command of Django; what a person must set right is said in one sentence."""

from collections.abc import Sequence

import django
from django.core.management import CommandError, ManagementUtility
from django.db import OperationalError, connections
from django.utils import translation

from colisage.kit.errors import Refused
from colisage.kit.terminal import either, french, say

SILENT = frozenset({"worker"})  # it writes for customers, each in their own language


def run(argv: Sequence[str]) -> int:
    """Run the command and give its exit status."""
    django.setup()
    if argv and argv[0] not in SILENT:
        translation.activate("fr" if french() else "en")
    try:
        # With --traceback Django lets its CommandError through instead of printing it with its class name.
        ManagementUtility(["colisage", *argv, *(["--traceback"] if argv else [])]).execute()
    except CommandError as error:
        say(str(error))
        return int(error.returncode)
    except Refused as refusal:
        say(str(refusal))
        return 1
    except OperationalError as error:
        reason = str(error).strip().partition("\n")[0]
        say(
            either(
                f"The database does not answer ({reason}): start it, or correct DATABASE_URL.",
                f"La base ne répond pas ({reason}) : démarrez-la, ou corrigez DATABASE_URL.",
            )
        )
        return 1
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    finally:
        connections.close_all()  # before the server they lead to stops
    return 0
