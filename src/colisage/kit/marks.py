"""Marks of what a page showed: who saves by a page that is old is told so, and puts nothing away unseen."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from colisage.kit.answers import etag_of
from colisage.kit.errors import Refused


class SavedMeanwhile(Refused):
    """Somebody else saved it otherwise since the page was made."""

    code = "saved_meanwhile"
    text = _("Somebody else changed this meanwhile.")


def mark_of(content: Any) -> str:
    """Give a mark of what stands: another one when somebody says it otherwise."""
    return etag_of(content).strip('"')


def expect_seen(seen: str, mark: str) -> None:
    """Raise `SavedMeanwhile` unless what a page showed (its mark; empty: no page) still stands.

    The caller read what stands under a lock, in the turn of whoever came before.
    """
    if seen and seen != mark:
        raise SavedMeanwhile
