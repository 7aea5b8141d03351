"""What later steps are asked to do otherwise with orders."""

from collections.abc import Collection

from colisage.orders.models import Instruction, InstructionKind

__all__ = ["InstructionKind"]


def instructions_of(order_ids: Collection[int], *, kind: str) -> dict[int, list[str]]:
    """Give the values of one kind by order, the first first; orders without any are left out: a question of workers."""
    found: dict[int, list[str]] = {}
    rows = Instruction.objects.filter(order__in=order_ids, kind=kind).order_by("pk")
    for order, value in rows.values_list("order_id", "value"):
        found.setdefault(order, []).append(value)
    return found


def first_instructions(order_ids: Collection[int], *, kind: str) -> dict[int, str]:
    """Give the value that counts, of a kind of which an order has one."""
    return {order: values[0] for order, values in instructions_of(order_ids, kind=kind).items()}
