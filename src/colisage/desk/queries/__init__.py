"""What the desk shows, a module a screen."""

from colisage.desk.queries.system import VERBS

__all__ = ["VERBS"]
