"""From what a person or a program says to a disruption that can be: what it names is looked up."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext_lazy as _

from colisage.carriers.queries import carrier_names
from colisage.kit.errors import Malformed
from colisage.network.actions.declare_disruption import Disrupted
from colisage.network.queries import nodes_run_by, nodes_serving


class UnknownNode(Malformed):
    """There is no such node for who declares."""

    code = "unknown_node"
    text = _("There is no node “%(what)s”.")


class UnknownCarrier(Malformed):
    """There is no such carrier."""

    code = "unknown_carrier"
    text = _("There is no carrier “%(what)s”.")


class NoCause(Malformed):
    """Nobody would know why."""

    code = "no_cause"
    text = _("Say why, in one language at least.")


def nodes_to_declare(*, merchant_id: int | None, operator_id: int | None) -> dict[str, tuple[int, str]]:
    """Give the nodes that a merchant or an operator may declare: code to id and name."""
    if merchant_id is not None:
        return {node.code: (node.node_id, node.name) for node in nodes_serving([merchant_id])[merchant_id]}
    return {node.code: (node.id, node.name) for node in nodes_run_by([operator_id or 0])}


def disrupted(
    *,
    merchant_id: int | None,
    operator_id: int | None,
    kind: str,
    what: str,
    starts_on: date,
    ends_on: date | None,
    effect: str,
    cause: Mapping[str, str],
) -> Disrupted:
    """Look up the node or the carrier by its code. Raises `UnknownNode`, `UnknownCarrier`, `NoCause`."""
    said = {language: text.strip() for language, text in cause.items() if text.strip()}
    if not said:
        raise NoCause
    node, about, carrier = None, "", ""
    if kind == "node":
        nodes = nodes_to_declare(merchant_id=merchant_id, operator_id=operator_id)
        if what not in nodes:
            raise UnknownNode(what=what[:60])
        node, about = nodes[what]
    else:
        names = carrier_names()
        if what not in names:
            raise UnknownCarrier(what=what[:60])
        carrier, about = what, names[what]
    return Disrupted(
        kind=kind, about=about, starts_on=starts_on, ends_on=ends_on, effect=effect, cause=said,
        node_id=node, carrier=carrier,
    )  # fmt: skip
