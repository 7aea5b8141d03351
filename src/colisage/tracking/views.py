"""The public door: signed messages of carriers, kept and acknowledged, read later by a worker."""

from contextlib import suppress

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from colisage.kit.bodies import TooLarge, body_within
from colisage.kit.problems import problem_answer
from colisage.kit.walls import behind_the_wall
from colisage.people.middleware import walled_by_itself
from colisage.tracking.actions.keep_delivery import keep_delivery
from colisage.tracking.queries.messages import sealed, source_called
from colisage.tracking.rules import Unsigned, verified

MEGABYTES = 1


@csrf_exempt
@walled_by_itself
@require_POST
def webhook(request: HttpRequest, source: str) -> HttpResponse:
    """Keep a message and say so; 404 for a source nobody listens to, 401 when it is not signed or too old."""
    known = source_called(source)
    if known is None:
        return HttpResponse(status=404)
    try:
        body = body_within(request, megabytes=MEGABYTES)
    except TooLarge as refusal:
        return problem_answer(refusal)
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        message_id = verified(headers, body, secrets=known.secrets(), now=timezone.now())
    except Unsigned:
        return HttpResponse(status=401)
    with behind_the_wall(merchants=(), operators=()):
        keep_delivery(source, message_id=message_id, body=sealed(body))
    _wake()
    return HttpResponse(status=204)


def _wake() -> None:
    """Have a worker read it; the message is committed by now, so a job that waits already will find it too."""
    with suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task("tracking.apply", queue="tracking", queueing_lock="tracking.apply").defer()
