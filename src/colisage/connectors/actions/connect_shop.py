"""Connecting a sales channel with the shop it stands for."""

import json
import secrets as random
from collections.abc import Mapping
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from colisage.connectors.models import Connection, Errand
from colisage.connectors.ports import Shop, ShopRefused
from colisage.connectors.queries.connections import PURPOSE, access_of, shop_called, shops
from colisage.kit import sealing
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere
from colisage.network.queries import channel_facts

OTHER: Final = "other_address"


class NotAnAddress(Malformed):
    """An address of a shop that no shop can have."""

    code = "not_an_address"
    text = _("The address of the shop begins with https:// or http://.")


class SomethingMissing(Malformed):
    """A field that the connector needs is empty."""

    code = "something_missing"
    text = _("%(field)s is missing.")


def _kept(known: Connection) -> Mapping[str, str]:
    """Give the secrets as they were; none when the secret key of the installation has changed: they are typed again."""
    try:
        return access_of(known).secrets
    except ShopRefused:
        return {}


def _at(shop: Shop, options: Mapping[str, str]) -> list[str]:
    """Give what says which shop it is: where it is, and who sells there; that it is reached by TLS is no difference."""
    found = (options.get(field.name, "") for field in shop.fields if field.kind == "url" or field.name == "seller")
    return [value.rpartition("//")[2].removeprefix("www.").rstrip("/").casefold() for value in found]


def _begin_anew(made: Connection) -> None:
    """Let a connection know nothing of its shop; what the one before was to be told, a person decides about."""
    Connection.objects.filter(pk=made.pk).update(cursor={}, looked_after=0, heard_at=None, polled_at=None, said="")
    untold = Errand.objects.filter(connection=made, state__in=["waiting", "unknown"]).exclude(kind="stock")
    untold.update(state="refused", detail=OTHER)


@transaction.atomic
def connect_shop(
    merchant_id: int, *, channel_id: int, connector: str, given: Mapping[str, str], active: bool, actor: Actor
) -> int:
    """Write how a channel is reached; give the connection's id. A secret left empty stays what it was.

    A shop that is new, elsewhere or switched on again is told of all its stock. What a shop at another address was to
    be told waits for a person: it may not be the same shop, and have other orders under the same numbers. Nothing is
    asked of the shop here: `check_connection` does. Raises `NotThere`, `NotAnAddress`, `SomethingMissing`.
    """
    channel = channel_facts([channel_id]).get(channel_id)
    if channel is None or channel.merchant_id != merchant_id or connector not in shops():
        raise NotThere
    shop = shop_called(connector)
    known = Connection.objects.select_for_update(no_key=True).filter(channel_id=channel_id).first()
    same = known is not None and known.connector == connector
    kept = _kept(known) if known and same else {}
    options, secrets = {}, {}
    for field in shop.fields:
        value = given.get(field.name, "").strip()[:500]
        if field.kind == "secret":
            secrets[field.name] = value or kept.get(field.name, "")
        else:
            options[field.name] = value
        if field.required and not (value or secrets.get(field.name)):
            raise SomethingMissing(field=field.label)
        if field.kind == "url" and value and not value.startswith(("https://", "http://")):
            raise NotAnAddress
    sealed = sealing.sealed(json.dumps(secrets).encode(), purpose=PURPOSE)
    facts = {
        "merchant_id": merchant_id, "connector": connector, "options": options, "secrets": sealed, "active": active,
        "problems": {}, "next_poll_at": timezone.now(),
    }  # fmt: skip
    moved = known is not None and not (same and _at(shop, known.options) == _at(shop, options))
    if known is None:
        made = Connection.objects.create(channel_id=channel_id, hook=random.token_urlsafe(32), **facts)
    else:
        Connection.objects.filter(pk=known.pk).update(**facts)
        made = known
    if moved:
        _begin_anew(made)
    if active and (known is None or moved or not known.active):
        app.configure_task("connectors.tell_stock", queue="channels").defer(connection_id=made.pk)
    changed = sorted(name for name in secrets if given.get(name))
    told = {"connector": connector, "options": options, "secrets": changed, "active": active}
    record_deeds([Deed("channel", channel_id, "shop_connected", told, merchant_id=merchant_id)], actor=actor)
    return made.pk
