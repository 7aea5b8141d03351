from collections.abc import Collection, Mapping

from django.db import transaction

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.statements import perform, rows
from colisage.orders.models import Order


@transaction.atomic
def tag_orders(
    merchant_id: int, *, order_ids: Collection[int], add: Collection[str] = (), drop: Collection[str] = (), actor: Actor
) -> int:
    """Add tags to orders and take others away, whatever their case; give how many orders are different now."""
    locked = Order.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk__in=order_ids)
    before = dict(locked.order_by("pk").values_list("pk", "tags"))
    after = {pk: _tags(tags, add=add, drop=drop) for pk, tags in before.items()}
    changed = {pk: tags for pk, tags in after.items() if tags != before[pk]}
    perform("orders", "set_tags", [rows({"id": pk, "tags": tags} for pk, tags in changed.items())])
    said = {"added": ", ".join(add), "dropped": ", ".join(drop)}
    verb = "order_tagged" if add else "order_untagged"
    record_deeds((Deed("order", pk, verb, said, merchant_id=merchant_id) for pk in changed), actor=actor)
    return len(changed)


def _tags(tags: Collection[str], *, add: Collection[str], drop: Collection[str]) -> list[str]:
    gone = {tag.casefold() for tag in drop}
    left = [tag for tag in tags if tag.casefold() not in gone]
    there: Mapping[str, str] = {tag.casefold(): tag for tag in left}
    return [*left, *(tag for tag in dict.fromkeys(add) if tag.casefold() not in there)]
