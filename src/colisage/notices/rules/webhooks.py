"""Pure decisions about webhooks: what is told, where it may go, when a call is made again."""

import base64
import binascii
import dataclasses
import ipaddress
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from colisage.kit.events import Event

VERSION: Final = 1  # of the payloads: members are added, never changed or taken away, within a version
TEST: Final = "webhook.test"
TYPES: Final[Mapping[str, str | Promise]] = {
    "order.accepted": _("an order is accepted"),
    "order.changed": _("an order is changed"),
    "order.held": _("an order is put on hold"),
    "order.freed": _("the last hold of an order is released"),
    "order.cancelled": _("an order is cancelled"),
    "order.expected": _("what is owed of an order is expected on another day"),
    "order.disrupted": _("a disruption touches an order"),
    "order.resumed": _("an order goes on that a disruption touched"),
    "fulfillment_order.stage_reached": _("a fulfilment order reaches a stage"),
    "shipment.labelled": _("a shipment has its labels"),
    "shipment.failed": _("a shipment finds no carrier"),
    "shipment.voided": _("the labels of a shipment are void"),
    "shipment.handed_over": _("a shipment is handed over"),
    "parcel.moved": _("a parcel moves"),
    "return.requested": _("a return is asked for"),
    "return.approved": _("a return is approved"),
    "return.refused": _("a return is refused"),
    "return.received": _("a return arrives"),
    "return.inspected": _("a return is inspected"),
    "return.refunded": _("a refund is decided"),
    "rule.called": _("a rule asks for it"),
    "availability.changed": _("what may be sold changes"),
}
KINDS: Final[Mapping[str, str]] = {  # the event -> the type of message
    "OrderAccepted": "order.accepted",
    "OrderChanged": "order.changed",
    "OrderHeld": "order.held",
    "OrderFreed": "order.freed",
    "OrderCancelled": "order.cancelled",
    "OrderExpected": "order.expected",
    "OrderDisrupted": "order.disrupted",
    "OrderResumed": "order.resumed",
    "StageReached": "fulfillment_order.stage_reached",
    "LabelsBought": "shipment.labelled",
    "ShipmentFailed": "shipment.failed",
    "ShipmentVoided": "shipment.voided",
    "ShipmentHandedOver": "shipment.handed_over",
    "ParcelMoved": "parcel.moved",
    "ReturnRequested": "return.requested",
    "ReturnApproved": "return.approved",
    "ReturnRefused": "return.refused",
    "ReturnReceived": "return.received",
    "ReturnInspected": "return.inspected",
    "Refunded": "return.refunded",
    "RuleCalled": "rule.called",
    "PublishedChanged": "availability.changed",
}
MOST_ENDPOINTS: Final = 20  # of a merchant
KEPT_DAYS: Final = 30
MOST_TRIES: Final = 20  # told of a call
BOTH_SECRETS: Final = timedelta(days=1)  # the former one signs too, while the receiver changes over
SILENT: Final = timedelta(minutes=2)  # a worker that has not said what came of a call by then has died
BROKEN_AFTER: Final = timedelta(days=3)  # of failures alone
FEWEST_FAILURES: Final = 10
_MOST_WAIT: Final = timedelta(days=1)
_WAITS: Final = (  # before each further attempt: three days and some hours in all
    timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=5),
    timedelta(hours=10), timedelta(hours=14), timedelta(hours=20), timedelta(hours=24),
)  # fmt: skip
GONE: Final = 410


def data_of(event: Event) -> dict[str, Any]:
    """Give what a message says of an event: its ids and plain values, whose it is left out."""
    return {
        field.name: getattr(event, field.name)
        for field in dataclasses.fields(event)
        if field.name not in {"merchant_id", "quiet"}
    }


def wait(attempts: int, *, retry_after: int | None = None) -> timedelta | None:
    """Say how long to wait after so many attempts, not less than the receiver asks for; None when it is given up."""
    if attempts > len(_WAITS):
        return None
    return max(_WAITS[attempts - 1], min(timedelta(seconds=retry_after or 0), _MOST_WAIT))


def pause(failures: int) -> timedelta | None:
    """Say how long nothing is sent to an endpoint after so many failed rounds in a row; None for no pause."""
    return None if failures < 3 else timedelta(seconds=min(2 ** min(failures, 20), 1_800))


def is_broken(*, failures: int, failing_since: datetime, now: datetime) -> bool:
    """Say whether an endpoint is switched off: it has only failed for days."""
    return failures >= FEWEST_FAILURES and now - failing_since >= BROKEN_AFTER


def is_well(status: int | None) -> bool:
    """Say whether a receiver has a message: only then."""
    return status is not None and 200 <= status < 300


def url_fault(url: str, *, inside: bool) -> str | Promise:
    """Say why messages may not go to an address; empty when they may. `inside` allows this machine's own network."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return _("This is not an address.")
    if parts.scheme not in ({"https", "http"} if inside else {"https"}):
        return _("The address begins with https://.")
    if not host or any(c.isspace() or not c.isprintable() for c in url):
        return _("This is not an address.")
    if parts.username is not None or parts.password is not None or parts.fragment:
        return _("Leave name, password and # out of the address.")
    return _host_fault(host, inside=inside)


def _host_fault(host: str, *, inside: bool) -> str | Promise:
    if not inside and (host == "localhost" or host.endswith((".localhost", ".local", ".internal")) or _private(host)):
        return _("This address lies in a private network.")
    if _barred(host):
        return _("This address is never called: there a machine tells its own keys.")
    return ""


def _private(host: str) -> bool:
    try:
        return not is_public(host)
    except ValueError:  # a name: it is looked up when a message is sent
        return False


def _barred(host: str) -> bool:
    try:
        return is_barred(host)
    except ValueError:
        return False


def is_public(address: str) -> bool:
    """Say whether an IP address is out on the internet; one that wraps an IPv4 address is judged by that."""
    ip = _unwrapped(address)
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def is_barred(address: str) -> bool:
    """Say whether an IP address is never called, not even inside: link-local ones and those of metadata of clouds.

    There a machine hears its own keys; no receiver and no shop stands there.
    """
    ip = _unwrapped(address)
    return ip.is_link_local or ip in _METADATA


def _unwrapped(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        wrapped = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if wrapped is None and ip in _NAT64:
            wrapped = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        return wrapped or ip
    return ip


_METADATA: Final = frozenset(map(ipaddress.ip_address, ("fd00:ec2::254", "fd20:ce::254", "100.100.100.200")))
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")


def secret_bytes(secret: str) -> bytes:
    """Give the bytes that sign, from a secret as it is shown: `whsec_` and base 64."""
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error as error:
        raise ValueError(secret) from error
