"""The EPCIS 2.0 doors: events asked for, events taken in."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

import msgspec
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from ninja import Router

from colisage.connectors.epcis.asked import Asked, parameters, read_asked
from colisage.connectors.epcis.capture import BEHAVIOURS, capture, note_refused, read_document
from colisage.connectors.epcis.document import (
    DOCUMENT,
    EVENT,
    CaptureErrorOut,
    CaptureJobOut,
    EpcisDocument,
    EpcisEvent,
    EpcisQueryDocument,
)
from colisage.connectors.epcis.events import events_page
from colisage.connectors.epcis.mapping import CONTEXT, content_digest, events_in, id_from_content, query_document
from colisage.connectors.epcis.problems import NotValid, OnlyJson, QueryParameterWrong, SaidDifferently, worded
from colisage.connectors.models import CaptureJob
from colisage.kit.described import described
from colisage.kit.errors import NotThere, Refused
from colisage.people.queries import Key, Party, merchants_by_id, sent_key
from colisage.people.queries.doors import behind_wall_of

READ, WRITE = "epcis:read", "epcis:write"
VERSIONS: Final[Mapping[str, str]] = {"GS1-EPCIS-Version": "2.0.0", "GS1-CBV-Version": "2.0.0"}
JOBS: Final = 50

router = Router(tags=["epcis"])
_LINKED: Final = ("application/ld+json",)
_ON_ERROR: Final = "GS1-Capture-Error-Behaviour"
_CAPTURES: Final = described(
    CaptureJobOut,
    body=EpcisDocument,
    example=DOCUMENT,
    media=_LINKED,
    status=202,
    located=True,
    scope=WRITE,
    refusals=(400,),
    parameters=[
        {
            "in": "header",
            "name": _ON_ERROR,
            "required": False,
            "description": "`proceed`: keep the events that can be kept; else all of them or none.",
            "schema": {"type": "string", "enum": list(BEHAVIOURS)},
        }
    ],
)
_TAKES: Final = described(
    body=EpcisEvent, example=EVENT, media=_LINKED, status=201, located=True, scope=WRITE, refusals=(400, 409)
)


@router.get(
    "/epcis/events",
    operation_id="epcis_events",
    auth=None,
    openapi_extra=described(EpcisQueryDocument, scope=READ, refusals=(400,), parameters=parameters()),
)
def events(request: HttpRequest) -> HttpResponse:
    """Give events: a query with the parameters of EPCIS 2.0, answered page by page (`Link: rel="next"`).

    Several values stand in one parameter with | between them; times have their offset. A page has 1,000 events at most.
    """
    key = sent_key(request, scope=READ)
    asked = read_asked(request.GET)
    with behind_wall_of(key):
        found, token = events_page(_merchant(key), asked=asked)
    answer = _json(query_document(found, created=timezone.now()))
    if token is not None:
        query = request.GET.copy()
        query["nextPageToken"] = token
        answer.headers["Link"] = f'<{request.build_absolute_uri(request.path)}?{query.urlencode()}>; rel="next"'
        answer.headers["GS1-Next-Page-Token-Expires"] = "9999-12-31T23:59:59Z"
    return answer


@router.get(
    "/epcis/events/{path:event_id}",
    operation_id="epcis_event",
    auth=None,
    openapi_extra=described(EpcisEvent, scope=READ, refusals=(404,)),
)
def event(request: HttpRequest, event_id: str) -> HttpResponse:
    """Give one event by its id."""
    key = sent_key(request, scope=READ)
    if len(event_id) > 500 or "\x00" in event_id:
        raise NotThere
    with behind_wall_of(key):
        found, _token = events_page(_merchant(key), asked=Asked(event_ids=frozenset({event_id}), per_page=1))
    if not found:
        raise NotThere
    return _json({"@context": [CONTEXT], **_with_context(found[0])})


def _with_context(event: dict[str, Any]) -> dict[str, Any]:
    extra = event.get("@context")
    return (
        event if extra is None else {**event, "@context": [CONTEXT, *(extra if isinstance(extra, list) else [extra])]}
    )


@router.post("/epcis/capture", operation_id="epcis_capture", auth=None, openapi_extra=_CAPTURES)
def post_capture(request: HttpRequest) -> HttpResponse:
    """Take the events of an EPCIS document in; the answer says what came of it, as does the job it names."""
    key, document = _posted(request)
    behaviour = request.headers.get(_ON_ERROR, "rollback").strip().lower()
    if behaviour not in BEHAVIOURS:
        raise QueryParameterWrong(name=_ON_ERROR, why="rollback, proceed")
    with behind_wall_of(key):
        job = capture(_merchant(key), key=key, document=document, behaviour=behaviour)
    answer = _json(_told(job), status=202)
    answer.headers["Location"] = request.build_absolute_uri(f"{request.path.rstrip('/')}/{job.pk}")
    return answer


@router.post("/epcis/events", operation_id="epcis_post_event", auth=None, openapi_extra=_TAKES)
def post_event(request: HttpRequest) -> HttpResponse:
    """Take one event in."""
    key, document = _posted(request)
    if document["type"] in {"EPCISDocument", "EPCISQueryDocument"}:
        raise NotValid([{"pointer": "/type", "detail": "is a document; send it to /capture"}])
    with behind_wall_of(key):
        job = capture(_merchant(key), key=key, document=document)
    if job.errors:
        raise SaidDifferently(event=job.errors[0]["eventID"])
    [sent] = events_in(document)
    answer = HttpResponse(status=201, headers=dict(VERSIONS))
    named = sent.get("eventID") or id_from_content(content_digest(sent))
    answer.headers["Location"] = request.build_absolute_uri(f"{request.path.rstrip('/')}/{quote(named, safe=':')}")
    return answer


@router.get(
    "/epcis/capture",
    operation_id="epcis_capture_jobs",
    auth=None,
    openapi_extra=described(list[CaptureJobOut], scope=WRITE),
)
def capture_jobs(request: HttpRequest) -> HttpResponse:
    """List the latest documents that were sent, with what came of each."""
    key = sent_key(request, scope=WRITE)
    with behind_wall_of(key):
        found = list(CaptureJob.objects.filter(merchant_id=key.merchant_id).order_by("-pk")[:JOBS])
    return _json([_told(job) for job in found])


@router.get(
    "/epcis/capture/{job_id}",
    operation_id="epcis_capture_job",
    auth=None,
    openapi_extra=described(CaptureJobOut, scope=WRITE, refusals=(404,)),
)
def capture_job(request: HttpRequest, job_id: str) -> HttpResponse:
    """Say what came of one document that was sent."""
    key = sent_key(request, scope=WRITE)
    if not (job_id.isascii() and job_id.isdigit() and len(job_id) < 19):
        raise NotThere
    with behind_wall_of(key):
        found = CaptureJob.objects.filter(merchant_id=key.merchant_id, pk=int(job_id)).first()
    if found is None:
        raise NotThere
    return _json(_told(found))


def _posted(request: HttpRequest) -> tuple[Key, dict[str, Any]]:
    key = sent_key(request, scope=WRITE)
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind not in {"application/json", *_LINKED}:
        raise OnlyJson
    try:
        return key, read_document(request.body)
    except Refused as refusal:
        with behind_wall_of(key):
            note_refused(_merchant(key), key=key, refusal=refusal)
        raise


def _merchant(key: Key) -> Party:
    return merchants_by_id({key.merchant_id})[key.merchant_id]


def _told(job: CaptureJob) -> Any:
    """Give a job as JSON has it."""
    return msgspec.to_builtins(
        CaptureJobOut(
            capture_id=str(job.pk),
            created_at=job.at,
            finished_at=job.at,
            running=False,
            success=job.success,
            capture_error_behaviour=job.behaviour,
            captured=job.captured,
            known=job.known,
            errors=[
                CaptureErrorOut(
                    type=f"/problems/{note['code']}",
                    title=worded(note),
                    status=409,
                    detail=worded(note),
                    event_id=note["eventID"],
                    code=note["code"],
                )
                for note in job.errors
            ],
        )
    )


def _json(content: Any, *, status: int = 200) -> HttpResponse:
    return JsonResponse(content, status=status, safe=False, headers=dict(VERSIONS))
