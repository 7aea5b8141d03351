"""Refusals, and the gallery of components."""

from django.contrib.auth.decorators import user_passes_test
from django.http import HttpRequest, HttpResponse
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


@user_passes_test(lambda user: user.is_staff)
def show_gallery(request: HttpRequest) -> HttpResponse:
    """Show every component; `?scheme=` forces light or dark."""
    scheme = request.GET.get("scheme")
    return render(
        request,
        "ui/gallery.html",
        {**gallery.samples(), "scheme": scheme if scheme in ("light", "dark") else ""},
    )


def _refuse(status: int) -> HttpResponse:
    return HttpResponse(render_to_string(f"{status}.html"), status=status)
