"""The JSON doors of what is looked at when goods arrive: read, written, asked no more."""

from typing import Annotated, Any, Final, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Query, Router

from colisage.inbound.actions.end_checklists import end_checklists
from colisage.inbound.actions.save_checklists_said import SaidChecklist, SaidQuestion, save_checklists_said
from colisage.inbound.queries.checklists_told import ChecklistOut, ChecklistPageOut, checklists_told
from colisage.inbound.queries.inspections import checklist_of, checklists_page
from colisage.kit.actors import Actor
from colisage.kit.answers import (
    Ids,
    Paged,
    ResultsOut,
    given,
    judged,
    known_id,
    known_parameters,
    page_of,
    read_body,
    results_named,
    there,
)
from colisage.kit.described import described
from colisage.people.queries import Key
from colisage.people.queries.doors import behind_key, written

READ: Final = "inbound:read"
WRITE: Final = "inbound:write"
router = Router(tags=["inspections"])
Limit = Annotated[str, Meta(max_length=20)]


class AskedQuestionIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A question, answered by yes or no, by a measure within limits (`12.5`; empty: none), or by a photo."""

    kind: Literal["yes_no", "measure", "photo"]
    text: Annotated[str, Meta(min_length=1, max_length=200)]
    unit: Annotated[str, Meta(max_length=12)] = ""
    lowest: Limit = ""
    highest: Limit = ""


class ChecklistIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What is asked of goods when they arrive: of a SKU, of what a supplier brings, of both, or (neither) of all.

    Looked at are `all` units, so many per cent of them, or a number: `sample_value`.
    """

    name: Annotated[str, Meta(min_length=1, max_length=80)]
    questions: Annotated[list[AskedQuestionIn], Meta(min_length=1, max_length=30)]
    sku: Annotated[str, Meta(max_length=100)] = ""
    supplier: Annotated[str, Meta(max_length=120)] = ""
    sample_rule: Literal["all", "percent", "number"] = "all"
    sample_value: Annotated[int, Meta(ge=0, le=1_000_000)] = 0


class ChecklistsIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Lists, each judged by itself."""

    checklists: Annotated[list[ChecklistIn], Meta(min_length=1, max_length=100)]


class ChecklistIdsIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Lists, by their ids."""

    checklists: Ids


_NEW: Final = msgspec.json.Decoder(ChecklistsIn)
_ENDED: Final = msgspec.json.Decoder(ChecklistIdsIn)


@router.get(
    "/inbound/checklists",
    operation_id="list_checklists",
    auth=None,
    openapi_extra=described(ChecklistPageOut, scope=READ, headers=("If-None-Match",)),
)
def list_checklists(request: HttpRequest, asked: Query[Paged]) -> HttpResponse:
    """List what is looked at when goods arrive, with the questions, the latest first."""
    known_parameters(request, Paged)
    with behind_key(request, scope=READ) as key:
        shown, last = page_of(checklists_page([key.merchant_id], after=asked.page, size=asked.limit), limit=asked.limit)
        return given(request, ChecklistPageOut(items=checklists_told(shown), next=last.pk if last else None))


@router.get(
    "/inbound/checklists/{int:checklist_id}",
    operation_id="get_checklist",
    auth=None,
    openapi_extra=described(ChecklistOut, scope=READ, refusals=(404,), headers=("If-None-Match",)),
)
def get_checklist(request: HttpRequest, checklist_id: int) -> HttpResponse:
    """Give a list that is in use, with its questions."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        found = there(checklist_of([key.merchant_id], checklist_id=known_id(checklist_id)))
        return given(request, checklists_told([found])[0])


@router.post(
    "/inbound/checklists",
    operation_id="add_checklists",
    auth=None,
    openapi_extra=described(
        ResultsOut,
        body=ChecklistsIn,
        scope=WRITE,
        headers=("Idempotency-Key",),
        example={
            "checklists": [
                {
                    "name": "Mugs", "sku": "MUG", "sample_rule": "percent", "sample_value": 10,
                    "questions": [
                        {"kind": "yes_no", "text": "Is the glaze even?"},
                        {"kind": "measure", "text": "Height", "unit": "mm", "lowest": "95", "highest": "105"},
                    ],
                }
            ]
        },
    ),
)  # fmt: skip
def post_checklists(request: HttpRequest) -> HttpResponse:
    """Write lists, each judged by itself: `saved` or `refused`. Receipts from then on are asked, one list each.

    The same goods have one list at a time (`checklist_taken`): to change it, end it and write another in its place.
    """
    sent = read_body(request, _NEW).checklists

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        became = save_checklists_said(key.merchant_id, [_said(one) for one in sent], actor=actor)
        return 200, results_named([one.name for one in sent], became, done="saved")

    return written(request, scope=WRITE, answer=answer)


def _said(sent: ChecklistIn) -> SaidChecklist:
    return SaidChecklist(
        name=sent.name, sku=sent.sku.strip(), supplier=sent.supplier.strip(), sample_rule=sent.sample_rule,
        sample_value=sent.sample_value,
        questions=[SaidQuestion(**msgspec.structs.asdict(question)) for question in sent.questions],
    )  # fmt: skip


@router.post(
    "/inbound/checklists/end",
    operation_id="end_checklists",
    auth=None,
    openapi_extra=described(
        ResultsOut,
        body=ChecklistIdsIn,
        scope=WRITE,
        headers=("Idempotency-Key",),
        example={"checklists": [7]},
    ),
)
def post_ended(request: HttpRequest) -> HttpResponse:
    """Ask lists no more, each judged by itself: `ended` or `refused`. Receipts that wait for one still do."""
    sent = read_body(request, _ENDED).checklists

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        became = end_checklists(key.merchant_id, sent, actor=actor)
        return 200, ResultsOut(
            results=[judged(pk, became=one, done="ended") for pk, one in zip(sent, became, strict=True)]
        )

    return written(request, scope=WRITE, answer=answer)
