"""The door of the API reference."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from colisage.desk.queries.reference import reference


@login_required
@require_GET
def api_reference(request: HttpRequest) -> HttpResponse:
    """Show every door of the API, with what it takes, gives and refuses."""
    return render(request, "desk/reference.html", {**reference(), "section": "settings"})


@login_required
@require_GET
def problem(request: HttpRequest, code: str) -> HttpResponse:
    """Open the reference at a problem: its address is the `type` of problem documents."""
    return redirect(f"{reverse('api-reference')}#problem-{code}")
