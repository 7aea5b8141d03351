"""The JSON doors of mails to customers: what was told to whom, what became of it, sent once more."""

from datetime import datetime
from typing import Any, Final, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Struct
from ninja import Query, Router

from colisage.kit.actors import Actor
from colisage.kit.answers import (
    Ids,
    Paged,
    ResultsOut,
    given,
    known_id,
    known_parameters,
    page_of,
    read_body,
    results_of,
    there,
)
from colisage.kit.described import described
from colisage.kit.errors import NotThere
from colisage.notices.actions.send_again import send_again
from colisage.notices.models import Message
from colisage.notices.queries import message_of, messages_page
from colisage.people.queries import Key
from colisage.people.queries.doors import behind_key, written

READ: Final = "customers:read"
WRITE: Final = "orders:change"
router = Router(tags=["mails"])


class MailsAsked(Paged):
    """What a list of mails is narrowed to."""

    state: Literal["waiting", "sending", "sent", "failed", "unknown", "quiet"] | None = None


class MailOut(Struct, frozen=True, kw_only=True):
    """A mail on an order. `state`: waiting, sending, sent, failed, unknown (it may have gone), quiet (on purpose)."""

    id: int
    order_id: int
    kind: str
    language: str
    to: str
    subject: str
    state: str
    attempts: int
    problem: str
    created_at: datetime
    sent_at: datetime | None


class WholeMailOut(MailOut, frozen=True, kw_only=True):
    """A mail with its words."""

    text: str


class MailPageOut(Struct, frozen=True, kw_only=True):
    """A page of mails, the newest first; `next` is the `page` that follows, null on the last."""

    items: list[MailOut]
    next: int | None


class MailsNamed(Struct, forbid_unknown_fields=True, frozen=True):
    """The ids of mails."""

    mails: Ids


_NAMED: Final = msgspec.json.Decoder(MailsNamed)


def _facts(mail: Message) -> dict[str, Any]:
    plain = ("kind", "language", "to", "subject", "state", "attempts", "created_at", "sent_at")
    told = {name: getattr(mail, name) for name in plain}
    return {**told, "id": mail.pk, "order_id": mail.order_id, "problem": mail.last_error}


@router.get(
    "/mails",
    operation_id="list_mails",
    auth=None,
    openapi_extra=described(MailPageOut, scope=READ, headers=("If-None-Match",)),
)
def list_mails(request: HttpRequest, asked: Query[MailsAsked]) -> HttpResponse:
    """List what customers were told by mail, the newest first."""
    known_parameters(request, MailsAsked)
    with behind_key(request, scope=READ) as key:
        found = messages_page([key.merchant_id], state=asked.state or "", after=asked.page, size=asked.limit)
        shown, last = page_of(found, limit=asked.limit)
        items = [MailOut(**_facts(mail)) for mail in shown]
        return given(request, MailPageOut(items=items, next=last.pk if last else None))


@router.get(
    "/mails/{int:mail_id}",
    operation_id="get_mail",
    auth=None,
    openapi_extra=described(WholeMailOut, scope=READ, refusals=(404,), headers=("If-None-Match",)),
)
def get_mail(request: HttpRequest, mail_id: int) -> HttpResponse:
    """Give a mail as it was worded."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        mail = there(message_of([key.merchant_id], message_id=known_id(mail_id)))
        return given(request, WholeMailOut(**_facts(mail), text=mail.text))


@router.post(
    "/mails/send-again",
    operation_id="send_mails_again",
    auth=None,
    openapi_extra=described(
        ResultsOut, body=MailsNamed, scope=WRITE, headers=("Idempotency-Key",), example={"mails": [77]}
    ),
)
def post_again(request: HttpRequest) -> HttpResponse:
    """Send mails once more, as they were worded: each is `asked`, `unchanged` (it is being sent now) or `refused`.

    One whose outcome is unknown may then arrive twice.
    """
    sent = read_body(request, _NAMED).mails

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        became = send_again(key.merchant_id, message_ids=sent, actor=actor)
        return 200, results_of(sent, {pk: became.get(pk, NotThere()) for pk in sent}, done="asked")

    return written(request, scope=WRITE, answer=answer)
