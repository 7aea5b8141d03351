from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app

from colisage.kit.once import insert_once
from colisage.notices.models import Message
from colisage.notices.queries.wording import worded
from colisage.notices.rules import one_line
from colisage.orders.queries import Order, mailable


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """News for the customer of an order (which comes with its merchant), or for the merchant when `to` says so."""

    order: Order
    kind: str
    doc: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    to: str = ""
    reply_to: str = ""
    language: str = ""
    url: str = ""


@transaction.atomic
def write_messages(drafts: Sequence[Draft]) -> int:
    """Word messages and put them into the outbox; give how many are new.

    The same kind about the same document is written once, however often it is asked for. An order from history and a
    customer without an address get none.
    """
    wanted = [d for d in drafts if (d.to or mailable(d.order.email)) and not d.order.quiet]
    known = set(
        Message.objects.filter(doc__in={d.doc for d in wanted}, kind__in={d.kind for d in wanted}).values_list(
            "kind", "doc"
        )
    )
    fresh = {(d.kind, d.doc): d for d in wanted if (d.kind, d.doc) not in known}
    if not fresh:
        return 0
    insert_once((_message(d) for d in fresh.values()), by=["order_id"])  # news of an order in its order
    app.configure_task("notices.send", queue="notices").defer()
    return len(fresh)


def _message(draft: Draft) -> Message:
    order = draft.order
    words = worded(draft.kind, order=order, facts=draft.facts, url=draft.url, language=draft.language)
    return Message(
        merchant_id=order.merchant_id,
        order_id=order.pk,
        kind=draft.kind,
        doc=draft.doc,
        language=words.language,
        to=one_line(draft.to or order.email),
        reply_to=one_line(draft.reply_to or ("" if draft.to else order.merchant.email)),
        subject=words.subject,
        text=words.text,
        html=words.html,
    )
