"""The JSON doors of sales channels."""

from typing import Annotated, Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Router

from colisage.kit.actors import Actor
from colisage.kit.answers import expect, given, known_parameters, read_body, there
from colisage.kit.described import described
from colisage.network.actions.change_channel import change_channel
from colisage.network.queries.channels import channel_called
from colisage.network.queries.told import ChannelOut, ChannelsOut, channel_told, channels_told
from colisage.people.queries import Key
from colisage.people.queries.doors import behind_key, written

READ: Final = "network:read"
WRITE: Final = "network:write"
router = Router(tags=["network"])


class ChannelIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What a channel is called, and whether new orders come through it."""

    name: Annotated[str, Meta(max_length=80, pattern=r"\S")]
    active: bool


_CHANNEL: Final = msgspec.json.Decoder(ChannelIn)


@router.get("/channels", operation_id="list_channels", auth=None, openapi_extra=described(ChannelsOut, scope=READ))
def list_channels(request: HttpRequest) -> HttpResponse:
    """List your sales channels."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, channels_told(key.merchant_id))


@router.get(
    "/channels/{channel}",
    operation_id="get_channel",
    auth=None,
    openapi_extra=described(ChannelOut, scope=READ, refusals=(404,), headers=("If-None-Match",)),
)
def get_channel(request: HttpRequest, channel: str) -> HttpResponse:
    """Give a sales channel, by its code."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, channel_told(there(channel_called(key.merchant_id, code=channel))))


@router.put(
    "/channels/{channel}",
    operation_id="replace_channel",
    auth=None,
    openapi_extra=described(
        ChannelOut,
        body=ChannelIn,
        scope=WRITE,
        refusals=(404, 412, 428),
        headers=("If-Match", "Idempotency-Key"),
        example={"name": "Boutique", "active": True},
    ),
)
def put_channel(request: HttpRequest, channel: str) -> HttpResponse:
    """Rename a sales channel, or close it to new orders, if it still is as it was read (`If-Match`).

    What came through it goes on.
    """
    sent = read_body(request, _CHANNEL)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        found = there(channel_called(key.merchant_id, code=channel, locked=True))
        expect(request, channel_told(found))
        change_channel(key.merchant_id, channel_id=found.pk, name=sent.name.strip(), active=sent.active, actor=actor)
        return 200, channel_told(there(channel_called(key.merchant_id, code=channel)))

    return written(request, scope=WRITE, answer=answer)
