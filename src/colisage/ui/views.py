"""Refusals, and the gallery of components."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from colisage.ui import gallery


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Refuse what cannot be read."""
    return _refuse(400)


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Refuse what is not allowed."""
    return _refuse(403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that nothing is there; the same bytes whether it never was or is not yours."""
    return _refuse(404)


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


def _refuse(status: int) -> HttpResponse:
    return HttpResponse(render_to_string(f"{status}.html"), status=status)
