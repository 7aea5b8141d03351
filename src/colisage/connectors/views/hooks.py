"""The public door of shops: signed messages, kept and acknowledged at once, read later by a worker."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from colisage.connectors.actions.hear_shop import hear_shop
from colisage.connectors.ports import NotSigned, ShopRefused
from colisage.connectors.queries import hook_called, is_at_rest
from colisage.intake.actions.read_soon import read_soon
from colisage.kit.bodies import TooLarge, body_within
from colisage.kit.problems import problem_answer
from colisage.kit.walls import behind_the_wall
from colisage.people.middleware import walled_by_itself

MEGABYTES = 20


@csrf_exempt
@walled_by_itself
@require_POST
def hook(request: HttpRequest, hook: str) -> HttpResponse:
    """Keep a message and say so; 404 where nobody listens, 401 when it is not signed, 413 when it is too long.

    A shop that is switched off for a while is answered well and not heard: it would give up its messages for good after
    a few refusals, and is asked for what it told when it is on again.
    An EDI interchange is answered with its acknowledgement, also where it is refused; 422 where it is none.
    """
    known = hook_called(hook)
    if known is None:
        return HttpResponse(status=200 if is_at_rest(hook) else 404)
    merchant_id, channel_id = known
    headers = {name.lower(): value for name, value in request.headers.items()}
    with behind_the_wall(merchants=[merchant_id], operators=()):
        try:
            body = body_within(request, megabytes=MEGABYTES)
            heard = hear_shop(merchant_id, channel_id=channel_id, headers=headers, body=body)
        except (NotSigned, TooLarge) as refusal:
            return problem_answer(refusal)
        except ShopRefused:  # our own secret key has changed: the shop sends it again until it is mended
            return HttpResponse(status=503, headers={"Retry-After": "300"})
    if heard.fresh:
        read_soon([channel_id])
    return HttpResponse(heard.answer, status=heard.status, content_type=heard.content_type)
