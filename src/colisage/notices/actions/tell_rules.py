from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse

from colisage.automation.events import RuleMailed
from colisage.automation.queries import runs_across
from colisage.notices.actions.write_messages import Draft, write_messages
from colisage.orders.queries import orders_across


def tell_rules(events: Sequence[RuleMailed]) -> None:
    """Write to merchants what their rules want them to hear of; one without an address gets nothing."""
    orders = orders_across({e.order_id for e in events})
    runs = runs_across({e.run_id for e in events})
    drafts = []
    for event in events:
        order, run = orders.get(event.order_id), runs.get(event.run_id)
        if order is not None and run is not None and order.merchant.email:
            drafts.append(
                Draft(
                    order=order,
                    kind="rule",
                    doc=f"run:{event.run_id}",
                    facts={"rule": run.name, "words": "\n".join(run.mails), "to_merchant": True},
                    to=order.merchant.email,
                    language=order.merchant.language,
                    url=f"{settings.COLISAGE_URL}{reverse('order', args=[order.pk])}",
                )
            )
    write_messages(drafts)
