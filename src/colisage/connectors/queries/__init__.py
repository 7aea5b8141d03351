"""Shops we are connected with, as workers and people ask for them."""

from colisage.connectors.queries.connections import (
    Connected,
    access_of,
    connected,
    connection_of,
    connections_of,
    connections_to_poll,
    connections_to_run,
    errands_page,
    hook_called,
    shop_called,
    shops,
)

__all__ = [
    "Connected",
    "access_of",
    "connected",
    "connection_of",
    "connections_of",
    "connections_to_poll",
    "connections_to_run",
    "errands_page",
    "hook_called",
    "shop_called",
    "shops",
]
