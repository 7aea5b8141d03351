"""The audit trail: every action that changes something says who did it, in the same transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from colisage.kit.actors import Actor
from colisage.kit.models import AuditEntry


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
    AuditEntry.objects.bulk_create(
        AuditEntry(
            merchant_id=deed.merchant_id,
            operator_id=deed.operator_id,
            doc_kind=deed.doc_kind,
            doc_id=deed.doc_id,
            verb=deed.verb,
            data=dict(deed.data),
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_name=actor.name,
            address=actor.address,
        )
        for deed in deeds
    )
