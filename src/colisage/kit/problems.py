"""Refusals as RFC 9457 problem documents: stable codes for machines, a sentence for people."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse, JsonResponse

from colisage.kit.errors import Refused

CONTENT_TYPE = "application/problem+json"
KEY_WANTED = "Bearer"  # goes with every 401 (RFC 9110, RFC 6750)


def problem(code: str, *, status: int, detail: str, errors: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """Make a problem document; `errors` name single members by JSON pointer."""
    document: dict[str, Any] = {
        "type": f"/problems/{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
    }
    if errors:
        document["errors"] = list(errors)
    return document


def problem_of(refused: Refused) -> dict[str, Any]:
    """Make the problem document of a refusal, in the language that is active, with its faults member by member."""
    return problem(refused.code, status=refused.status, detail=str(refused), errors=refused.faults)


def problem_answer(refused: Refused) -> HttpResponse:
    """Answer a refusal as a problem document; one of the moment says when to come again, 401 what to send."""
    later = {"WWW-Authenticate": KEY_WANTED} if refused.status == HTTPStatus.UNAUTHORIZED else {}
    if refused.status in {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS}:
        later = {"Retry-After": str(getattr(refused, "retry_after", 1))}
    return JsonResponse(problem_of(refused), status=refused.status, content_type=CONTENT_TYPE, headers=later)
