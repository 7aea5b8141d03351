"""Refusals that a view does not show itself become a page of their own, in the reader's language."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from colisage.kit.errors import Refused


def refusal_page(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Show a refusal; what is not there (or is somebody else's) looks exactly like an address that does not exist."""
    if refusal.status == 404:
        return render(request, "404.html", status=404)
    return render(request, "ui/refused.html", {"refusal": refusal}, status=refusal.status)
