"""What Shopify asks a fulfilment service that stands for us: to look at what it requests. Signed as messages are."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from colisage.connectors.actions.ask_now import ask_now
from colisage.connectors.models import Connection
from colisage.connectors.ports import NotSigned, ShopRefused
from colisage.connectors.queries import hook_called, shop_called
from colisage.connectors.queries.connections import access_of
from colisage.kit.bodies import TooLarge, body_within
from colisage.kit.problems import problem_answer
from colisage.kit.walls import behind_the_wall
from colisage.people.middleware import walled_by_itself

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
        except NotSigned:
            return HttpResponse(status=401)
        except TooLarge as refusal:
            return problem_answer(refusal)
        except ShopRefused:
            return HttpResponse(status=503, headers={"Retry-After": "300"})
    ask_now(merchant_id, channel_id=channel_id)
    return HttpResponse()
