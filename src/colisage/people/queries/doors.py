"""The door of a program: whose key it carries, and the wall behind which it is answered."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest

from colisage.kit.walls import behind_the_wall
from colisage.people.queries import Key, sent_key


@contextmanager
def behind_key(request: HttpRequest, *, scope: str) -> Iterator[Key]:
    """Answer a program behind the wall of its merchant; raise `Unauthorized` unless its key has the scope."""
    key = sent_key(request, scope=scope)
    with behind_the_wall(merchants=[key.merchant_id], operators=key.operators):
        yield key
