"""Writing the calls that endpoints are to get, in the transaction in which the news was heard."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

import msgspec
from django.utils import timezone
from procrastinate.contrib.django import app

from colisage.catalog.queries import skus_across
from colisage.kit.events import Event
from colisage.network.queries import nodes_by_id
from colisage.notices.models import WebhookCall, WebhookEndpoint
from colisage.notices.rules.webhooks import KINDS, VERSION, data_of
from colisage.orders.queries import Order, orders_across


def tell_webhooks(events: Sequence[Event]) -> None:
    """Write a call for each endpoint that wants to hear of an event; history stays quiet.

    A message says ids, codes and numbers, nothing of a customer. What an endpoint that was switched off for not
    answering would have heard is kept for it.
    """
    kinds = {KINDS[type(event).__name__] for event in events}
    endpoints = WebhookEndpoint.objects.filter(
        merchant_id__in={event.merchant_id for event in events}, events__overlap=sorted(kinds)
    )
    listening = list(endpoints.exclude(state__in=["off", "gone"]).order_by("pk"))
    if not listening:
        return
    merchants = {endpoint.merchant_id for endpoint in listening}
    calls = _calls([event for event in events if event.merchant_id in merchants], listening)
    if calls:
        WebhookCall.objects.bulk_create(calls)
        app.configure_task("notices.call", queue="notices").defer()


def _calls(events: Sequence[Event], endpoints: Collection[WebhookEndpoint]) -> list[WebhookCall]:
    orders = orders_across(_named(events, "order_id"))
    nodes = {pk: node.code for pk, node in nodes_by_id(_named(events, "node_id")).items()}
    skus = _codes(events)
    now = timezone.now()
    calls = []
    for event in events:
        order = orders.get(getattr(event, "order_id", 0))
        if order is not None and order.quiet:
            continue
        kind = KINDS[type(event).__name__]
        said = _said(event, order=order, nodes=nodes, skus=skus)
        calls += [
            call_of(endpoint, kind=kind, said=said, at=now)
            for endpoint in endpoints
            if endpoint.merchant_id == event.merchant_id and kind in endpoint.events
        ]
    return calls


def call_of(endpoint: WebhookEndpoint, *, kind: str, said: dict[str, Any], at: datetime) -> WebhookCall:
    """Make the call that tells an endpoint something."""
    message = {"type": kind, "version": VERSION, "timestamp": at, "data": said}
    return WebhookCall(
        merchant_id=endpoint.merchant_id,
        endpoint=endpoint,
        message_id=f"msg_{uuid4().hex}",
        type=kind,
        body=msgspec.json.encode(message).decode(),
        state="waiting" if endpoint.state == "on" else "kept",
        next_try_at=at,
    )


def _said(event: Event, *, order: Order | None, nodes: dict[int, str], skus: dict[int, str]) -> dict[str, Any]:
    said = data_of(event)
    if order is not None:
        said["order"] = {"number": order.number, "reference": order.external_ref}
        if "total_cents" in said:
            said["currency"] = order.currency
    if "node_id" in said:
        said["node"] = nodes.get(said["node_id"], "")
    if "sku_ids" in said:
        said["skus"] = [skus[pk] for pk in said.pop("sku_ids") if pk in skus]
    return said


def _codes(events: Sequence[Event]) -> dict[int, str]:
    ids = {pk for event in events for pk in getattr(event, "sku_ids", ())}
    return {pk: sku.code for pk, sku in skus_across({e.merchant_id for e in events}, ids=ids).items()} if ids else {}


def _named(events: Sequence[Event], name: str) -> set[int]:
    return {getattr(event, name) for event in events if hasattr(event, name)}
