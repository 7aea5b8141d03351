"""The system on one screen: what happens, and who hears of it, in the order of an order's life."""

from colisage.automation.actions.judge_and_source import judge_and_source
from colisage.automation.actions.judge_picked import judge_picked
from colisage.automation.events import RuleCalled, RuleMailed
from colisage.connectors.actions.tell_shops import tell_shops
from colisage.disruptions.actions.follow_disruptions import follow_disruptions
from colisage.inbound.actions.buy_consumed import buy_consumed
from colisage.inbound.events import IncomingChanged
from colisage.intake.actions.check_addresses import check_addresses
from colisage.intake.actions.settle_decided import settle_decided
from colisage.intake.events import AftermathTold, OrderAskedFor
from colisage.inventory.actions.serve_arrivals import serve_arrivals
from colisage.inventory.events import (
    ConsignedMoved,
    PreorderChanged,
    PublishedChanged,
    ReservationDemoted,
    SellableGrew,
    TurnsChanged,
    UnitsUnbound,
    WaitingServed,
)
from colisage.kit.outbox import After, Journey
from colisage.network.events import DisruptionBegan, DisruptionChanged, DisruptionEnded
from colisage.notices.actions.tell_backorders import tell_backorders
from colisage.notices.actions.tell_changes import tell_changes
from colisage.notices.actions.tell_disrupted import tell_disrupted
from colisage.notices.actions.tell_handed_over import tell_handed_over
from colisage.notices.actions.tell_orders import tell_orders
from colisage.notices.actions.tell_parcel_moved import tell_parcel_moved
from colisage.notices.actions.tell_resumed import tell_resumed
from colisage.notices.actions.tell_returns import tell_returns
from colisage.notices.actions.tell_rules import tell_rules
from colisage.notices.actions.tell_webhooks import tell_webhooks
from colisage.orders.actions.date_backorders import date_backorders
from colisage.orders.actions.follow_deliveries import follow_deliveries
from colisage.orders.actions.follow_doors import follow_doors
from colisage.orders.actions.leave_out_inserts import leave_out_lost
from colisage.orders.actions.note_resumed import note_resumed
from colisage.orders.actions.rank_waiting import rank_waiting
from colisage.orders.events import (
    OrderAccepted,
    OrderCancelled,
    OrderChanged,
    OrderDisrupted,
    OrderExpected,
    OrderFreed,
    OrderHeld,
    OrderResumed,
    OrdersParted,
    StageReached,
)
from colisage.packing.actions.plan_parcels import plan_parcels
from colisage.packing.actions.undo_parcels import undo_parcels
from colisage.picking.actions.ask_put_backs import ask_put_backs
from colisage.picking.actions.drop_cancelled import drop_cancelled
from colisage.picking.actions.follow_demotions import follow_demotions
from colisage.returns.actions.follow_shop import follow_shop
from colisage.returns.events import (
    Refunded,
    ReturnApproved,
    ReturnInspected,
    ReturnReceived,
    ReturnRefused,
    ReturnRequested,
)
from colisage.shipping.actions.request_labels import request_labels
from colisage.shipping.actions.void_stopped import void_stopped
from colisage.shipping.events import LabelsBought, ShipmentFailed, ShipmentHandedOver, ShipmentVoided
from colisage.sourcing.actions.ready_or_wait import ready_or_wait
from colisage.tracking.actions.start_tracking import start_tracking
from colisage.tracking.events import ParcelMoved

JOURNEY: Journey = {
    DisruptionBegan: (follow_disruptions,),
    DisruptionChanged: (follow_disruptions,),
    DisruptionEnded: (follow_disruptions,),
    ConsignedMoved: (buy_consumed,),
    IncomingChanged: (date_backorders,),
    PreorderChanged: (date_backorders,),
    TurnsChanged: (date_backorders,),
    SellableGrew: (serve_arrivals,),
    PublishedChanged: (tell_shops, tell_webhooks),
    OrderAccepted: (
        rank_waiting,
        date_backorders,
        follow_doors,
        check_addresses,
        judge_and_source,
        tell_orders,
        tell_webhooks,
    ),
    WaitingServed: (ready_or_wait, date_backorders),
    ReservationDemoted: (ready_or_wait, rank_waiting, date_backorders, leave_out_lost, follow_demotions),
    UnitsUnbound: (follow_demotions,),
    OrderHeld: (void_stopped, tell_shops, tell_webhooks),
    OrderFreed: (settle_decided, request_labels, tell_shops, tell_webhooks),
    OrderCancelled: (date_backorders, settle_decided, ask_put_backs, tell_orders, tell_webhooks),
    OrderDisrupted: (tell_disrupted, tell_webhooks),
    OrderResumed: (note_resumed, tell_resumed, tell_webhooks),
    OrderAskedFor: (tell_shops,),
    AftermathTold: (follow_shop,),
    OrderExpected: (tell_backorders, tell_webhooks),
    OrderChanged: (
        rank_waiting,
        date_backorders,
        follow_doors,
        check_addresses,
        judge_and_source,
        tell_changes,
        tell_webhooks,
    ),
    OrdersParted: (plan_parcels,),
    StageReached.only("picked"): (judge_picked, plan_parcels),
    StageReached.only("packed"): (request_labels,),
    StageReached.only("handed_over"): (tell_handed_over,),
    StageReached.only("delivered"): (follow_deliveries,),
    StageReached.only("cancelled"): (drop_cancelled, undo_parcels, ask_put_backs, void_stopped, follow_deliveries),
    StageReached: (tell_webhooks,),
    RuleMailed: (tell_rules,),
    RuleCalled: (tell_webhooks,),
    LabelsBought: (tell_webhooks,),
    ShipmentFailed: (tell_webhooks,),
    ShipmentVoided: (tell_webhooks,),
    ShipmentHandedOver: (start_tracking, tell_shops, tell_webhooks),
    ParcelMoved: (tell_parcel_moved, tell_webhooks),
    ReturnRequested: (tell_returns, tell_webhooks),
    ReturnApproved: (tell_returns, tell_webhooks),
    ReturnRefused: (tell_returns, tell_webhooks),
    ReturnReceived: (tell_returns, tell_webhooks),
    ReturnInspected: (tell_webhooks,),
    Refunded: (tell_returns, tell_webhooks),
}

# Workers read side by side, each handler at its own pace. One that builds on what another finds hears events after it.
AFTER: After = {
    judge_and_source: (check_addresses,),  # an address in doubt is held before stock goes to a node for it
    date_backorders: (rank_waiting,),  # who is served first is told what comes first
    ask_put_backs: (undo_parcels,),  # what was packed lies on the bench again before the floor is told to fetch it
    note_resumed: (date_backorders,),  # the day that its customer hears is the one that stands there
    tell_orders: (date_backorders,),  # a confirmation says when what is missing is expected
    tell_backorders: (tell_disrupted,),  # whom a disruption's message reached is not told of its day as well
    tell_resumed: (tell_disrupted, date_backorders),  # only who was told it waits hears that it goes on, and from when
}
