"""Sending orders together, those of one customer and address in one parcel."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere, Refused
from colisage.orders.actions.merge_orders import merge_orders
from colisage.orders.queries import orders_by_id
from colisage.orders.queries.together import companions_by_order, of_one_person


class NoCompanion(Refused):
    """None of the other orders is of the same customer and goes to the same address."""

    code = "no_companion"
    text = _("Order %(number)s: none of the others is of the same customer and goes to the same address.")


@transaction.atomic
def join_each(merchant_id: int, order_ids: Sequence[int], *, actor: Actor) -> dict[int, Refused | bool]:
    """Put orders of one customer and address in one parcel; say of each whether it was, or why it cannot be.

    Each group is judged by itself: where one of its orders cannot go, nothing of it is done, and which one is said.
    """
    known = orders_by_id(merchant_id, ids=order_ids)
    became: dict[int, Refused | bool] = {pk: NotThere() for pk in order_ids}
    groups = of_one_person(known.values())
    became |= {pk: NoCompanion(number=known[pk].number) for pk, *others in groups if not others}
    several = [group for group in groups if len(group) > 1]
    before = companions_by_order(known)
    answers = merge_orders(merchant_id, groups=several, actor=actor) if several else []
    for group, answer in zip(several, answers, strict=True):
        same = before.get(group[0], set()).issuperset(group)
        became |= dict.fromkeys(group, answer if isinstance(answer, Refused) else not same)
    return became
