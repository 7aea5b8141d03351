from dataclasses import asdict

from django.db import transaction

from colisage.boxing.actions.add_box_types import BoxCodeTaken
from colisage.boxing.models import BoxType
from colisage.boxing.rules import BoxRow, refuse_impossible
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.conflicts import one_by_one
from colisage.kit.errors import NotThere


@transaction.atomic
def change_box_type(operator_id: int, *, box_type_id: int, box: BoxRow, actor: Actor) -> list[str]:
    """Change a packaging; give the names of the facts that changed. Parcels already planned keep their sizes."""
    refuse_impossible(box)
    one_by_one("packagings", operator_id)
    known = BoxType.objects.select_for_update(no_key=True).filter(operator_id=operator_id, pk=box_type_id).first()
    if known is None:
        raise NotThere
    others = BoxType.objects.filter(operator_id=operator_id, code__iexact=box.code).exclude(pk=box_type_id)
    if others.exists():
        raise BoxCodeTaken(code=box.code)
    facts = asdict(box)
    changed = sorted(name for name, value in facts.items() if getattr(known, name) != value)
    if changed:
        BoxType.objects.filter(pk=known.pk).update(**facts)
        told = {"code": box.code, "changed": changed}
        record_deeds([Deed("box_type", known.pk, "box_changed", told, operator_id=operator_id)], actor=actor)
    return changed
