"""The JSON doors of what the merchant promises about returns."""

from typing import Annotated, Any, Final, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Router

from colisage.kit.actors import Actor
from colisage.kit.answers import expect, given, known_parameters, read_body
from colisage.kit.described import described
from colisage.people.queries import Key
from colisage.people.queries.doors import behind_key, written
from colisage.returns.actions.save_policy import save_policy
from colisage.returns.api.requests import READ, WRITE
from colisage.returns.queries import policy_of

router = Router(tags=["returns"])


class PolicyOut(Struct, frozen=True, kw_only=True):
    """What is promised about returns, as it holds for those that are asked for from now on.

    `window_days` count from the delivery of the last parcel. Who is the `payer` of the way back, and what is kept back
    for our label when the customer is (in minor units of the merchant's currency). `approves_alone`: a request within
    the rules needs no person; `refunds_shipping`: delivery is paid back when everything comes back.
    """

    window_days: int
    payer: str
    label_fee_cents: int
    approves_alone: bool
    refunds_shipping: bool


class PolicyIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What shall be promised about returns, as a whole. European law asks for 14 days at least."""

    window_days: Annotated[int, Meta(ge=14, le=3650)]
    payer: Literal["merchant", "customer"]
    label_fee_cents: Annotated[int, Meta(ge=0, le=10**8)]
    approves_alone: bool
    refunds_shipping: bool


_POLICY: Final = msgspec.json.Decoder(PolicyIn)


def _told(merchant_id: int, *, locked: bool = False) -> PolicyOut:
    kept = policy_of(merchant_id, locked=locked)
    return PolicyOut(**{name: getattr(kept, name) for name in PolicyOut.__struct_fields__})


@router.get(
    "/returns/policy",
    operation_id="get_return_policy",
    auth=None,
    openapi_extra=described(PolicyOut, scope=READ, headers=("If-None-Match",)),
)
def get_policy(request: HttpRequest) -> HttpResponse:
    """Say what is promised about returns."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, _told(key.merchant_id))


@router.put(
    "/returns/policy",
    operation_id="replace_return_policy",
    auth=None,
    openapi_extra=described(
        PolicyOut,
        body=PolicyIn,
        scope=WRITE,
        refusals=(412, 428),
        headers=("If-Match", "Idempotency-Key"),
        example={
            "window_days": 30,
            "payer": "customer",
            "label_fee_cents": 490,
            "approves_alone": True,
            "refunds_shipping": True,
        },
    ),
)
def put_policy(request: HttpRequest) -> HttpResponse:
    """Promise something else about returns, if it still is as it was read (`If-Match`).

    Returns that were asked for keep what was promised then.
    """
    sent = read_body(request, _POLICY)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        expect(request, _told(key.merchant_id, locked=True))
        save_policy(key.merchant_id, **msgspec.structs.asdict(sent), actor=actor)
        return 200, _told(key.merchant_id)

    return written(request, scope=WRITE, answer=answer)
