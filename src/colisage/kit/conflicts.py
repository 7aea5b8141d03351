"""Two who got in each other's way: the database let one of them go on and asks the other to begin again.

Locks are taken in one order everywhere, so that this does not happen; should it, nobody sees more than a short wait.
"""

import random
import time
from collections.abc import Callable
from typing import Final, TypeVar

from django.db import IntegrityError, OperationalError, connection
from django.utils.translation import gettext_lazy as _

from colisage.kit.errors import Refused

AGAIN: Final = frozenset({"40001", "40P01", "55P03"})  # serialization failure, deadlock, lock not available
TWIN: Final = "23505"  # unique violation
TURNS: Final = 3  # how often a door begins

Given = TypeVar("Given")


class TryAgain(Refused):
    """Others were changing the same rows at the same moment, again and again; nothing was changed."""

    code = "try_again"
    status = 503
    text = _("Somebody else was changing the same things at the same moment. Nothing was changed: please try again.")


def is_conflict(error: BaseException) -> bool:
    """Say whether the right answer to an error is the same transaction again, from its beginning."""
    return isinstance(error, OperationalError) and getattr(error.__cause__, "sqlstate", None) in AGAIN


def is_twin(error: BaseException) -> bool:
    """Say whether another wrote the same row at the same moment: a form sent twice, two things of one code or number.

    Done again, the work finds what the other wrote and answers accordingly: it is refused, or takes the next number.
    """
    return isinstance(error, IntegrityError) and getattr(error.__cause__, "sqlstate", None) == TWIN


def begins_again(error: BaseException, *, turn: int) -> bool:
    """Say whether work that ended with an error in a turn (0 is the first) is done once more.

    A twin may be met several times, for of three who draw a number one comes third; still met in the last turn it is a
    fault of ours: the work does not look for what it writes.
    """
    return is_conflict(error) or (is_twin(error) and turn < TURNS - 1)


def again(work: Callable[[], Given]) -> Given:
    """Do work of one transaction, from its beginning once more when it got in somebody's way; then `TryAgain`.

    So does what met a row that another wrote at the same moment (`is_twin`). Within a transaction that began outside,
    the conflict goes out to whoever began that: only there it can begin again.
    """
    if connection.in_atomic_block:
        return work()
    for turn in range(TURNS):
        try:
            return work()
        except (OperationalError, IntegrityError) as error:
            if not begins_again(error, turn=turn):
                raise
            pause(turn)
    raise TryAgain


def pause(turn: int) -> None:
    """Wait a moment, not as long as the other does, so that two do not meet again."""
    time.sleep(random.uniform(0.01, 0.05) * (turn + 1))  # noqa: S311 -- no secret


def one_by_one(what: str, whose: int) -> None:
    """Let one transaction at a time go on from here with what somebody has once, and of which no row may exist yet.

    Who looks before replacing it (`If-Match`) then sees what the one before left.
    """
    with connection.cursor() as db:
        db.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [what, whose])
