"""Refusals where Django does not answer: in the web process itself, in the language that was asked for."""

from collections.abc import Mapping
from functools import lru_cache
from http import HTTPStatus

import msgspec
from django.utils.translation import get_supported_language_variant, override
from starlette.responses import Response

from colisage.kit.errors import Refused
from colisage.kit.problems import CONTENT_TYPE, problem_of


def language_asked(said: Mapping[bytes, bytes]) -> str:
    """Give the language that the headers of a request ask for first, or English."""
    return _language(said.get(b"accept-language", b""))


@lru_cache(maxsize=1_000)
def _language(accept: bytes) -> str:
    try:
        first = accept.decode("latin-1").split(",", maxsplit=1)[0].split(";", maxsplit=1)[0].strip()
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
