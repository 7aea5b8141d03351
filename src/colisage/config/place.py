"""Where this installation lives: its data directory, its secrets, its database. Standard library only."""

import hmac
import json
import os
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from colisage.kit.terminal import Problem

PACKAGE: Final = Path(__file__).resolve().parent.parent
SECRETS_FILE: Final = "secrets.json"
SYSTEM_DIR: Final = Path("/var/lib/colisage")


@dataclass(frozen=True, slots=True)
class Place:
    """One installation. `database_url` and `port` are None when the environment does not say."""

    data_dir: Path
    database_dir: Path
    database_url: str | None
    port: int | None
    host: str
    secret_key: str = field(repr=False)
    encryption_key: str = field(repr=False)  # of Fernet
    database_password: str = field(repr=False)
    webhook_secret: str = field(repr=False)  # shared with the simulators


@cache
def place() -> Place:
    """Find the installation from the environment: DATA_DIR, DATABASE_URL, HOST and PORT."""
    data_dir = Path(os.environ.get("DATA_DIR") or _usual_dir()).expanduser().resolve()
    known = _secrets(data_dir)
    return Place(
        data_dir=data_dir,
        database_dir=_database_dir(data_dir, identity=known["identity"]),
        database_url=os.environ.get("DATABASE_URL") or None,
        port=_port(os.environ.get("PORT", "")),
        host=os.environ.get("HOST") or "127.0.0.1",
        secret_key=known["secret_key"],
        encryption_key=known["encryption_key"],
        database_password=known["database_password"],
        webhook_secret=hmac.digest(known["secret_key"].encode(), b"webhooks", "sha256").hex(),
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


def _database_dir(data_dir: Path, *, identity: str) -> Path:
    """Give the directory of the embedded database.

    PostgreSQL refuses to run as root, and the unprivileged account it then runs as must be able to reach its
    files: they go to a directory every account may traverse, named after the data directory's identity. A
    database that an ordinary user made stays where it is, also for root.
    """
    beside = data_dir / "postgres"
    if os.geteuid() != 0:
        return beside
    made = beside / "data"
    return beside if made.exists() and made.stat().st_uid != 0 else SYSTEM_DIR / identity


def _port(text: str) -> int | None:
    if not text:
        return None
    if text.isascii() and text.isdigit() and 0 < int(text) < 65_536:
        return int(text)
    raise Problem(
        f"PORT is {text!r}, which is no port: give a number from 1 to 65535.",
        f"PORT vaut « {text} », ce n’est pas un port : donnez un nombre de 1 à 65535.",
    )


def _secrets(data_dir: Path) -> dict[str, str]:
    """Read the secrets of an installation, or make them; two processes that start together agree."""
    path = data_dir / SECRETS_FILE
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _write_once(path, json.dumps(_new_secrets()))
        found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Problem(
            f"{path} cannot be used ({error.strerror}): get the right to, or choose another DATA_DIR.",
            f"{path} n’est pas utilisable ({error.strerror}) : obtenez-en le droit, ou changez de DATA_DIR.",
        ) from None
    except ValueError:
        raise Problem(
            f"{path} is damaged: restore it from a backup; stored credentials cannot be read without it.",
            f"{path} est abîmé : reprenez-le d’une sauvegarde ; sans lui, les identifiants sont illisibles.",
        ) from None
    return found


def _new_secrets() -> dict[str, str]:
    return {
        "identity": secrets.token_hex(6),
        "secret_key": secrets.token_urlsafe(48),
        "encryption_key": urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "database_password": secrets.token_urlsafe(24),
    }


def _write_once(path: Path, text: str) -> None:
    """Write a file that only its owner reads, whole or not at all; the first of two writers wins."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(handle)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was faster: its secrets count
    finally:
        draft.unlink()
