"""The door of the API reference."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from colisage.desk.queries.reference import events, problems, reference


@login_required
@require_GET
def api_reference(request: HttpRequest) -> HttpResponse:
    """List every door of the API by subject, and what webhooks tell."""
    told = {**reference(), "events": events()}
    return render(request, "desk/reference.html", {**told, "section": "settings"})


@login_required
@require_GET
def api_subject(request: HttpRequest, subject: str) -> HttpResponse:
    """Show the doors of one subject: what each takes, gives and refuses."""
    told = reference(subject)
    if told["subject"] is None:
        raise Http404
    return render(request, "desk/reference_subject.html", {**told, "section": "settings"})


@login_required
@require_GET
def api_problems(request: HttpRequest) -> HttpResponse:
    """List every problem with its stable code."""
    return render(request, "desk/reference_problems.html", {"problems": problems(), "section": "settings"})


@login_required
@require_GET
def problem(request: HttpRequest, code: str) -> HttpResponse:
    """Open the reference at a problem: its address is the `type` of problem documents."""
    return redirect(f"{reverse('api-problems')}#problem-{code}")
