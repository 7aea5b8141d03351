"""The third of the three verbs of buying labels: what the carriers said becomes labels, failures, or stays unknown."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection, transaction
from procrastinate.contrib.django import app

from colisage.kit.actors import SYSTEM
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.events import tell
from colisage.kit.statements import rows, statement
from colisage.orders.actions.advance_stage import advance_stage
from colisage.shipping.actions.draw_numbers import draw_numbers
from colisage.shipping.events import LabelsBought, ShipmentFailed
from colisage.shipping.models import Label, Shipment
from colisage.shipping.ports import Bought
from colisage.shipping.queries.faces import faces_of


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking for one shipment: labels, a refusal, silence, or nothing of them when we make the label."""

    shipment_id: int
    bought: Bought | None
    refused: str = ""
    silent: str = ""
    problem: str = ""

    @property
    def good(self) -> bool:
        """Say whether there are labels, or will be as soon as we make them."""
        return not (self.refused or self.silent or self.problem)


@transaction.atomic
def record_labels(answers: Sequence[Answer]) -> int:
    """Write what carriers said; give how many shipments are settled by it.

    Bought: the stage goes from labelling to labelled. Refused: it goes back to packed. No answer: the shipment stays
    unknown and is asked for again. A label that comes for a part stopped meanwhile is given back. Harmless when
    repeated; the number of statements does not depend on the number of shipments.
    """
    if not answers:
        return 0
    of_part = dict(
        Shipment.objects.filter(pk__in=[a.shipment_id for a in answers]).values_list("pk", "fulfillment_order_id")
    )
    drawn = _without_clashes(_with_numbers(answers))
    moved = set(advance_stage(_parts(drawn, of_part, good=True), before=["labelling"], after="labelled"))
    advance_stage(_parts(drawn, of_part, good=False), before=["labelling"], after="packed")
    locked = {s.pk: s for s in Shipment.objects.select_for_update(no_key=True).filter(pk__in=of_part).order_by("pk")}
    open_ = [a for a in drawn if locked[a.shipment_id].state == "unknown"]
    made = [a for a in open_ if a.good and locked[a.shipment_id].fulfillment_order_id in moved]
    # Bought for a part that was stopped, or whose shipment was given back while the carrier was being asked.
    useless = [
        a for a in drawn if a.bought and a not in made and locked[a.shipment_id].state in {"unknown", "voiding", "void"}
    ]
    settled = [a for a in open_ if a not in useless]
    _write(settled, useless)
    _make_labels(made, shipments=locked)
    _tell(settled, shipments=locked)
    if useless:
        app.configure_task("shipping.give_back", queue="carriers").defer(shipment_ids=[a.shipment_id for a in useless])
    return sum(not answer.silent for answer in settled)


def _parts(answers: Sequence[Answer], of_part: Mapping[int, int], *, good: bool) -> Collection[int]:
    return {of_part[a.shipment_id] for a in answers if not a.silent and a.good is good}


def _with_numbers(answers: Sequence[Answer]) -> list[Answer]:
    """Give the labels we make ourselves their numbers; where a range is used up, the answer is a problem."""
    ours = [a.shipment_id for a in answers if a.good and a.bought is None]
    drawn = draw_numbers(ours) if ours else {}
    return [
        answer
        if not answer.good or answer.bought
        else replace(answer, bought=drawn[answer.shipment_id])
        if answer.shipment_id in drawn
        else replace(answer, problem="range_used_up")
        for answer in answers
    ]


def _without_clashes(answers: Sequence[Answer]) -> list[Answer]:
    """Take a number that is on another label already for a problem of that shipment alone."""
    given = Counter(number for a in answers if a.bought for number in a.bought.tracking_numbers)
    taken = Label.objects.filter(tracking_number__in=given).exclude(shipment__in=[a.shipment_id for a in answers])
    clashing = {number for number, times in given.items() if times > 1}
    clashing |= set(taken.values_list("tracking_number", flat=True))
    return [
        replace(a, bought=None, problem="number_taken")
        if a.bought and clashing.intersection(a.bought.tracking_numbers)
        else a
        for a in answers
    ]


def _write(settled: Sequence[Answer], useless: Sequence[Answer]) -> None:
    outcomes = [
        {
            "id": a.shipment_id,
            "state": "unknown" if a.silent else "bought" if a.good else "failed",
            "carrier_ref": a.bought.carrier_ref if a.bought else "",
            "problem": a.problem or ("no_answer" if a.silent else "refused" if a.refused else ""),
            "problem_text": (a.silent or a.refused)[:300],
        }
        for a in settled
    ] + [
        {
            "id": a.shipment_id,
            "state": "voiding",
            "carrier_ref": a.bought.carrier_ref if a.bought else "",
            "problem": "",
            "problem_text": "",
        }
        for a in useless
    ]
    with connection.cursor() as db:
        db.execute(statement("shipping", "record_outcomes"), [rows(outcomes)])


def _make_labels(made: Sequence[Answer], *, shipments: Mapping[int, Shipment]) -> None:
    """Write the labels of shipments bought, each with the face that will be printed."""
    faces = faces_of([shipments[a.shipment_id] for a in made])
    Label.objects.bulk_create(
        (
            Label(
                merchant_id=shipments[a.shipment_id].merchant_id,
                shipment_id=a.shipment_id,
                parcel_id=parcel,
                carrier_id=shipments[a.shipment_id].carrier_id or 0,
                tracking_number=number,
                specimen=a.bought.specimen,
                face=face,
            )
            for a in made
            if a.bought
            for (parcel, face), number in zip(faces[a.shipment_id], a.bought.tracking_numbers, strict=True)
        ),
        batch_size=2_000,
    )


def _tell(settled: Sequence[Answer], *, shipments: Mapping[int, Shipment]) -> None:
    told = [(a, shipments[a.shipment_id]) for a in settled if not a.silent]
    tell(
        (LabelsBought(**_ids(s)) if a.good else ShipmentFailed(**_ids(s), problem=a.problem or "refused"))
        for a, s in told
    )
    record_deeds(
        (
            Deed("order", s.order_id, verb, {"shipment": s.pk, **data}, merchant_id=s.merchant_id)
            for a, s in [*told, *((a, shipments[a.shipment_id]) for a in settled if a.silent)]
            for verb, data in [_verb(a)]
        ),
        actor=SYSTEM,
    )


def _ids(s: Shipment) -> dict[str, Any]:
    return {
        "merchant_id": s.merchant_id,
        "order_id": s.order_id,
        "fulfillment_order_id": s.fulfillment_order_id,
        "shipment_id": s.pk,
    }


def _verb(answer: Answer) -> tuple[str, dict[str, Any]]:
    if answer.silent:
        return "label_unanswered", {}
    if not answer.good:
        return ("label_refused", {"said": answer.refused}) if answer.refused else (f"label_{answer.problem}", {})
    numbers = answer.bought.tracking_numbers if answer.bought else ()
    return "label_bought", {"numbers": ", ".join(numbers), "parcels": len(numbers)}
