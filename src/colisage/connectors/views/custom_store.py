"""The door of shipping tools from outside that speak the custom-store protocol: orders out, notices of parcels in."""

from datetime import datetime, timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from colisage.connectors.actions.keep_notice import keep_notice
from colisage.connectors.custom_store.serving import LONGEST, export
from colisage.intake.actions.read_soon import read_soon
from colisage.kit.bodies import body_within
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.kit.tabular.cells import moment
from colisage.network.queries import channels_of
from colisage.people.middleware import walled_by_itself
from colisage.people.queries import Key
from colisage.people.queries.doors import behind_password

MEGABYTES: Final = 1
LAST_PAGE: Final = 30_000  # the protocol counts pages in sixteen bits


@csrf_exempt
@walled_by_itself
@require_http_methods(["GET", "POST"])
def custom_store(request: HttpRequest, channel: str) -> HttpResponse:
    """Give the orders of a channel, or take the notice of a parcel.

    The password of the caller is an API key: orders need `orders:read` and `customers:read`, notices `orders:write`.
    """
    asked = (request.method, request.GET.get("action", ""))
    if asked not in {("GET", "export"), ("POST", "shipnotify")}:
        return HttpResponse("action=export or action=shipnotify", status=400, content_type="text/plain")
    try:
        return _export(request, channel) if request.method == "GET" else _notice(request, channel)
    except Refused as refused:
        answer = HttpResponse(str(refused), status=refused.status, content_type="text/plain; charset=utf-8")
        if refused.status == 401:
            answer.headers["WWW-Authenticate"] = 'Basic realm="Colisage", charset="UTF-8"'
        if wait := getattr(refused, "retry_after", None):
            answer.headers["Retry-After"] = str(wait)
        return answer


def _export(request: HttpRequest, channel: str) -> HttpResponse:
    now, page = timezone.now(), request.GET.get("page", "1")
    if not page.isdecimal() or not 1 <= int(page[:9]) <= LAST_PAGE:
        raise Malformed
    start = max(_asked(request, "start_date", otherwise=now - timedelta(days=30)), now - LONGEST)
    end = _asked(request, "end_date", otherwise=now)
    with behind_password(request, scopes=("orders:read", "customers:read")) as key:
        body = export(key.merchant_id, channel_id=_channel(key, channel), start=start, end=end, page=int(page))
    return HttpResponse(body, content_type="text/xml; charset=utf-8")


def _notice(request: HttpRequest, channel: str) -> HttpResponse:
    body = body_within(request, megabytes=MEGABYTES)
    facts = {name: str(value).replace("\x00", "") for name, value in request.GET.items()}
    with behind_password(request, scopes=("orders:write",)) as key:
        channel_id = _channel(key, channel)
        news = keep_notice(key.merchant_id, channel_id=channel_id, facts=facts, body=body, by_name=key.name)
    if news:
        read_soon([channel_id])
    return HttpResponse(status=200)


def _channel(key: Key, code: str) -> int:
    found = channels_of(key.merchant_id).get(code)
    if found is None:
        raise NotThere
    return found.id


def _asked(request: HttpRequest, name: str, *, otherwise: datetime) -> datetime:
    said = request.GET.get(name, "")
    try:
        return moment(said, order="mdy") if said else otherwise
    except (ValueError, OverflowError) as error:
        raise Malformed from error
