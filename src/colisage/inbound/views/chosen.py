"""Whose goods a page shows, and which page of a list."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from colisage.kit.errors import NotAllowed


def merchants(request: Any) -> list[int]:
    """Give the merchant switched to, else all that the person sees."""
    return [request.merchant.id] if request.merchant else list(request.view.merchants)


def chosen(request: Any) -> Any:
    """Give the merchant that is looked at, for whom the person may receive goods."""
    if request.merchant is None:
        raise NotAllowed(_("Choose one merchant in the bar above."))
    if not request.view.may_for(request.merchant.id, "receiver"):
        raise NotAllowed
    return request.merchant


def key_in(text: str) -> int | None:
    """Read an id from an address; None where there is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def language_in(request: Any) -> str:
    """Read the language that a document is to be read in; empty for the supplier's."""
    asked = request.GET.get("language", "")
    return asked if asked in dict(settings.LANGUAGES) else ""


def after(request: Any) -> int | None:
    """Give the key after which a page of a list begins."""
    return key_in(request.GET.get("after", ""))
