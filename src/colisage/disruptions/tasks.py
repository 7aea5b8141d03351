"""Work of the workers: what disruptions touch, what they leave, and when they begin and end by themselves."""

from django.utils import timezone
from procrastinate.contrib.django import app

from colisage.disruptions.actions.free_all import free_all
from colisage.disruptions.actions.move_incoming import move_incoming, move_incoming_again
from colisage.disruptions.actions.retell_all import retell_all
from colisage.disruptions.actions.touch_all import touch_all
from colisage.network.actions.turn_disruptions import turn_disruptions
from colisage.network.queries.disruptions import active_disruptions, disruptions_by_id, merchants_of


@app.task(name="disruptions.touch", queue="orders", retry=3)
def touch(disruption_id: int, merchant_id: int) -> None:
    """Let a disruption act on the orders of a merchant, then on what is to come."""
    disruption = disruptions_by_id([disruption_id])[disruption_id]
    touch_all(disruption, merchant_id=merchant_id)
    move_incoming(disruption, merchant_id=merchant_id)


@app.task(name="disruptions.change", queue="orders", retry=3)
def change(disruption_id: int, merchant_id: int) -> None:
    """Tell who waits longer as a disruption has another last day, and expect what is to come as that says."""
    disruption = disruptions_by_id([disruption_id])[disruption_id]
    retell_all(disruption, merchant_id=merchant_id)
    move_incoming_again(disruption, merchant_id=merchant_id)


@app.task(name="disruptions.free", queue="orders", retry=3)
def free(disruption_id: int, merchant_id: int) -> None:
    """Expect what is to come on its day again, and let the orders of a merchant go on that a disruption held."""
    disruption = disruptions_by_id([disruption_id])[disruption_id]
    move_incoming_again(disruption, merchant_id=merchant_id)
    free_all(disruption, merchant_id=merchant_id)


@app.periodic(cron="*/5 * * * *")
@app.task(name="disruptions.turn", queue="orders", queueing_lock="disruptions.turn")
def turn(timestamp: int) -> None:
    """Begin and end what is due, and look for orders that came by while a disruption was being declared."""
    turn_disruptions(now=timezone.now())
    for disruption in active_disruptions():
        for merchant in merchants_of(disruption):
            touch_all(disruption, merchant_id=merchant)
