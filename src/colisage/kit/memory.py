"""Keeping Python's search for cycles out of the way of batches."""

import gc
from typing import Final

_YOUNG: Final = 50_000  # new objects before a look; a batch of a thousand orders makes some tens of thousands


def settle() -> None:
    """Leave what a process begins with out of every later search for cycles, and search less often.

    For processes that live long and work in batches: measured on acceptance by the thousand, a third of the CPU time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 20, 50)
