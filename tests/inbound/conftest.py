from tests.books import balanced

__all__ = ["balanced"]
