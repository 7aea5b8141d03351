"""Who may use the embedded server: the first starts it, the last stops it, one may run all of Colisage."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from colisage.config.database.account import account_for
from colisage.config.database.locks import Lock
from colisage.config.database.problems import AlreadyRunning
from colisage.config.database.server import DATABASE, Server
from colisage.kit.terminal import either


class Cluster:
    """One embedded server, used by any number of processes on this machine."""

    def __init__(
        self, root: Path, *, password: str, durable: bool = True, say: Callable[[str], None] = lambda _: None
    ) -> None:
        self.root = root.resolve()
        self._password, self._durable, self._say = password, durable, say
        self._owner, self._users, self._door = (Lock(self.root / f"{name}.lock") for name in ("owner", "users", "door"))

    @property
    def server(self) -> Server:
        """Give the server; its account is looked up once its directory may exist."""
        self._server: Server
        if not hasattr(self, "_server"):
            self._server = Server(self.root, password=self._password, durable=self._durable, say=self._say)
        return self._server

    def url(self, database: str = DATABASE) -> str:
        """Give the address of a database of the running server."""
        return self.server.url(database)

    def is_running(self) -> bool:
        """Say whether a living server has this directory."""
        return self.server.is_running()

    @contextmanager
    def owned(self) -> Iterator[str]:
        """Use the server as the one Colisage that runs on it.

        Raises `AlreadyRunning` when there is another.
        """
        self._make_root()
        if not self._owner.take(alone=True):
            raise AlreadyRunning(
                "Colisage is running on this data already: use it, stop it, or choose another DATA_DIR.",
                "Colisage tourne déjà sur ces données : utilisez-le, arrêtez-le, ou changez de DATA_DIR.",
            )
        try:
            with self.reached() as url:
                yield url
        finally:
            self._owner.give()

    @contextmanager
    def reached(self) -> Iterator[str]:
        """Use the server while the block runs.

        It is started, or adopted from a run that was cut off; at the end the last user stops it.
        """
        self._make_root()
        try:
            with self._turn():
                self._users.take(alone=False)
                self.server.ensure()
            yield self.url()
        finally:
            with self._turn():
                if self._users.take(alone=True):
                    self.server.stop()
                self.server.leave()
                self._users.give()

    def revive(self) -> bool:
        """Start the server again when it has died under those who use it; say whether it had."""
        if self.is_running():
            return False
        with self._turn():
            self.server.ensure()
        return True

    def is_owned(self) -> bool:
        """Say whether a Colisage runs on this server."""
        if not self._owner.path.exists():
            return False
        lock = Lock(self._owner.path)
        free = lock.take(alone=False)
        lock.give()
        return not free

    def _turn(self) -> AbstractContextManager[None]:
        return self._door.turn(
            waiting=lambda: self._say(
                either(
                    "Waiting for another command that starts the database",
                    "Une autre commande démarre la base : attente",
                )
            )
        )

    def _make_root(self) -> None:
        """Make the directory. As root it stays root's, and what the server's account owns lies in it."""
        lent = account_for(self.root / "data") is not None
        for directory in (self.root.parent, self.root) if lent else (self.root,):
            if not directory.exists():
                directory.mkdir(parents=True, exist_ok=True)
                directory.chmod(0o755 if lent else 0o700)  # whatever the umask says; nothing that was there is changed
