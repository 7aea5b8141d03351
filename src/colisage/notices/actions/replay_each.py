"""Making calls again that a program names, each judged by itself."""

from collections import defaultdict
from collections.abc import Collection

from django.db import transaction

from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere, Refused
from colisage.notices.actions.replay_calls import AGAIN, replay_calls
from colisage.notices.models import WebhookCall


@transaction.atomic
def replay_each(merchant_id: int, call_ids: Collection[int], *, actor: Actor) -> dict[int, Refused | bool]:
    """Have calls made again; say of each whether it goes out (False: it waits, or is being sent), or why not."""
    rows = WebhookCall.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk__in=call_ids)
    known = {pk: (endpoint, state) for pk, endpoint, state in rows.order_by("pk").values_list(
        "pk", "endpoint_id", "state")}  # fmt: skip
    became: dict[int, Refused | bool] = {pk: NotThere() for pk in call_ids}
    wanted: dict[int, list[int]] = defaultdict(list)
    for pk, (endpoint, state) in known.items():
        became[pk] = state in AGAIN
        if state in AGAIN:
            wanted[endpoint].append(pk)
    for endpoint, ids in wanted.items():
        try:
            replay_calls(merchant_id, endpoint_id=endpoint, call_ids=ids, actor=actor)
        except Refused as refusal:
            became |= dict.fromkeys(ids, refusal)
    return became
