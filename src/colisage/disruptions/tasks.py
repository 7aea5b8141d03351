"""Work of the workers: what disruptions touch, what they leave, and when they begin and end by themselves."""

from django.utils import timezone
from procrastinate.contrib.django import app

from colisage.disruptions.actions.free_orders import free_orders
from colisage.disruptions.actions.touch_all import touch_all
from colisage.network.actions.turn_disruptions import turn_disruptions
from colisage.network.queries.disruptions import active_disruptions, disruptions_by_id, merchants_of


@app.task(name="disruptions.touch", queue="orders", retry=3)
def touch(disruption_id: int, merchant_id: int) -> None:
    """Let a disruption act on the orders of a merchant."""
    touch_all(disruptions_by_id([disruption_id])[disruption_id], merchant_id=merchant_id)


@app.task(name="disruptions.free", queue="orders", retry=3)
def free(disruption_id: int, merchant_id: int) -> None:
    """Free the orders of a merchant that a disruption held."""
    disruption = disruptions_by_id([disruption_id])[disruption_id]
    while free_orders(disruption, merchant_id=merchant_id):
        pass


@app.periodic(cron="*/5 * * * *")
@app.task(name="disruptions.turn", queue="orders", queueing_lock="disruptions.turn")
def turn(timestamp: int) -> None:
    """Begin and end what is due, and look for orders that came by while a disruption was being declared."""
    turn_disruptions(now=timezone.now())
    for disruption in active_disruptions():
        for merchant in merchants_of(disruption):
            touch_all(disruption, merchant_id=merchant)
