"""What a message says: a template of its kind, in the customer's language, as plain text and as simple HTML."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils import timezone, translation

from colisage.notices.queries.links import url_of
from colisage.notices.rules import one_line
from colisage.orders.queries import Order
from colisage.ui import words


@dataclass(frozen=True, slots=True)
class Wording:
    """A message in words."""

    language: str
    subject: str
    text: str
    html: str


def worded(kind: str, *, order: Order, facts: Mapping[str, Any], url: str = "", language: str = "") -> Wording:
    """Word a message about an order, which comes with its merchant. Without remote images: opening it tells nobody.

    The template `notices/mails/<kind>.txt` has the subject on its first line, then paragraphs parted by empty lines,
    the last of them the words of the link.
    """
    language = language or (order.language if order.language in {"fr", "en"} else order.merchant.language)
    link = url or url_of(order.merchant_id, order_id=order.pk)
    with translation.override(language), timezone.override(ZoneInfo(order.merchant.timezone)):
        told = {
            "order": order,
            "merchant": order.merchant,
            "link": link,
            "promised": words.day(order.promised_on, style="weekday"),
            "expected": words.day(facts["expected_on"], style="weekday") if facts.get("expected_on") else "",
            **facts,
        }
        subject, *paragraphs = _paragraphs(render_to_string(f"notices/mails/{kind}.txt", told))
        context = {**told, "subject": subject, "paragraphs": paragraphs[:-1], "verb": paragraphs[-1]}
        return Wording(
            language,
            one_line(subject)[:300],
            render_to_string("notices/mail.txt", context),
            render_to_string("notices/mail.html", context),
        )


def _paragraphs(text: str) -> list[str]:
    """Part a text at its empty lines."""
    return [part.strip() for part in text.strip().split("\n\n") if part.strip()]
