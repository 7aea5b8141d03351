"""The desk's view of EPCIS: what happened here as partners read it, what they told, and what was refused."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from colisage.connectors.epcis.listing import Sought, own_page, partners_page, refused_page, sought
from colisage.connectors.epcis.mapping import query_document
from colisage.connectors.epcis.problems import worded
from colisage.kit.errors import NotAllowed
from colisage.kit.gs1 import sent
from colisage.people.queries import Party

PAGE: Final = 50
MOST_REASONS: Final = 5
MOST_IN_A_FILE: Final = 1_000
SOURCES: Final[Mapping[str, Callable[..., Any]]] = {"own": own_page, "partners": partners_page}


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _merchant(request: Any) -> Party:
    if request.merchant is None:
        raise NotAllowed(_("Choose one merchant in the bar above."))
    found: Party = request.merchant
    return found


def _asked(request: Any, merchant: Party) -> tuple[str, Sought, int | None]:
    source = str(request.GET.get("source", "own"))
    text = sent(request.GET.get("text"))[:200]
    one = sought(merchant, text=text)
    return source if source in {*SOURCES, "refused"} else "own", one, _number(str(request.GET.get("after", "")))


@login_required
@require_GET
def events(request: Any) -> HttpResponse:
    """List events in words, or the documents of partners that were refused."""
    merchant = _merchant(request)
    source, one, before = _asked(request, merchant)
    context: dict[str, Any] = {"source": source, "text": one.text, "views": _views(source)}
    if source == "refused":
        jobs, context["next"] = refused_page(merchant, before=before, size=PAGE)
        context["jobs"] = [
            (job, [(worded(note), note["eventID"]) for note in job.errors[:MOST_REASONS]]) for job in jobs
        ]
    else:
        _events, context["rows"], context["next"] = SOURCES[source](merchant, one=one, before=before, size=PAGE)
    return render(request, "connectors/events.html", context)


def _views(source: str) -> list[dict[str, Any]]:
    named = [("own", _("What happened here")), ("partners", _("Told by partners")), ("refused", _("Refused"))]
    page = reverse("events")
    return [{"label": label, "url": f"{page}?source={code}", "here": code == source} for code, label in named]


@login_required
@require_GET
def events_file(request: Any) -> HttpResponse:
    """Give the latest events of the list, at most a thousand, as an EPCIS 2.0 document."""
    merchant = _merchant(request)
    source, one, before = _asked(request, merchant)
    found, _rows, _next = SOURCES[source if source in SOURCES else "own"](
        merchant, one=one, before=before, size=MOST_IN_A_FILE
    )
    answer = JsonResponse(
        query_document(found, created=timezone.now()), json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="epcis-{source}-{timezone.localdate()}.json"'
    return answer
