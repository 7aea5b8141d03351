from colisage.desk.queries.recall import TracedLot
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds


def note_list_taken(lot: TracedLot, *, what: str, rows: int, actor: Actor) -> None:
    """Write into the audit that somebody took a list with the customers of a lot away."""
    record_deeds(
        [Deed("recall", lot.id, "recall_list_taken", {"what": what, "rows": rows}, merchant_id=lot.merchant_id)],
        actor=actor,
    )
