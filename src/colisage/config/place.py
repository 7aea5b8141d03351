"""Where this installation lives: its data directory, its secrets, its database. Standard library only."""

import json
import os
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).resolve().parent.parent
SECRETS_FILE: Final = "secrets.json"


@dataclass(frozen=True, slots=True)
class Place:
    """One installation. `database_url` and `port` are None when the environment does not say."""

    data_dir: Path
    database_url: str | None
    port: int | None
    host: str
    secret_key: str
    encryption_key: str
    database_password: str

    @property
    def database_dir(self) -> Path:
        """Give the directory of the embedded database.

        PostgreSQL refuses to run as root, and the unprivileged account it then runs as must be able to reach its files:
        they go to a directory every account may traverse, named after the data directory.
        """
        if os.geteuid() != 0:
            return self.data_dir / "postgres"
        name = json.loads((self.data_dir / SECRETS_FILE).read_text(encoding="utf-8"))["identity"]
        return Path("/var/lib/colisage") / name


@cache
def place() -> Place:
    """Find the installation from the environment: DATA_DIR, DATABASE_URL, HOST and PORT."""
    data_dir = Path(os.environ.get("DATA_DIR") or _usual_dir()).expanduser().absolute()
    known = _secrets(data_dir)
    port = os.environ.get("PORT")
    return Place(
        data_dir=data_dir,
        database_url=os.environ.get("DATABASE_URL") or None,
        port=int(port) if port else None,
        host=os.environ.get("HOST") or "127.0.0.1",
        secret_key=known["secret_key"],
        encryption_key=known["encryption_key"],
        database_password=known["database_password"],
    )


def checkout() -> Path | None:
    """Give the source checkout this package runs from, or None when it is installed."""
    root = PACKAGE.parent.parent
    return root if (root / "bootstrap.py").is_file() and (root / "pyproject.toml").is_file() else None


def _usual_dir() -> Path:
    root = checkout()
    if root is not None and os.access(root, os.W_OK):
        return root / "var"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "colisage"


def _secrets(data_dir: Path) -> dict[str, str]:
    """Read the secrets of an installation, or make them; two processes that start together agree."""
    data_dir.mkdir(parents=True, exist_ok=True)
    path = data_dir / SECRETS_FILE
    if not path.exists():
        made = {
            "identity": secrets.token_hex(6),
            "secret_key": secrets.token_urlsafe(48),
            "encryption_key": secrets.token_urlsafe(32),
            "database_password": secrets.token_urlsafe(24),
        }
        draft = data_dir / f".{SECRETS_FILE}.{os.getpid()}"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            json.dump(made, out)
        try:
            os.link(draft, path)  # fails when another process was faster: its secrets count
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found
