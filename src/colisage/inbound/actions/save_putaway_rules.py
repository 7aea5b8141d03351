"""The table of a node by which bins are chosen."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.inbound.models import PutawayRule, RuleKind
from colisage.inbound.rules.putaway import Rule
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
    """Replace the rules of a node, in the order given; none: the usual ones are in force again."""
    if node_of([operator_id], node_id=node_id) is None:
        raise NotThere
    kinds = [rule.kind for rule in rules]
    if set(kinds) - set(RuleKind.values) or len(set(kinds)) < len(kinds):
        raise RuleUnknown
    PutawayRule.objects.filter(operator_id=operator_id, node_id=node_id).delete()
    PutawayRule.objects.bulk_create(
        PutawayRule(operator_id=operator_id, node_id=node_id, position=n, kind=rule.kind, must=rule.must)
        for n, rule in enumerate(rules)
    )
    told = {"rules": [[rule.kind, rule.must] for rule in rules]}
    record_deeds([Deed("node", node_id, "putaway_rules_saved", told, operator_id=operator_id)], actor=actor)
