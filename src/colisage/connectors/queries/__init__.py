"""Shops we are connected with, as workers and people ask for them."""

from colisage.connectors.queries.connections import (
    Connected,
    access_of,
    connected,
    connection_of,
    connections_of,
    connections_on,
    connections_to_poll,
    connections_to_run,
    errands_page,
    hook_called,
    is_at_rest,
    shop_called,
    shops,
    unsold_skus,
)
from colisage.connectors.queries.interchanges import (
    body_of,
    fault_said,
    inside_of,
    interchange_of,
    interchanges_page,
    interchanges_refused,
)

__all__ = [
    "Connected",
    "access_of",
    "body_of",
    "connected",
    "connection_of",
    "connections_of",
    "connections_on",
    "connections_to_poll",
    "connections_to_run",
    "errands_page",
    "fault_said",
    "hook_called",
    "inside_of",
    "interchange_of",
    "interchanges_page",
    "interchanges_refused",
    "is_at_rest",
    "shop_called",
    "shops",
    "unsold_skus",
]
