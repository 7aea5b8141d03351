"""Refusals, photos, and the gallery of components."""

from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET

from colisage.kit.photos import photo_bytes
from colisage.ui import gallery

_NOTHING_RUNS: Final = "default-src 'none'; sandbox; frame-ancestors 'none'"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Refuse what cannot be read."""
    return _refuse(400)


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Refuse what is not allowed."""
    return _refuse(403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that nothing is there; the same bytes whether it never was or is not yours."""
    return _refuse(404)


def no_page(request: HttpRequest) -> HttpResponse:
    """Say that an address is where a button sends to, and no page."""
    return _refuse(405)


def too_many(request: HttpRequest) -> HttpResponse:
    """Ask to wait."""
    return _refuse(429)


def server_error(request: HttpRequest) -> HttpResponse:
    """Own up."""
    return _refuse(500)


def show_gallery(request: HttpRequest) -> HttpResponse:
    """Show every component to staff; `?scheme=` forces light or dark."""
    if not getattr(request.user, "is_staff", False):
        raise Http404
    scheme = request.GET.get("scheme")
    forced = {"scheme": scheme if scheme in ("light", "dark") else ""}
    return render(request, "ui/gallery.html", {**gallery.samples(), **forced})


@login_required
@require_GET
def show_photo(request: Any, photo_id: int) -> HttpResponse:
    """Give a photo to who may see its merchant: a picture and nothing else, whatever opens it."""
    data = photo_bytes(list(request.view.merchants), photo_id=photo_id)
    return HttpResponse(
        data,
        content_type="image/jpeg",
        headers={
            "Content-Disposition": f'inline; filename="photo-{photo_id}.jpg"',
            "Content-Security-Policy": _NOTHING_RUNS,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, max-age=600",
        },
    )


def _refuse(status: int) -> HttpResponse:
    return HttpResponse(render_to_string(f"{status}.html"), status=status)
