"""The system on one screen: what happens, and who hears of it, in the order of an order's life."""

from colisage.inventory.actions.serve_arrivals import serve_arrivals
from colisage.inventory.events import ReservationDemoted, SellableGrew, WaitingServed
from colisage.kit.outbox import Journey
from colisage.orders.actions.follow_deliveries import follow_deliveries
from colisage.orders.events import OrderAccepted, StageReached
from colisage.sourcing.actions.ready_or_wait import ready_or_wait
from colisage.sourcing.actions.source_accepted import source_accepted

JOURNEY: Journey = {
    SellableGrew: (serve_arrivals,),
    OrderAccepted: (source_accepted,),
    WaitingServed: (ready_or_wait,),
    ReservationDemoted: (ready_or_wait,),
    StageReached: (follow_deliveries,),
}
