"""The JSON doors of the reasons for which stock is corrected: read, added, used or left."""

from typing import Annotated, Any, Final, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Router

from colisage.inventory.actions.save_reasons import NewReason, save_reasons
from colisage.inventory.actions.use_reasons import use_reasons
from colisage.inventory.api.stock import CORRECTING, SCOPE
from colisage.inventory.queries.reasons import reasons_of
from colisage.kit.actors import Actor
from colisage.kit.answers import ResultsOut, given, known_parameters, read_body, results_named
from colisage.kit.described import described
from colisage.kit.errors import Refused
from colisage.people.queries import Key
from colisage.people.queries.doors import behind_key, written

router = Router(tags=["stock"])
Name = Annotated[str, Meta(max_length=60)]


class OwnReasonIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A reason of your own, named in one language at least; the code it gets stays for ever.

    `direction`: units only come in, only go out, or either. Not `shrinkage`: what goes out was used, it is not missing.
    """

    direction: Literal["in", "out", "either"]
    name_fr: Name = ""
    name_en: Name = ""
    shrinkage: bool = True


class ReasonsIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Reasons, each judged by itself."""

    reasons: Annotated[list[OwnReasonIn], Meta(min_length=1, max_length=100)]


class ReasonUseIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Whether a reason, your own or a usual one, may be chosen from now on."""

    code: Annotated[str, Meta(min_length=1, max_length=30)]
    on: bool


class ReasonUsesIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Reasons to use or to leave, each judged by itself."""

    reasons: Annotated[list[ReasonUseIn], Meta(min_length=1, max_length=100)]


class ReasonOut(Struct, frozen=True, kw_only=True):
    """A reason, its name in the language asked for; those that are not `active` cannot be chosen."""

    code: str
    name: str
    direction: str
    shrinkage: bool
    own: bool
    active: bool


class ReasonsOut(Struct, frozen=True, kw_only=True):
    """The reasons for which stock may be corrected, the usual ones first."""

    items: list[ReasonOut]


_NEW: Final = msgspec.json.Decoder(ReasonsIn)
_USED: Final = msgspec.json.Decoder(ReasonUsesIn)


@router.get(
    "/stock/reasons",
    operation_id="list_adjustment_reasons",
    auth=None,
    openapi_extra=described(ReasonsOut, scope=SCOPE, headers=("If-None-Match",)),
)
def list_reasons(request: HttpRequest) -> HttpResponse:
    """List the reasons for which stock is corrected (`adjust_stock`), those you do without too."""
    known_parameters(request)
    with behind_key(request, scope=SCOPE) as key:
        told = [
            ReasonOut(
                code=one.code, name=str(one.name), direction=one.direction, shrinkage=one.shrinkage, own=one.own,
                active=one.active,
            )
            for one in reasons_of(key.merchant_id)
        ]  # fmt: skip
        return given(request, ReasonsOut(items=told))


@router.post(
    "/stock/reasons",
    operation_id="add_adjustment_reasons",
    auth=None,
    openapi_extra=described(
        ResultsOut,
        body=ReasonsIn,
        scope=CORRECTING,
        headers=("Idempotency-Key",),
        example={"reasons": [{"name_en": "Photo shoot", "name_fr": "Prises de vue", "direction": "out"}]},
    ),
)
def post_reasons(request: HttpRequest) -> HttpResponse:
    """Add reasons of your own, each judged by itself: `saved`, and `name` is the code it got, or `refused`."""
    sent = read_body(request, _NEW).reasons

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        new = [NewReason(**msgspec.structs.asdict(one)) for one in sent]
        became = save_reasons(key.merchant_id, new, actor=actor)
        names = [
            one.name_en or one.name_fr if isinstance(code, Refused) else code
            for one, code in zip(sent, became, strict=True)
        ]
        refused = [one if isinstance(one, Refused) else None for one in became]
        return 200, results_named(names, refused, done="saved")

    return written(request, scope=CORRECTING, answer=answer)


@router.post(
    "/stock/reasons/use",
    operation_id="use_adjustment_reasons",
    auth=None,
    openapi_extra=described(
        ResultsOut,
        body=ReasonUsesIn,
        scope=CORRECTING,
        headers=("Idempotency-Key",),
        example={"reasons": [{"code": "donated", "on": False}]},
    ),
)
def post_uses(request: HttpRequest) -> HttpResponse:
    """Use reasons from now on, or no more, each judged by itself: `set` or `refused`. What was corrected stays."""
    sent = read_body(request, _USED).reasons

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        became = use_reasons(key.merchant_id, [(one.code, one.on) for one in sent], actor=actor)
        return 200, results_named([one.code for one in sent], became, done="set")

    return written(request, scope=CORRECTING, answer=answer)
