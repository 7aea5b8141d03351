from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict

from django.db import transaction
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from colisage.boxing.models import BoxType
from colisage.boxing.rules import BoxRow, refuse_impossible
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.conflicts import one_by_one
from colisage.kit.errors import Refused


class BoxCodeTaken(Refused):
    """An operator has one packaging of a code, in use or not."""

    code = "box_code_taken"
    text = _("There is a packaging %(code)s already. Change that one, or choose another code.")


@transaction.atomic
def add_box_types(operator_id: int, boxes: Sequence[BoxRow], *, actor: Actor) -> list[int]:
    """Make packagings that were not there, all or none; give their ids. Codes are compared without regard to case."""
    for box in boxes:
        refuse_impossible(box)
    one_by_one("packagings", operator_id)  # the database tells c1 and C1 apart
    codes = Counter(box.code.upper() for box in boxes)
    known = BoxType.objects.filter(operator_id=operator_id).annotate(upper=Upper("code"))
    taken = {*known.filter(upper__in=codes).values_list("upper", flat=True), *(c for c, n in codes.items() if n > 1)}
    if taken:
        raise BoxCodeTaken(code=min(taken))
    made = BoxType.objects.bulk_create(BoxType(operator_id=operator_id, **asdict(box)) for box in boxes)
    record_deeds(
        [Deed("box_type", box.pk, "box_added", {"code": box.code}, operator_id=operator_id) for box in made],
        actor=actor,
    )
    return [box.pk for box in made]
