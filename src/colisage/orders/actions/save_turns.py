"""By what waiting orders are served when units come."""

from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.inventory.actions.set_turns import set_turns
from colisage.inventory.queries.owed import owners_owed
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed
from colisage.kit.marks import expect_seen
from colisage.orders.models import OrderLine, TurnKind, TurnRule
from colisage.orders.queries.turns import Criterion, criteria_kept, turn_for, turns_mark

MOST: Final = 5
LONGEST: Final = 200
WITH_VALUE: Final = frozenset({"express", "tag", "channel"})
AT_ONCE: Final = 10_000  # lines of one statement, which takes 65,535 values


class BadTurns(Malformed):
    """What waiting orders are served by is a short list of known things, each once."""

    code = "bad_turns"
    text = _("Choose at most five different things, and say which tag, channel or words are meant.")


@transaction.atomic
def save_turns(merchant_id: int, criteria: Sequence[Criterion], *, actor: Actor, seen: str = "") -> bool:
    """Have waiting orders served by these, the first first, then by age; give whether that is new.

    All that wait now are put in their new places at once. Who writes by what a page showed says so with `seen`, the
    `turns_mark` of then: `SavedMeanwhile` is raised when it reads otherwise now. Raises `BadTurns`.
    """
    known = len(criteria) <= MOST and len({(one.kind, one.value) for one in criteria}) == len(criteria)
    if not known or any(
        one.kind not in TurnKind.values or bool(one.value.strip()) != (one.kind in WITH_VALUE)
        or len(one.value) > LONGEST
        for one in criteria
    ):  # fmt: skip
        raise BadTurns
    before = criteria_kept(merchant_id, locked=True)
    expect_seen(seen, turns_mark(before))
    if list(criteria) == before:
        return False
    TurnRule.objects.filter(merchant_id=merchant_id).delete()
    TurnRule.objects.bulk_create(
        TurnRule(merchant_id=merchant_id, position=n, kind=one.kind, value=one.value)
        for n, one in enumerate(criteria, 1)
    )
    waiting = sorted(owners_owed(merchant_id, owner_kind="order_line"))
    known_lines = OrderLine.objects.filter(merchant_id=merchant_id).select_related("order__channel")
    parts = (waiting[start : start + AT_ONCE] for start in range(0, len(waiting), AT_ONCE))
    lines = [line for part in parts for line in known_lines.filter(pk__in=part)]
    wanted = {merchant_id: criteria}
    set_turns("order_line", {line.pk: turn_for(line.order, wanted) for line in lines})
    said = {"from": [[c.kind, c.value] for c in before], "to": [[c.kind, c.value] for c in criteria]}
    record_deeds([Deed("merchant", merchant_id, "turns_saved", said, merchant_id=merchant_id)], actor=actor)
    return True
