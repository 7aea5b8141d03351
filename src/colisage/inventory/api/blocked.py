"""The JSON doors of bins that are not used for a time."""

from typing import Annotated, Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Router

from colisage.inventory.actions.block_bins_named import block_bins_named
from colisage.kit.actors import Actor
from colisage.kit.answers import ResultsOut, changes_named, read_body
from colisage.kit.described import described
from colisage.people.queries import Key
from colisage.people.queries.doors import written

WRITE: Final = "nodes:write"
router = Router(tags=["nodes"])
Bins = Annotated[list[Annotated[str, Meta(min_length=1, max_length=30)]], Meta(min_length=1, max_length=1_000)]


class BlockedBinsIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Bins that are not to be used, and why."""

    bins: Bins
    reason: Annotated[str, Meta(max_length=120, pattern=r"\S")]


class UsedBinsIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Bins to use again."""

    bins: Bins


_BLOCKED: Final = msgspec.json.Decoder(BlockedBinsIn)
_USED: Final = msgspec.json.Decoder(UsedBinsIn)


@router.post(
    "/nodes/{node}/bins/block",
    operation_id="block_bins",
    auth=None,
    openapi_extra=described(
        ResultsOut,
        body=BlockedBinsIn,
        scope=WRITE,
        refusals=(403, 404),
        headers=("Idempotency-Key",),
        example={"bins": ["A-01-1", "A-01-2"], "reason": "A post of the rack is bent"},
    ),
)
def post_blocked(request: HttpRequest, node: str) -> HttpResponse:
    """Use bins no more until they are freed, each judged by itself: `blocked`, `unchanged` where it was, or `refused`.

    One in which goods lie (`goods_in_bin`), or that is to be counted (`bin_is_counted`), is not blocked.

    In a warehouse that works for others too its operator decides (`not_your_floor`).
    """
    sent = read_body(request, _BLOCKED)
    return _written(request, node, bins=sent.bins, why=sent.reason, done="blocked")


@router.post(
    "/nodes/{node}/bins/use",
    operation_id="use_bins",
    auth=None,
    openapi_extra=described(
        ResultsOut,
        body=UsedBinsIn,
        scope=WRITE,
        refusals=(403, 404),
        headers=("Idempotency-Key",),
        example={"bins": ["A-01-1", "A-01-2"]},
    ),
)
def post_used(request: HttpRequest, node: str) -> HttpResponse:
    """Use bins again that were blocked, each judged by itself: `used`, `unchanged` where it was, or `refused`.

    Where another bin stands by now none is used (`spot_taken`).
    """
    return _written(request, node, bins=read_body(request, _USED).bins, why=None, done="used")


def _written(request: HttpRequest, node: str, *, bins: list[str], why: str | None, done: str) -> HttpResponse:
    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        named = list(dict.fromkeys(code.strip().upper() for code in bins))
        became = block_bins_named(key.merchant_id, named, node=node, why=why, actor=actor)
        return 200, changes_named(named, became, done=done)

    return written(request, scope=WRITE, answer=answer)
