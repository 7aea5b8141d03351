"""The JSON doors of the network: which nodes serve, which channels sell."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from ninja import Router

from colisage.kit.answers import given, known_parameters
from colisage.kit.described import described
from colisage.network.queries.told import ChannelsOut, NodesOut, channels_told, nodes_told
from colisage.people.queries.doors import behind_key

READ: Final = "network:read"
router = Router(tags=["network"])


@router.get("/nodes", operation_id="list_nodes", auth=None, openapi_extra=described(NodesOut, scope=READ))
def list_nodes(request: HttpRequest) -> HttpResponse:
    """List the nodes that serve you, in the order in which they are chosen."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, nodes_told(key.merchant_id))


@router.get("/channels", operation_id="list_channels", auth=None, openapi_extra=described(ChannelsOut, scope=READ))
def list_channels(request: HttpRequest) -> HttpResponse:
    """List your sales channels."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, channels_told(key.merchant_id))
