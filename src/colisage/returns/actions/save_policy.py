from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed
from colisage.kit.marks import expect_seen
from colisage.returns.models import Payer, ReturnPolicy
from colisage.returns.queries.left import policy_mark, policy_of


class PolicyNotLegal(Malformed):
    """European consumers may withdraw for 14 days whatever a shop writes."""

    code = "policy_not_legal"
    text = _("The window has at least 14 days: it is the law in Europe.")


@transaction.atomic
def save_policy(
    merchant_id: int,
    *,
    window_days: int,
    payer: str,
    label_fee_cents: int,
    approves_alone: bool,
    refunds_shipping: bool,
    actor: Actor,
    seen: str = "",
) -> None:
    """Set what a merchant promises about returns; returns already asked for keep what was promised then.

    Who writes by what a page showed says so with `seen`, the `policy_mark` of then: `SavedMeanwhile` is raised when it
    reads otherwise now.
    """
    if not 14 <= window_days <= 3650 or payer not in Payer.values or not 0 <= label_fee_cents <= 10**8:
        raise PolicyNotLegal
    expect_seen(seen, policy_mark(policy_of(merchant_id, locked=True)))
    facts = {
        "window_days": window_days,
        "payer": payer,
        "label_fee_cents": label_fee_cents,
        "approves_alone": approves_alone,
        "refunds_shipping": refunds_shipping,
    }
    ReturnPolicy.objects.update_or_create(merchant_id=merchant_id, defaults=facts)
    record_deeds([Deed("merchant", merchant_id, "return_policy_saved", facts, merchant_id=merchant_id)], actor=actor)
