"""Sending units to another node, as a program says: everything by its code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from django.db import transaction

from colisage.inbound.actions.find_said import find_said
from colisage.inbound.actions.send_transfer import send_transfer
from colisage.kit.actors import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidTransfer:
    """So many units of what codes stand for (of a case, so many cases), from one node to another, by their codes."""

    source: str
    target: str
    lines: Sequence[tuple[str, int]]
    expected_on: date | None = None
    note: str = ""


@transaction.atomic
def send_transfer_said(merchant_id: int, *, said: SaidTransfer, actor: Actor) -> int:
    """Send free units to another node; give the transfer. Raises `MeansNothing`, and what `send_transfer` raises."""
    meant = find_said(
        merchant_id,
        nodes={"/source": said.source, "/target": said.target},
        units={f"/lines/{n}": line for n, line in enumerate(said.lines)},
    )
    return send_transfer(
        merchant_id, [(sku.id, units) for sku, units in meant.units.values()], from_node_id=meant.nodes["/source"],
        to_node_id=meant.nodes["/target"], expected_on=said.expected_on, note=said.note, once=uuid4().hex, actor=actor,
    )  # fmt: skip
