"""What a message says: a template of its kind, in the customer's language, as plain text and as simple HTML.

Around what it says is a frame, the same for all messages of a merchant in a language: it is drawn once, with marks
where the words go.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.template.defaultfilters import linebreaksbr
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.html import escape

from colisage.notices.queries.links import url_of
from colisage.notices.rules import one_line
from colisage.orders.queries import Order
from colisage.ui import words

_MARK: Final = re.compile("\0([0-9]+)\0")  # where words go; no name in the database holds the character NUL


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
        said = (subject, paragraphs[-1], link, *paragraphs[:-1])
        frame = _Frame(
            language,
            order.merchant.name,
            order.merchant.email,
            to_merchant=bool(facts.get("to_merchant")),
            paragraphs=len(paragraphs) - 1,
        )
        return Wording(
            language,
            one_line(subject)[:300],
            _filled(_drawn("notices/mail.txt", frame), said),
            _filled(_drawn("notices/mail.html", frame), (*map(escape, said[:3]), *map(linebreaksbr, said[3:]))),
        )


@dataclass(frozen=True, slots=True)
class _Frame:
    """What is around the words of messages: the same for many."""

    language: str
    name: str  # of the merchant, and where he is written to
    email: str
    to_merchant: bool
    paragraphs: int


@lru_cache(maxsize=1_000)
def _drawn(template: str, frame: _Frame) -> tuple[str, ...]:
    """Draw a frame in the active language, which is its own: pieces, and between them the numbers of the words."""
    subject, verb, link, *paragraphs = (f"\0{n}\0" for n in range(3 + frame.paragraphs))
    words_of = {"subject": subject, "verb": verb, "link": link, "paragraphs": paragraphs}
    merchant = {"name": frame.name, "email": frame.email}
    told = {"language": frame.language, "merchant": merchant, "to_merchant": frame.to_merchant}
    return tuple(_MARK.split(render_to_string(template, {**told, **words_of})))


def _filled(frame: Sequence[str], said: Sequence[str]) -> str:
    """Put words where their marks are."""
    return "".join(said[int(piece)] if n % 2 else piece for n, piece in enumerate(frame))


def _paragraphs(text: str) -> list[str]:
    """Part a text at its empty lines."""
    return [part.strip() for part in text.strip().split("\n\n") if part.strip()]
