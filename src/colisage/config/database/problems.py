from colisage.kit.terminal import Problem


class DatabaseProblem(Problem):
    """The embedded database cannot be had."""


class AlreadyRunning(DatabaseProblem):
    """Another Colisage serves this data directory."""
