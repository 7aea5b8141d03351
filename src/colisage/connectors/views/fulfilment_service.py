"""What Shopify asks a fulfilment service that stands for us: to look at what it requests, for stock and for numbers."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from colisage.connectors.actions.ask_now import ask_now
from colisage.connectors.models import Connection
from colisage.connectors.ports import NotSigned, ShopRefused
from colisage.connectors.queries import hook_called, shop_called
from colisage.connectors.queries.connections import access_of
from colisage.connectors.shopify.channel import Shopify
from colisage.connectors.shopify.serving import is_signed, stock_told, tracking_numbers
from colisage.kit.bodies import TooLarge, body_within
from colisage.kit.problems import problem_answer
from colisage.kit.walls import behind_the_wall
from colisage.network.queries import ChannelFacts, channel_facts
from colisage.people.middleware import walled_by_itself
from colisage.people.queries import operators_serving

MEGABYTES = 1


@csrf_exempt
@walled_by_itself
@require_POST
def notification(request: HttpRequest, hook: str) -> HttpResponse:
    """Have the shop asked at once: a notice says only that something is requested, or asked back."""
    known = hook_called(hook)
    if known is None:
        return HttpResponse(status=404)
    merchant_id, channel_id = known
    headers = {name.lower(): value for name, value in request.headers.items()}
    with behind_the_wall(merchants=[merchant_id], operators=()):
        found = Connection.objects.get(merchant_id=merchant_id, channel_id=channel_id)
        try:
            body = body_within(request, megabytes=MEGABYTES)
            shop_called(found.connector).arrived(headers, body, access=access_of(found))
        except (NotSigned, TooLarge) as refusal:
            return problem_answer(refusal)
        except ShopRefused:
            return HttpResponse(status=503, headers={"Retry-After": "300"})
    ask_now(merchant_id, channel_id=channel_id)
    return HttpResponse()


@walled_by_itself
@require_GET
def stock(request: HttpRequest, hook: str) -> HttpResponse:
    """Say what there is of the SKUs that are named, or of all; a SKU that is unknown here is absent."""
    skus = _named(request, "sku", "sku[]")
    return _answered(request, hook, lambda channel: stock_told(channel, skus=skus))


@walled_by_itself
@require_GET
def tracking(request: HttpRequest, hook: str) -> HttpResponse:
    """Say under which number each parcel left; one that is unknown here, or has not left, is absent."""
    names = _named(request, "order_names[]", "order_names")
    return _answered(request, hook, lambda channel: tracking_numbers(channel, names=names))


def _answered(request: HttpRequest, hook: str, answer: Callable[[ChannelFacts], dict[str, Any]]) -> HttpResponse:
    """Answer a signed question; 404 where nobody serves, 401 when it is not signed."""
    known = hook_called(hook)
    if known is None:
        return HttpResponse(status=404)
    merchant_id, channel_id = known
    headers = {name.lower(): value for name, value in request.headers.items()}
    with behind_the_wall(merchants=[merchant_id], operators=()):
        found = Connection.objects.get(merchant_id=merchant_id, channel_id=channel_id)
        operators = operators_serving([merchant_id])
        try:
            if not isinstance(shop_called(found.connector), Shopify):
                return HttpResponse(status=404)
            if not is_signed(request.META.get("QUERY_STRING", ""), headers, access=access_of(found)):
                return problem_answer(NotSigned())
        except ShopRefused:
            return HttpResponse(status=503, headers={"Retry-After": "300"})
    with behind_the_wall(merchants=[merchant_id], operators=operators):
        channel = channel_facts([channel_id]).get(channel_id)
        return JsonResponse({} if channel is None else answer(channel))


def _named(request: HttpRequest, *parameters: str) -> list[str]:
    given = (value for name in parameters for value in request.GET.getlist(name))
    return [value for value in dict.fromkeys(given) if value and "\x00" not in value]
