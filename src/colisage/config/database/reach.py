"""Give commands their database: the one `DATABASE_URL` names, else the embedded one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from colisage.config.database.cluster import Cluster
from colisage.config.place import Place
from colisage.kit.terminal import say


@contextmanager
def reach(here: Place, *, alone: bool = False) -> Iterator[Cluster | None]:
    """Put the database into the environment while the block runs; None stands for a server that is not ours.

    `alone`, the block is the one Colisage that runs on this data: a second is refused with `AlreadyRunning`.
    """
    if here.database_url:
        yield None
        return
    cluster = Cluster(here.database_dir, password=here.database_password, say=say)
    before = dict(os.environ)
    with cluster.owned() if alone else cluster.reached() as url:
        for name in before:
            if name.startswith("PG"):  # libpq's variables name another server, or ask what a private one lacks
                del os.environ[name]
        os.environ["DATABASE_URL"] = url
        try:
            yield cluster
        finally:
            os.environ.clear()
            os.environ.update(before)
