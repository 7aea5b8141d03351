"""Refusals where Django does not answer: in the web process itself, in the language that was asked for."""

from functools import lru_cache
from http import HTTPStatus

import msgspec
from django.utils.translation import get_supported_language_variant, override
from starlette.responses import Response

from colisage.kit.errors import Refused
from colisage.kit.problems import CONTENT_TYPE, problem_of


@lru_cache(maxsize=1_000)
def language_of(accept: str) -> str:
    """Give the language that an `Accept-Language` header asks for first, or English."""
    try:
        first = accept.split(",", maxsplit=1)[0].split(";", maxsplit=1)[0].strip()
        return get_supported_language_variant(first or "en")
    except LookupError:
        return "en"


def refused(refusal: Refused, *, language: str) -> Response:
    """Answer a refusal as a problem document."""
    with override(language):
        answer = Response(msgspec.json.encode(problem_of(refusal)), status_code=refusal.status, media_type=CONTENT_TYPE)
    if refusal.status in {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS}:
        answer.headers["Retry-After"] = str(getattr(refusal, "retry_after", 1))
    return answer
