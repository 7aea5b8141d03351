"""Forms of the floor that are sent twice, by a double click, an old page or a network that lost the answer."""

import re
from collections.abc import Callable
from typing import Any, Final
from uuid import uuid4

from django.db import transaction

from colisage.kit import idempotency

_DRAWN: Final = re.compile(r"[0-9a-f]{32}")


def draw_once() -> str:
    """Draw what names a form that is shown."""
    return uuid4().hex


def once(request: Any, *, what: str, merchant_id: int, work: Callable[[], int]) -> tuple[int, bool]:
    """Do the work of a form that was sent, once; give the id it made, and whether it was made now.

    What is refused is not kept: the form may be corrected and sent again. A form without a name is done each time.
    """
    told = request.POST.get("once", "")
    key = f"{what}:{told}" if _DRAWN.fullmatch(told) else ""
    made_now: list[int] = []

    def answer() -> idempotency.Answer:
        made_now.append(work())
        return 200, str(made_now[0]).encode()

    with transaction.atomic():
        _status, kept = idempotency.once(
            f"person:{request.user.pk}", key=key, body=what.encode(), merchants=[merchant_id], answer=answer
        )
    return int(kept), bool(made_now)
