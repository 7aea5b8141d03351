"""Pure facts about roles."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FLOOR: Final = frozenset({"manager", "receiver", "picker", "packer"})  # held at an operator: work is done in its nodes

SCOPES: Final[Mapping[str, str | Promise]] = {  # what a program may do with its key, area by area
    "orders:read": _("read orders"),
    "orders:write": _("send orders, files and interchanges, and settle messages"),
    "orders:change": _("change, cancel, hold and release orders"),
    "customers:read": _("see who the customers are: names, addresses, e-mail"),
    "products:read": _("read products"),
    "products:write": _("make and change products"),
    "stock:read": _("read stock and availability"),
    "stock:hold": _("hold stock for carts"),
    "stock:write": _("correct, move and judge stock, and say what is kept back"),
    "shipments:read": _("read shipments and tracking"),
    "shipments:write": _("void labels, note them as printed, and ask carriers again"),
    "floor:read": _("read what is to be picked and packed"),
    "floor:write": _("release, pick and pack orders, and hand parcels to carriers"),
    "returns:read": _("read returns"),
    "returns:write": _("ask for, approve, refuse, receive, judge and pay back returns"),
    "network:read": _("read nodes with their bins, packagings, channels and how their connections go"),
    "network:write": _("change channels, and have shops asked and told again"),
    "nodes:write": _("make and change nodes, their closed days, zones and bins, and packagings"),
    "rates:read": _("read carriers, and what carriage costs"),
    "rates:write": _("load prices of carriers, and say when they count"),
    "inbound:read": _("read suppliers, what is ordered from them, and deliveries"),
    "inbound:write": _("write suppliers, orders and returns to them, announce deliveries, and say how the dock works"),
    "dock:write": _("receive goods at the dock, inspect them and put them away"),
    "rules:read": _("read the rules, and what is watched"),
    "rules:write": _("write and switch rules, and say what is watched"),
    "disruptions:read": _("read disruptions"),
    "disruptions:write": _("declare, change and end disruptions"),
    "webhooks:read": _("read where webhooks go, and the log of their calls"),
    "webhooks:write": _("make and change webhooks, and send calls again"),
    "epcis:read": _("read EPCIS events"),
    "epcis:write": _("send EPCIS events and tag reads"),
}
