"""Settling a process that works in batches: Python's own housekeeping kept out of the way."""

import gc
import sys
from typing import Final

_YOUNG: Final = (
    50_000  # new objects before a look for cycles; a batch of a thousand orders makes some tens of thousands
)
_SWITCH: Final = 0.000_5  # seconds


def settle() -> None:
    """Prepare a process that lives long, works in batches and waits for the database in several threads.

    What it begins with is left out of every later search for cycles, and these are rarer: measured on acceptance by the
    thousand, a third of the CPU time. A thread that has its answer gets the interpreter back after half a millisecond
    instead of five: a piece of a file asks the database eight times, and waited for another to read at each.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 20, 50)
    sys.setswitchinterval(_SWITCH)
