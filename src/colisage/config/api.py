"""The JSON API, assembled: each step brings its router."""

from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import PathView
from ninja.router import BoundRouter

from colisage.kit.bodies import TooLarge
from colisage.kit.described import schemas
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.kit.problems import problem_answer
from colisage.kit.rehearsal import HEADER
from colisage.kit.unreadable import why_parameter
from colisage.people.middleware import walled_by_itself
from colisage.people.queries import sent_key


class OtherMethod(Refused):
    """The address is right, what is asked of it is not."""

    code = "method_not_allowed"
    status = 405
    text = _("This address does not take that method. It takes: %(methods)s.")


def other_method(view: PathView) -> HttpResponse:
    """Answer a method that an address does not know as a problem document."""
    known = {method for door in view.operations for method in door.methods}
    methods = ", ".join(sorted(known | ({"HEAD"} if "GET" in known else set())))  # `kit.heads` answers it
    answer = problem_answer(OtherMethod(methods=methods))
    answer["Allow"] = methods
    return answer


class Api(NinjaAPI):
    """The API: one address may have doors of several steps, and the document names the types they take and give."""

    def _get_bound_routers(self) -> list[BoundRouter]:
        """Give the routers with the doors of one address in one place: only there another method is looked for.

        Every door asks for the key before anything of the request is read: nobody without one learns what it takes.
        """
        bound = super()._get_bound_routers()
        first: dict[str, PathView] = {}
        for router in bound:
            for path, view in list(router.path_operations.items()):
                view._not_allowed = partial(other_method, view)  # type: ignore[method-assign]  # noqa: SLF001
                for door in view.operations:
                    if door.operation_id not in BY_THEMSELVES:
                        door.auth_callbacks = [partial(sent_key, scope=(door.openapi_extra or {})["x-scope"])]
                if first.setdefault(router.prefix + path, view) is not view:
                    first[router.prefix + path].operations.extend(view.operations)
                    del router.path_operations[path]
        return bound

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """Give the OpenAPI document."""
        document = super().get_openapi_schema(**options)
        document["components"]["schemas"] |= schemas()
        for doors in document["paths"].values():
            for method, door in doors.items():
                _drop_undone(door["responses"])
                if method != "get":
                    door.setdefault("parameters", []).append(DRY_RUN)
        document["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        return document


def _drop_undone(answers: dict[Any, Any]) -> None:
    """Take out the 200 that the library adds to every door, where a door says that it answers otherwise."""
    done = [code for code in answers if 200 <= int(code) < 300]
    if len(done) > 1:
        for code in done:
            if int(code) == 200 and "content" not in answers[code]:
                del answers[code]


BY_THEMSELVES: Final = {"post_orders"}  # its keys are counted apart; it asks for one before it reads, too
DRY_RUN = {
    "in": "header",
    "name": HEADER,
    "required": False,
    "description": "`true`: do everything, answer, and undo it. Ids in the answer are of nothing.",
    "schema": {"type": "string"},
}

api = Api(
    title="Colisage",
    version="1",
    description=(
        "Orders in, tracking out. Errors are RFC 9457 problem documents with stable codes. No key makes people, roles "
        "or keys, or says how shops and carriers are reached: what a key could make would outlive it."
    ),
    urls_namespace="api",
    docs_url=None,
)


@api.exception_handler(Refused)
def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Answer a refusal as a problem document."""
    return problem_answer(refusal)


@api.exception_handler(ValidationError)
def malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer parameters that cannot be read as a problem document that names each."""
    refusal = Malformed()
    refusal.faults = [
        {
            "pointer": "/" + "/".join(str(step) for step in fault["loc"] if step != "asked"),
            "detail": why_parameter(fault),
        }
        for fault in error.errors
    ]
    return refused(request, refusal)


@api.exception_handler(RequestDataTooBig)
def too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    """Answer a body that is not even read."""
    return refused(request, TooLarge(megabytes=settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1_000_000))


@api.exception_handler(OperationalError)
def trouble_of_the_database(_request: HttpRequest, error: OperationalError) -> HttpResponse:
    """Let it out to the door, where the transaction begins again (`people.middleware`)."""
    raise error


@csrf_exempt
@walled_by_itself
def nowhere(request: HttpRequest) -> HttpResponse:
    """Answer an address of the API where there is no door, as a program can read it."""
    return refused(request, NotThere())


for _step in settings.STEPS:
    if find_spec(f"colisage.{_step}") and find_spec(f"colisage.{_step}.api"):
        api.add_router("", import_module(f"colisage.{_step}.api").router)
