"""What Shopify asks a fulfilment service that stands for us: to look at what it requests. Signed as messages are."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from colisage.connectors.actions.ask_now import ask_now
from colisage.connectors.models import Connection
from colisage.connectors.ports import NotSigned, ShopRefused
from colisage.connectors.queries import hook_called, shop_called
from colisage.connectors.queries.connections import access_of
from colisage.kit.bodies import body_within
from colisage.kit.walls import behind_the_wall
from colisage.people.middleware import walled_by_itself

MOST_BYTES = 100_000


@csrf_exempt
@walled_by_itself
@require_POST
def notification(request: HttpRequest, hook: str) -> HttpResponse:
    """Have the shop asked at once: a notice says only that something is requested, or asked back."""
    known, body = hook_called(hook), body_within(request, most=MOST_BYTES)
    if known is None or body is None:
        return HttpResponse(status=404 if known is None else 413)
    merchant_id, channel_id = known
    headers = {name.lower(): value for name, value in request.headers.items()}
    with behind_the_wall(merchants=[merchant_id], operators=()):
        found = Connection.objects.get(merchant_id=merchant_id, channel_id=channel_id)
        try:
            shop_called(found.connector).arrived(headers, body, access=access_of(found))
        except NotSigned:
            return HttpResponse(status=401)
        except ShopRefused:
            return HttpResponse(status=503, headers={"Retry-After": "300"})
    ask_now(merchant_id, channel_id=channel_id)
    return HttpResponse()
