from django.db import transaction

from colisage.automation.models import Rule
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere


@transaction.atomic
def move_rule(merchant_id: int, *, rule_id: int, up: bool, actor: Actor) -> None:
    """Let a rule look at orders one place earlier, or later; at the end of the list it stays."""
    own = Rule.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id).exclude(state="removed")
    rules = list(own.order_by("position", "pk"))
    at = next((n for n, rule in enumerate(rules) if rule.pk == rule_id), None)
    if at is None:
        raise NotThere
    to = at - 1 if up else at + 1
    if not 0 <= to < len(rules):
        return
    rules[at], rules[to] = rules[to], rules[at]
    for n, rule in enumerate(rules, 1):
        rule.position = n
    Rule.objects.bulk_update(rules, ["position"])
    record_deeds([Deed("rule", rule_id, "rule_moved", {"to": to + 1}, merchant_id=merchant_id)], actor=actor)
