from collections.abc import Collection

from colisage.kit.actors import Actor
from colisage.picking.actions.confirm_picks import Taken, confirm_picks
from colisage.picking.models import PickTask


def pick_all(operator_id: int, *, batch_ids: Collection[int], actor: Actor) -> int:
    """Take everything that is still open in batches, as a machine does; give how many tasks ended by it."""
    ids = PickTask.objects.filter(operator_id=operator_id, batch__in=batch_ids, state="open").values_list(
        "pk", flat=True
    )
    return confirm_picks(operator_id, picks=[Taken(pk) for pk in ids], actor=actor)
