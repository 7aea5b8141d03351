from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.automation.models import Rule
from colisage.automation.queries import is_sound
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere, Refused


class RuleIsBroken(Refused):
    """It names what is not known any more."""

    code = "rule_is_broken"
    text = _("Correct the rule first: it asks for something that is not known any more.")


@transaction.atomic
def switch_rule(merchant_id: int, *, rule_id: int, state: str, actor: Actor) -> None:
    """Switch a rule `on` or `off`, or remove it (`removed`): what it did is kept. Harmless when repeated."""
    rule = Rule.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk=rule_id).first()
    if rule is None or rule.state == "removed":
        raise NotThere
    if state == "on" and not is_sound(rule):
        raise RuleIsBroken
    if rule.state == state:
        return
    rule.state, rule.changed_at = state, timezone.now()
    rule.save(update_fields=["state", "changed_at"])
    record_deeds([Deed("rule", rule.pk, f"rule_{state}", {}, merchant_id=merchant_id)], actor=actor)
