"""Connections with shops: how each is reached and how it goes."""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from colisage.catalog.queries import skus_by_id
from colisage.connectors.models import Connection, Errand
from colisage.connectors.ports import ANYWHERE, FOR_SUPPORT, PROBLEMS, Access, Answering, Shop, ShopRefused
from colisage.kit import sealing
from colisage.orders.queries import orders_across

PURPOSE: Final = "connectors.secrets"
UNSOLD: Final = "unknown_to_shop"
_ANSWERED: Final = re.compile(r"[1-5]\d\d: ")  # the status of an answer, and its beginning


def shops() -> dict[str, Shop]:
    """Give every kind of shop this installation can be connected with, by name."""
    return {name: shop_called(name) for name in settings.COLISAGE_CHANNELS}


def shop_called(name: str) -> Shop:
    """Find a kind of shop; raises `KeyError`."""
    shop: Shop = import_string(settings.COLISAGE_CHANNELS[name])()
    return shop


def asked_shops() -> list[str]:
    """Name the kinds of shops that can be asked and told; the others only send."""
    return [name for name, shop in shops().items() if shop.asked]


def answering_shops() -> list[str]:
    """Name the kinds of shops that are told of holds."""
    return [name for name, shop in shops().items() if isinstance(shop, Answering)]


def hook_called(hook: str) -> tuple[int, int] | None:
    """Find the merchant and the channel whose messages arrive at an address: the wall lets through who knows it."""
    found = _hook(hook)
    return (found.merchant_id, found.channel_id) if found and found.active else None


def is_at_rest(hook: str) -> bool:
    """Say whether an address is that of a shop that is switched off, and will be asked for what it tells meanwhile."""
    found = _hook(hook)
    return found is not None and not found.active and found.connector in asked_shops()


def _hook(hook: str) -> Connection | None:
    with transaction.atomic(), connection.cursor() as db:
        db.execute("SELECT set_config('colisage.hook', %s, true)", [hook])
        return Connection.objects.filter(hook=hook).first()


def connection_of(merchant_ids: Collection[int], *, channel_id: int) -> Connection | None:
    """Find the connection of a channel of these merchants."""
    rows = Connection.objects.filter(merchant_id__in=merchant_ids, channel_id=channel_id)
    return rows.select_related("channel").first()


def connections_on() -> list[int]:
    """Give the connections that are told of stock, of every merchant: a question of the workers."""
    rows = Connection.objects.filter(active=True, channel__active=True, connector__in=asked_shops())
    return list(rows.order_by("pk").values_list("pk", flat=True))


def connections_to_poll() -> list[int]:
    """Give the connections that are to be asked now, of every merchant: a question of the workers."""
    rows = Connection.objects.filter(
        active=True, channel__active=True, next_poll_at__lte=timezone.now(), connector__in=asked_shops()
    )
    return list(rows.order_by("next_poll_at").values_list("pk", flat=True))


def connections_to_run() -> list[int]:
    """Give the connections with errands that are due, of every merchant: a question of the workers."""
    rows = Errand.objects.filter(
        connection__active=True, state__in=["waiting", "unknown"], next_try_at__lte=timezone.now()
    )
    return sorted(rows.values_list("connection_id", flat=True).distinct())


