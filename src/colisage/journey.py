"""The system on one screen: what happens, and who hears of it, in the order of an order's life."""

from colisage.inventory.actions.serve_arrivals import serve_arrivals
from colisage.inventory.events import SellableGrew
from colisage.kit.outbox import Journey
from colisage.orders.actions.follow_deliveries import follow_deliveries
from colisage.orders.events import StageReached

JOURNEY: Journey = {
    SellableGrew: (serve_arrivals,),
    StageReached: (follow_deliveries,),
}
