"""The account a server runs as: PostgreSQL refuses root, so root lends it an existing one without rights."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from colisage.config.database.problems import DatabaseProblem

NAMES = ("postgres", "nobody", "daemon")


class Rights(TypedDict, total=False):
    """What `subprocess` is told to start a process as another account."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class Account:
    """An unprivileged account; None of these stands for our own."""

    uid: int
    gid: int

    def rights(self) -> Rights:
        """Say how to start a process as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def account_for(data: Path) -> Account | None:
    """Give the account for the server on a directory, or None when our own will do.

    The owner of a directory that exists keeps it, whichever accounts came or went since. No account is made.
    """
    if os.geteuid() != 0:
        return None
    if data.exists() and data.stat().st_uid != 0:
        return Account(data.stat().st_uid, data.stat().st_gid)
    for name in NAMES:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(found.pw_uid, found.pw_gid)
    raise DatabaseProblem(
        "PostgreSQL does not run as root and there is no account `nobody` to lend it: "
        "start Colisage as a user, or set DATABASE_URL.",
        "PostgreSQL ne tourne pas en tant que root et il n’y a pas de compte « nobody » à lui prêter : "
        "lancez Colisage sous un compte ordinaire, ou réglez DATABASE_URL.",
    )


def give(path: Path, account: Account | None) -> None:
    """Make the account the owner of a file of ours."""
    if account is not None:
        os.chown(path, account.uid, account.gid)
