"""The JSON doors of labels to print: of goods, lots and plates by their codes, and of bins."""

from typing import Annotated, Final, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from colisage.catalog.queries import skus_by_code
from colisage.inventory.queries.labels import (
    Paper,
    faces_of_bins,
    faces_of_lots,
    faces_of_plates,
    faces_of_skus,
    labels_file,
    lots_named,
    plates_named,
)
from colisage.inventory.rules.labels import Face, codes_in
from colisage.kit.answers import Text, known_parameters, there
from colisage.kit.described import described
from colisage.network.queries.floors import floors_of
from colisage.people.queries.doors import behind_key

READ: Final = "stock:read"
KINDS: Final = {"pdf": "application/pdf", "zpl": "text/plain; charset=utf-8"}
GIVES: Final = ("application/pdf", "text/plain")
router = Router(tags=["labels"])


class PlateLabelsAsked(Schema):
    """Of what, by its `codes` with commas between them, and on which paper: a roll, sheets of A4, or ZPL."""

    codes: Annotated[str, Field(min_length=1, max_length=8_000, pattern=r"^[^\x00]+$")]
    paper: Paper = "roll"


class SkuLabelsAsked(PlateLabelsAsked):
    """Of which SKUs, and how many of each."""

    copies: Annotated[int, Field(ge=1, le=500)] = 1


class LotLabelsAsked(SkuLabelsAsked):
    """Of which lots, of one `sku` or of all that have such."""

    sku: Text | None = None


class BinLabelsAsked(Schema):
    """Of the bins of a node whose code begins so; `arrows` point at the shelf: all one way, or by its `level`."""

    node: Text
    beginning: Annotated[str, Field(max_length=30, pattern=r"^[^\x00]*$")] = ""
    arrows: Literal["", "up", "down", "level"] = ""
    paper: Paper = "roll"


def _file(faces: list[Face], *, paper: Paper, name: str) -> HttpResponse:
    content, kind = labels_file(faces, paper=paper)
    headers = {"Content-Disposition": f'attachment; filename="colisage-{name}.{kind}"'}
    return HttpResponse(content, content_type=KINDS[kind], headers=headers)


@router.get(
    "/stock/labels/bins",
    operation_id="get_bin_labels",
    auth=None,
    openapi_extra=described(scope=READ, refusals=(403, 404), gives=GIVES),
)
def get_bins(request: HttpRequest, asked: Query[BinLabelsAsked]) -> HttpResponse:
    """Give the labels of bins along the walk, as PDF or ZPL, in a warehouse that works for you alone."""
    known_parameters(request, BinLabelsAsked)
    with behind_key(request, scope=READ) as key:
        at = floors_of(key.merchant_id).called(asked.node)
        faces = faces_of_bins(at.node_id, beginning=asked.beginning.strip(), arrows=asked.arrows)
        return _file(faces, paper=asked.paper, name="bins")


@router.get(
    "/stock/labels/skus",
    operation_id="get_sku_labels",
    auth=None,
    openapi_extra=described(scope=READ, refusals=(404,), gives=GIVES),
)
def get_skus(request: HttpRequest, asked: Query[SkuLabelsAsked]) -> HttpResponse:
    """Give the labels of SKUs, with their bar codes, as PDF or ZPL; codes that nobody knows are left out."""
    known_parameters(request, SkuLabelsAsked)
    with behind_key(request, scope=READ) as key:
        found = skus_by_code(key.merchant_id, codes=codes_in(asked.codes))
        faces = faces_of_skus([key.merchant_id], sku_ids=[sku.id for sku in found.values()], copies=asked.copies)
        return _file(faces, paper=asked.paper, name="skus")


@router.get(
    "/stock/labels/lots",
    operation_id="get_lot_labels",
    auth=None,
    openapi_extra=described(scope=READ, refusals=(404,), gives=GIVES),
)
def get_lots(request: HttpRequest, asked: Query[LotLabelsAsked]) -> HttpResponse:
    """Give the labels of lots and serial numbers, as PDF or ZPL; codes that nobody knows are left out."""
    known_parameters(request, LotLabelsAsked)
    with behind_key(request, scope=READ) as key:
        mine = [key.merchant_id]
        sku = there(skus_by_code(key.merchant_id, codes=[asked.sku]).get(asked.sku.upper())).id if asked.sku else None
        found = lots_named(mine, codes=codes_in(asked.codes), sku_id=sku)
        return _file(faces_of_lots(mine, lot_ids=found, copies=asked.copies), paper=asked.paper, name="lots")


@router.get(
    "/stock/labels/plates",
    operation_id="get_plate_labels",
    auth=None,
    openapi_extra=described(scope=READ, refusals=(404,), gives=GIVES),
)
def get_plates(request: HttpRequest, asked: Query[PlateLabelsAsked]) -> HttpResponse:
    """Give the labels of plates, with what stands on them, as PDF or ZPL; codes that nobody knows are left out."""
    known_parameters(request, PlateLabelsAsked)
    with behind_key(request, scope=READ) as key:
        mine = [key.merchant_id]
        faces = faces_of_plates(mine, plate_ids=plates_named(mine, codes=codes_in(asked.codes)))
        return _file(faces, paper=asked.paper, name="plates")
