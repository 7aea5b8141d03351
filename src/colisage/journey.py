"""The system on one screen: what happens, and who hears of it, in the order of an order's life."""

from colisage.inventory.actions.serve_arrivals import serve_arrivals
from colisage.inventory.events import ReservationDemoted, SellableGrew, WaitingServed
from colisage.kit.outbox import Journey
from colisage.orders.actions.follow_deliveries import follow_deliveries
from colisage.orders.events import OrderAccepted, OrderFreed, OrderHeld, StageReached
from colisage.packing.actions.plan_parcels import plan_parcels
from colisage.picking.actions.follow_demotions import follow_demotions
from colisage.shipping.actions.request_labels import request_labels
from colisage.shipping.actions.void_stopped import void_stopped
from colisage.shipping.events import ShipmentHandedOver
from colisage.sourcing.actions.ready_or_wait import ready_or_wait
from colisage.sourcing.actions.source_accepted import source_accepted
from colisage.tracking.actions.start_tracking import start_tracking

JOURNEY: Journey = {
    SellableGrew: (serve_arrivals,),
    OrderAccepted: (source_accepted,),
    WaitingServed: (ready_or_wait,),
    ReservationDemoted: (ready_or_wait, follow_demotions),
    OrderHeld: (void_stopped,),
    OrderFreed: (request_labels,),
    StageReached: (plan_parcels, request_labels, void_stopped, follow_deliveries),
    ShipmentHandedOver: (start_tracking,),
}
