"""The audit trail: every action that changes something says who did it, in the same transaction."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from colisage.kit.actors import Actor
from colisage.kit.events import Event, outbox_rows
from colisage.kit.statements import perform, rows
from colisage.kit.wake import wake_after_commit


class Deed(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing done to one document: `Deed("order", 17, "hold_set", {"kind": "address"}, merchant_id=1)`."""

    doc_kind: str
    doc_id: int
    verb: str
    data: Mapping[str, Any] = {}
    merchant_id: int | None = None
    operator_id: int | None = None


def record_deeds(deeds: Iterable[Deed], *, actor: Actor) -> None:
    """Write the deeds of one actor, in one statement. Data holds ids and plain values, no personal data."""
    batch = list(deeds)
    if batch:
        perform("kit", "insert_audit", [*_said(actor), rows(batch)])


def tell_deeds(events: Iterable[Event], deeds: Iterable[Deed], *, actor: Actor) -> None:
    """Tell events and write the deeds behind them, in one statement: for what happens with every order."""
    told, done = outbox_rows(events), list(deeds)
    if told or done:
        perform("kit", "insert_told", [rows(told), *_said(actor), rows(done)])
    if told:
        wake_after_commit()


def _said(actor: Actor) -> tuple[str, int | None, str, str | None]:
    return actor.kind, actor.id, actor.name[:150], actor.address
