"""Refusals that a view does not show itself become a page of their own, in the reader's language."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from colisage.kit.conflicts import TryAgain
from colisage.kit.errors import Refused
from colisage.kit.problems import CONTENT_TYPE, problem_of


def refusal_page(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Show a refusal; what is not there (or is somebody else's) looks exactly like an address that does not exist."""
    if refusal.status == 404:
        return render(request, "404.html", status=404)
    return render(request, "ui/refused.html", {"refusal": refusal}, status=refusal.status)


def try_again(request: HttpRequest) -> HttpResponse:
    """Ask for another try, a person in words and a program by its status: others were in the way."""
    refusal = TryAgain()
    if request.path.startswith("/api/"):
        answer: HttpResponse = JsonResponse(problem_of(refusal), status=refusal.status, content_type=CONTENT_TYPE)
    else:
        answer = refusal_page(request, refusal)
    answer["Retry-After"] = "1"
    return answer
