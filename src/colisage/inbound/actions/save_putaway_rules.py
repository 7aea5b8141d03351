"""The table of a node by which bins are chosen."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.inbound.models import PutawayRule, RuleKind
from colisage.inbound.rules.putaway import HARD, Rule
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere
from colisage.network.queries.nodes import node_of


class RuleUnknown(Malformed):
    """A rule is one of the known kinds, and stands once in the table."""

    code = "rule_unknown"
    text = _("Choose each rule once.")


@transaction.atomic
def save_putaway_rules(operator_id: int, *, node_id: int, rules: Sequence[Rule], actor: Actor) -> None:
    """Replace the rules of a node, in the order given; none: the usual ones are in force again.

    Of the hard ones every bin must comply, whatever `rules` say.
    """
    if node_of([operator_id], node_id=node_id, locked=True) is None:
        raise NotThere
    kinds = [rule.kind for rule in rules]
    if set(kinds) - set(RuleKind.values) or len(set(kinds)) < len(kinds):
        raise RuleUnknown
    lines = [(rule.kind, rule.must or rule.kind in HARD) for rule in rules]
    PutawayRule.objects.filter(operator_id=operator_id, node_id=node_id).delete()
    PutawayRule.objects.bulk_create(
        PutawayRule(operator_id=operator_id, node_id=node_id, position=n, kind=kind, must=must)
        for n, (kind, must) in enumerate(lines)
    )
    told = {"rules": [list(line) for line in lines]}
    record_deeds([Deed("node", node_id, "putaway_rules_saved", told, operator_id=operator_id)], actor=actor)
