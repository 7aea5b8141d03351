"""The JSON API, assembled: each step brings its router."""

from http import HTTPStatus
from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI

from colisage.kit.errors import Refused
from colisage.kit.problems import CONTENT_TYPE, problem_of

api = NinjaAPI(
    title="Colisage",
    version="1",
    description="Orders in, tracking out. Errors are RFC 9457 problem documents with stable codes.",
    urls_namespace="api",
    docs_url="/docs",
)


@api.exception_handler(Refused)
def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Answer a refusal as a problem document."""
    later = {"Retry-After": "1"} if refusal.status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    return JsonResponse(problem_of(refusal), status=refusal.status, content_type=CONTENT_TYPE, headers=later)


@api.exception_handler(OperationalError)
def trouble_of_the_database(_request: HttpRequest, error: OperationalError) -> HttpResponse:
    """Let it out to the door, where the transaction begins again (`people.middleware`)."""
    raise error


for _step in settings.STEPS:
    if find_spec(f"colisage.{_step}") and find_spec(f"colisage.{_step}.api"):
        api.add_router("", import_module(f"colisage.{_step}.api").router)
