"""The command `colisage`. It starts fast: Django is loaded only by the commands that need it.

Every command that needs a database reaches the one `DATABASE_URL` names, else the embedded one: that of a
running `colisage run`, or one started for the length of the command.

A management command of ours is a command here under its own name, or under its words: `import_orders` is
`colisage import orders`.
"""

import importlib
import os
import signal
import sys
import tomllib
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from importlib.metadata import version
from typing import Final, NamedTuple

from colisage.config.place import PACKAGE, checkout, place
from colisage.kit.terminal import Problem, either, say


class Help(NamedTuple):
    """A line of the help."""

    words: str
    english: str
    french: str

    def __str__(self) -> str:
        return f"  colisage {self.words:<18} {either(self.english, self.french)}"


OWN: Final = {
    "run": Help("run", "run everything: database, web, worker", "tout lancer : base, web, travail de fond"),
    "doctor": Help("doctor", "say what works here and what does not", "dire ce qui marche ici et ce qui ne marche pas"),
    "mcp": Help("mcp", "serve an assistant, over the API", "servir un assistant, par l’API"),
    "bench": Help("bench NAME", "measure", "mesurer"),
}
MODULES: Final = {"run": "supervisor", "doctor": "doctor", "mcp": "assistant", "bench": "benches"}
MANAGED: Final = {  # the words of a management command; those not named here go by their own
    "migrate": Help("migrate", "bring the database up to date", "mettre la base à jour"),
    "worker": Help("worker", "do background work", "faire le travail de fond"),
    "import_orders": Help("import orders FILE", "import a file of orders", "importer un fichier de commandes"),
    "import_skus": Help("import skus FILE", "import a file of SKUs", "importer un fichier de références"),
    "check_books": Help("check stock", "prove that the books balance", "prouver que les comptes du stock sont justes"),
    "begin": Help("begin", "open your shop, with its warehouse", "ouvrir votre boutique, avec son entrepôt"),
    "demo_load": Help("demo load", "load the demo shops", "charger les boutiques de démonstration"),
    "demo_remove": Help("demo remove", "remove the demo shops", "supprimer les boutiques de démonstration"),
    "simulate_carrier": Help("simulate carrier", "run the carrier simulator", "lancer le transporteur simulé"),
}
MANAGE: Final = Help("manage WORDS", "any management command of Django", "toute commande d’administration de Django")
OTHER_NAMES: Final = {"check stock": "check_books", "check": "check_books"}
DJANGO_OWN: Final = frozenset({"migrate"})
ROLES: Final = {"worker": "colisage_worker"}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and give its exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in {"-h", "--help", "help"}:
        sys.stdout.write(usage())
        return 0
    if words[0] in {"-V", "--version", "version"}:
        sys.stdout.write(f"colisage {release()}\n")
        return 0
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    try:
        return _dispatch(words)
    except Problem as problem:
        say(str(problem))
        return 1
    except KeyboardInterrupt:
        return 130


def release() -> str:
    """Give the version of this package."""
    root = checkout()
    if root is None:
        return version("colisage")
    with (root / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


def usage() -> str:
    """Give the help, in the terminal's language."""
    there = managed_commands()
    rows = [*OWN.values(), *(help_ for name, help_ in MANAGED.items() if name in there), MANAGE]
    head = either("Colisage, from the click to the door and back.", "Colisage, du clic à la porte et retour.")
    return "\n".join([head, "", *map(str, rows), ""])


def managed_commands() -> set[str]:
    """Find our management commands without loading Django."""
    return {path.stem for path in PACKAGE.glob("*/management/commands/[a-z]*.py")} | DJANGO_OWN


def _dispatch(words: list[str]) -> int:
    if words[0] in OWN:
        run: Callable[[Sequence[str]], int] = importlib.import_module(f"colisage.config.{MODULES[words[0]]}").main
        return run(words[1:])
    if words[0] == "manage":
        return manage(words[1:])
    there = managed_commands()
    for length in (2, 1):
        spoken = " ".join(words[:length])
        name = OTHER_NAMES.get(spoken, spoken.replace(" ", "_").replace("-", "_"))
        if name in there:
            return manage([name, *words[length:]])
    return _unknown(words[0])


def manage(argv: Sequence[str]) -> int:
    """Run a management command of Django on the database of this installation."""
    from colisage.config.database import reach  # noqa: PLC0415 -- the help does without

    if argv and argv[0] in ROLES:
        os.environ.setdefault("COLISAGE_DB_ROLE", ROLES[argv[0]])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "colisage.config.settings")
    with reach(place()):
        status: int = importlib.import_module("colisage.config.manage").run(argv)
    return status


def _unknown(word: str) -> int:
    first_words = {
        *OWN,
        "manage",
        *(help_.words.split()[0] for name, help_ in MANAGED.items() if name in managed_commands()),
    }
    near = get_close_matches(word, sorted(first_words), n=1)
    hint = either(f"Did you mean {near[0]}?", f"Vouliez-vous dire {near[0]} ?") if near else ""
    said = either(f"There is no command {word}.", f"Il n’y a pas de commande {word}.")
    say(" ".join(filter(None, (said, hint, either("See colisage --help.", "Voyez colisage --help.")))))
    return 2


def _end(number: int, _frame: object) -> None:
    """Leave in good order, as after Ctrl-C: what this command started it also stops."""
    raise SystemExit(128 + number)
