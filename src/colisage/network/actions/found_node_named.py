"""Making a node, as a program says: by an operator that works for its merchant alone."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.kit.actors import Actor
from colisage.kit.errors import Malformed
from colisage.network.actions.found_node import found_node
from colisage.people.queries import NotYourFloor, operator_slugs, own_operators


class UnknownOperator(Malformed):
    """A node is run by somebody: of several who work for the merchant alone one is named."""

    code = "unknown_operator"
    text = _("Name one of these operators: %(slugs)s.")


@transaction.atomic
def found_node_named(merchant_id: int, *, operator: str, code: str, actor: Actor, **facts: Any) -> int:
    """Make a node that serves the merchant, run by an operator (empty: the only one) of its alone; give its id.

    Raises `NotYourFloor` when none works for it alone, `UnknownOperator`, and what `found_node` raises.
    """
    known = operator_slugs(own_operators(merchant_id))
    if not known:
        raise NotYourFloor
    named = operator or (next(iter(known)) if len(known) == 1 else "")
    if named not in known:
        raise UnknownOperator(slugs=", ".join(known))
    return found_node(known[named], code=code, merchant_ids=[merchant_id], actor=actor, **facts)
