"""What the tests of a module find made already: each undoes only what it did itself."""

import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction
from django.test import override_settings

Made = TypeVar("Made")


@contextmanager
def kept(make: Callable[[], Made], *, blocker: Any, folder: Path) -> Iterator[Callable[[], Made]]:
    """Make something in a transaction around those of a module's tests; give a function that gives a copy of it.

    None of these tests may commit. `folder` takes the files of the making.
    """
    cheap = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with _around(blocker):
        with blocker.unblock(), override_settings(PASSWORD_HASHERS=cheap, COLISAGE_DATA_DIR=folder):
            made = pickle.dumps(make())
        yield lambda: pickle.loads(made)


@contextmanager
def _around(blocker: Any) -> Iterator[None]:
    outer = transaction.atomic()
    with blocker.unblock():
        outer.__enter__()
    try:
        yield
    finally:
        with blocker.unblock():
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)
