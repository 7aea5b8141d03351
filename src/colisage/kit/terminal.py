"""What the commands say in a terminal, before (and without) Django and its translations."""

import os
import sys


def french() -> bool:
    """Say whether the person at the terminal reads French."""
    named = (os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name))
    return next(named, "").startswith("fr")


def either(english: str, in_french: str) -> str:
    """Give the one the person reads."""
    return in_french if french() else english


def say(text: str) -> None:
    """Tell the person at the terminal, beside the output proper."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


class Problem(Exception):  # noqa: N818 -- shown to people as it is
    """Something a person must set right: one sentence with what happened and what to do."""

    def __init__(self, english: str, in_french: str) -> None:
        super().__init__(english, in_french)
        self.english = english
        self.in_french = in_french

    def __str__(self) -> str:
        return either(self.english, self.in_french)
