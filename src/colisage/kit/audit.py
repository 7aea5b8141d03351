"""The audit trail: every action that changes something says who did it, in the same transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from colisage.kit.actors import Actor
from colisage.kit.statements import rows, statement


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing done to one document: `Deed("order", 17, "hold_set", {"kind": "address"}, merchant_id=1)`."""

    doc_kind: str
    doc_id: int
    verb: str
    data: Mapping[str, Any] = field(default_factory=dict)
    merchant_id: int | None = None
    operator_id: int | None = None


def record_deeds(deeds: Iterable[Deed], *, actor: Actor) -> None:
    """Write the deeds of one actor, in one statement. Data holds ids and plain values, no personal data."""
    batch = list(deeds)
    if batch:
        with connection.cursor() as db:
            db.execute(
                statement("kit", "insert_audit"), [actor.kind, actor.id, actor.name[:150], actor.address, rows(batch)]
            )
