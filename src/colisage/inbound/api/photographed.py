"""What doors that take a photo have in common: a file as the body, kept with what it shows."""

from collections.abc import Callable
from typing import Any, Final

from django.core.files.base import ContentFile
from django.http import HttpRequest, HttpResponse

from colisage.kit.actors import Actor
from colisage.kit.answers import DoneOut, read_file
from colisage.kit.described import described
from colisage.kit.photos import clean_photos, keep_photos
from colisage.kit.rehearsal import is_rehearsal
from colisage.people.queries import Key
from colisage.people.queries.doors import written

MEGABYTES: Final = 12


def takes_photo(*, scope: str) -> dict[str, Any]:
    """Describe a door that takes a photo."""
    return described(
        DoneOut, scope=scope, status=201, refusals=(404,), headers=("Idempotency-Key",),
        files=("image/jpeg", "image/png", "image/webp"),
    )  # fmt: skip


def photographed(request: HttpRequest, *, scope: str, kind: str, shows: Callable[[Key], int]) -> HttpResponse:
    """Keep the photo that is the body with what it `shows`, whose id is found behind the wall."""

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        shown = shows(key)
        cleaned = clean_photos([ContentFile(read_file(request, megabytes=MEGABYTES))])
        if is_rehearsal():  # a file is not undone
            return 201, DoneOut(outcome="kept")
        [kept] = keep_photos(cleaned, merchant_id=key.merchant_id, doc_kind=kind, doc_id=shown, actor=actor)
        return 201, DoneOut(outcome="kept", id=kept)

    return written(request, scope=scope, answer=answer)
