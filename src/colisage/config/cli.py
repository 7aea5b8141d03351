"""The command `colisage`. It starts fast: Django is loaded only by the commands that need it.

Every command that needs a database reaches the one `DATABASE_URL` names, else the embedded one: that of a running
`colisage run`, or one started for the length of the command.
"""

import contextlib
import importlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from colisage.config.database import Cluster, DatabaseProblem
from colisage.config.place import Place, place


class Command(NamedTuple):
    """A command of ours that is a management command of Django, with the words that come before its own."""

    management: str
    help_en: str
    help_fr: str


# Two words name a command where one word has several forms: `colisage import orders`.
COMMANDS: Final[dict[str, Command]] = {
    "worker": Command("worker", "do background work", "faire le travail de fond"),
    "migrate": Command("migrate", "bring the database up to date", "mettre la base à jour"),
    "check stock": Command("check_books", "prove that the books balance", "prouver que les comptes du stock sont justes"),
    "import orders": Command("import_orders", "import a file of orders", "importer un fichier de commandes"),
    "import skus": Command("import_skus", "import a file of SKUs", "importer un fichier de références"),
    "demo load": Command("demo_load", "load the demo shops", "charger les boutiques de démonstration"),
    "simulate carrier": Command("simulate_carrier", "run the carrier simulator", "lancer le transporteur simulé"),
    "manage": Command("", "any management command of Django", "toute commande d’administration de Django"),
}
OWN: Final = {
    "run": ("run everything: database, web, worker", "tout lancer : base, web, tâches de fond"),
    "doctor": ("say what works here and what does not", "dire ce qui marche ici et ce qui ne marche pas"),
    "bench": ("measure: bench NAME [--data DIR] [--budget SECONDS] [--json]", "mesurer : bench NOM [--data DOSSIER] [--budget SECONDES] [--json]"),
}


def french() -> bool:
    """Say whether the person at the terminal reads French."""
    return next((os.environ[k] for k in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(k)), "").startswith("fr")


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and give its exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in {"-h", "--help", "help"}:
        sys.stdout.write(usage())
        return 0
    try:
        return _dispatch(words)
    except DatabaseProblem as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    except KeyboardInterrupt:
        return 130


def usage() -> str:
    """Give the help, in the terminal's language."""
    fr = french()
    rows = [(name, texts[fr]) for name, texts in OWN.items()]
    rows += [(name, command.help_fr if fr else command.help_en) for name, command in COMMANDS.items()]
    head = "Colisage, du clic à la porte et retour." if fr else "Colisage, from the click to the door and back."
    lines = [head, "", *(f"  colisage {name:<18} {text}" for name, text in rows), ""]
    return "\n".join(lines)


def _dispatch(words: list[str]) -> int:
    if words[0] in OWN:
        module = importlib.import_module(
            {"run": "colisage.config.supervisor", "doctor": "colisage.config.doctor", "bench": "colisage.config.benches"}[words[0]]
        )
        command: Callable[[Sequence[str]], int] = module.main
        return command(words[1:])
    for length in (2, 1):
        name = " ".join(words[:length])
        if name in COMMANDS:
            management = COMMANDS[name].management
            return manage([*([management] if management else []), *words[length:]])
    known = ", ".join((*OWN, *COMMANDS))
    text = "Commande inconnue : {}. Il y a : {}." if french() else "There is no command {}. There are: {}."
    sys.stderr.write(text.format(" ".join(words[:2]), known) + "\n")
    return 2


def manage(argv: Sequence[str]) -> int:
    """Run a management command of Django on the database of this installation."""
    with database(place()):
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "colisage.config.settings")
        management = importlib.import_module("django.core.management")
        try:
            management.execute_from_command_line(["colisage", *argv])
        except SystemExit as stop:
            return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
        finally:
            if "django.db" in sys.modules:
                sys.modules["django.db"].connections.close_all()  # before the server it talks to stops
    return 0


@contextlib.contextmanager
def database(here: Place) -> Iterator[str]:
    """Put `DATABASE_URL` into the environment: the one that is there, else that of the embedded database."""
    if here.database_url:
        yield here.database_url
        return
    cluster = Cluster(here.database_dir, password=here.database_password, say=_say)
    with cluster.reached() as url:
        os.environ["DATABASE_URL"] = url
        try:
            yield url
        finally:
            del os.environ["DATABASE_URL"]


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")