def access_of(found: Connection) -> Access:
    """Open the secrets of a connection; raises `ShopRefused` when the secret key of the installation has changed."""
    try:
        secrets: dict[str, str] = json.loads(sealing.opened(bytes(found.secrets), purpose=PURPOSE))
    except sealing.SealBroken as broken:
        raise ShopRefused("other_secret_key") from broken
    return Access(options=found.options, secrets=secrets)


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something that is wrong with a connection, for people; `where` says when it shows, where not wherever we call."""

    said: str | Promise
    detail: str
    for_support: bool  # the detail is in the words of a machine
    since: datetime
    where: str | Promise = ""


_WHERE: Final[Mapping[str, Promise]] = {
    "asked": _("When it is asked for orders"),
    "told": _("When it is told of parcels and stock"),
    "lost": _("When it is asked which orders it still has"),
}


@dataclass(frozen=True, slots=True)
class Connected:
    """How a connection goes, for people. `tone` is ok, warn or bad."""

    channel_id: int
    label: str | Promise
    active: bool
    tone: str
    problems: Sequence[Wrong]  # the eldest first, each once
    heard_at: datetime | None
    polled_at: datetime | None
    hooks: bool
    asked: bool
    waiting: int  # errands on their way
    refused: int  # errands that the shop refused

    @property
    def last_seen(self) -> datetime | None:
        """When the shop last said anything."""
        return max(filter(None, (self.heard_at, self.polled_at)), default=None)


def connections_of(merchant_ids: Collection[int]) -> dict[int, Connected]:
    """Give how the connections of merchants go, by channel; two statements."""
    rows = list(Connection.objects.filter(merchant_id__in=merchant_ids))
    counts = {
        pk: (waiting, refused)
        for pk, waiting, refused in Errand.objects.filter(
            merchant_id__in=merchant_ids, state__in=["waiting", "unknown", "refused"]
        )
        .values("connection_id")
        .annotate(w=Count("pk", filter=~Q(state="refused")), r=Count("pk", filter=Q(state="refused")))
        .values_list("connection_id", "w", "r")
    }
    return {row.channel_id: connected(row, *counts.get(row.pk, (0, 0))) for row in rows}


def connected(row: Connection, waiting: int = 0, refused: int = 0) -> Connected:
    """Say how a connection goes."""
    known: Mapping[str, Any] = settings.COLISAGE_CHANNELS
    shop = shop_called(row.connector) if row.connector in known else None
    often = sum(one["failures"] for one in row.problems.values())
    tone = "bad" if often > 1 else "warn" if often or refused else "ok"
    return Connected(
        channel_id=row.channel_id,
        label=shop.label if shop else row.connector,
        active=row.active,
        tone=tone if row.active else "",
        problems=_wrong(row.problems),
        heard_at=row.heard_at,
        polled_at=row.polled_at,
        hooks=bool(shop and shop.hooks),
        asked=bool(shop and shop.asked),
        waiting=waiting,
        refused=refused,
    )


def _wrong(problems: Mapping[str, Mapping[str, Any]]) -> list[Wrong]:
    """Say all that is wrong: what is wrong in the same words at several doors once, with the first door."""
    found: dict[tuple[str, str], Wrong] = {}
    for door, one in sorted(problems.items(), key=lambda noted: str(noted[1]["since"])):
        code, detail = one["code"], one["detail"]
        where = "" if code in ANYWHERE else _WHERE.get(door, "")
        told = Wrong(
            PROBLEMS.get(code, code), detail, _for_support(code, detail), datetime.fromisoformat(one["since"]), where
        )
        found.setdefault((code, "" if code in ANYWHERE else detail), told)
    return list(found.values())


def unsold_skus(found: Connection, *, most: int = 5) -> tuple[int, list[str]]:
    """Count the SKUs that a shop does not sell, as far as it was told of them, and name the latest."""
    rows = Errand.objects.filter(connection=found, kind="stock", state="dropped", detail__startswith=UNSOLD)
    latest = [int(key) for key in rows.order_by("-pk").values_list("key", flat=True)[:most]]
    names = skus_by_id(found.merchant_id, ids=latest)
    return rows.count() if latest else 0, [names[pk].code for pk in latest if pk in names]


def _for_support(code: str, detail: str) -> bool:
    """Say whether a detail is in the words of a machine: so with some problems, and in what a server answered."""
    return code in FOR_SUPPORT or bool(_ANSWERED.match(detail))


@dataclass(frozen=True, slots=True)
class ErrandRow:
    """An errand as a list shows it."""

    id: int
    what: str
    state: str
    state_said: str
    order_id: int | None
    problem: str | Promise
    detail: str
    for_support: bool  # the detail is in the words of a machine
    tries: int
    made_at: datetime


def errands_page(found: Connection | None, *, before: int | None = None, size: int = 50) -> list[ErrandRow]:
    """Give one page of what a shop was to be told and was not yet, or refused; the latest first, and one more."""
    if found is None:
        return []
    rows = Errand.objects.filter(connection=found).exclude(state__in=["done", "dropped"])
    if before is not None:
        rows = rows.filter(pk__lt=before)
    chosen = list(rows.order_by("-pk")[: size + 1])
    skus = skus_by_id(found.merchant_id, ids=[int(e.key) for e in chosen if e.kind == "stock"])
    orders = orders_across({e.order_id for e in chosen if e.order_id})
    return [
        _errand(
            e,
            sku=skus[int(e.key)].code if e.kind == "stock" and int(e.key) in skus else "",
            order=orders[e.order_id].number if e.order_id in orders else "",
        )
        for e in chosen
    ]


def _errand(errand: Errand, *, sku: str, order: str) -> ErrandRow:
    code, _colon, detail = errand.detail.partition(": ")
    what = {
        "stock": gettext("Stock of %(sku)s") % {"sku": sku},
        "shipment": gettext("A parcel of order %(number)s left") % {"number": order},
        "request": gettext("The shop asks whether a part of order %(number)s is sent") % {"number": order},
        "hold": gettext("A hold of order %(number)s") % {"number": order},
        "order": gettext("The shop is asked for order %(ref)s") % {"ref": errand.key},
    }[errand.kind]
    return ErrandRow(
        errand.pk, what, errand.state, errand.get_state_display(), errand.order_id, PROBLEMS.get(code, code), detail,
        _for_support(code, detail), errand.tries, errand.made_at,
    )  # fmt: skip
