"""The door every staff page goes through: who asks, for whom, and the wall behind them."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.messages import get_messages
from django.db import IntegrityError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone

from colisage.kit.actors import Actor
from colisage.kit.conflicts import TURNS, begins_again, is_conflict, pause
from colisage.kit.errors import Refused
from colisage.kit.refusal_pages import refusal_page, try_again
from colisage.kit.walls import behind_the_wall
from colisage.people.queries import View, view_of
from colisage.ui.views import no_page

F = TypeVar("F", bound=Callable[..., HttpResponse])
NOTHING = View({}, {}, {}, {})


class WallMiddleware:
    """Run each view in one transaction that sees only what the person may see.

    Views find `request.view` (a `people.queries.View`), `request.merchant` (the merchant switched to, or None for all),
    and `request.actor`. A view marked `@walled_by_itself` (an API door, a signed link) raises its own wall.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; who had to log in to press a button goes back to its page, and what a button sends to is no page."""
        response = self.get_response(request)
        if request.method == "POST" and response.status_code == 302:
            door, asked, _button = response["Location"].partition("?next=")
            if asked and door == resolve_url(settings.LOGIN_URL):
                response["Location"] = f"{door}?next={quote(_page_of(request))}"
        elif request.method == "GET" and response.status_code == 405 and not response.content:
            told = no_page(request)
            told["Allow"] = response["Allow"]
            return told
        return response

    def process_view(
        self, request: Any, view: Callable[..., HttpResponse], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Raise the wall around the view."""
        if getattr(view, "walled_by_itself", False):
            return None
        request.view = view_of(request.user.pk) if request.user.is_authenticated else NOTHING
        chosen = request.session.get("merchant") if request.user.is_authenticated else None
        request.merchant = request.view.merchants.get(chosen)
        if request.merchant is None and len(request.view.merchants) == 1:
            request.merchant = next(iter(request.view.merchants.values()))
        request.actor = Actor(
            kind="person" if request.user.is_authenticated else "customer",
            id=request.user.pk,
            name=getattr(request.user, "name", ""),
            address=request.META.get("REMOTE_ADDR"),
        )
        for turn in range(TURNS):
            try:
                with (
                    timezone.override(ZoneInfo(_timezone(request))),
                    behind_the_wall(merchants=request.view.merchants, operators=request.view.operators),
                ):
                    return view(request, *args, **kwargs)
            except Refused as refusal:  # what the view wrote is undone by now
                return refusal_page(request, refusal)
            except (OperationalError, IntegrityError) as error:
                if not begins_again(error, turn=turn):
                    raise
                _begin_again(request, turn=turn)
        return try_again(request)

    def process_exception(self, request: Any, error: Exception) -> HttpResponse | None:
        """Answer for the views that raise a wall of their own, such as doors of the API, and begin nothing again."""
        return try_again(request) if is_conflict(error) else None


def _page_of(request: HttpRequest) -> str:
    """Give the page of ours on which a button was pressed."""
    page = urlsplit(request.headers.get("Referer", ""))
    if page.netloc != request.get_host():
        return "/"
    return f"{page.path}?{page.query}" if page.query else page.path


def _begin_again(request: Any, *, turn: int) -> None:
    """Make a request as it was before the view saw it, a moment later: what the view wrote is undone."""
    said: Any = get_messages(request)
    said._queued_messages.clear()  # noqa: SLF001 -- what it was going to say did not happen
    for file in request.FILES.values():
        file.seek(0)
    pause(turn)


def _timezone(request: Any) -> str:
    """Give the clock people look at: the merchant's, else that of the warehouse they work in."""
    if request.merchant is not None:
        return str(request.merchant.timezone)
    return next((party.timezone for party in request.view.operators.values()), "Europe/Paris")


def walled_by_itself(view: F) -> F:
    """Mark a view that raises its own wall."""
    view.walled_by_itself = True  # type: ignore[attr-defined]
    return view
