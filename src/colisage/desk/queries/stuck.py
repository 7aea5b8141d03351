"""News that a step could not take, in words: which step, what it is about, and where to look at it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from colisage.catalog.queries import skus_across
from colisage.kit.queries import ParkedStream, parked_streams
from colisage.network.queries import channel_facts
from colisage.network.queries.disruptions import about_of, disruptions_by_id
from colisage.orders.queries import order_ids_of_lines, orders_named
from colisage.people.queries import merchants_by_id

# The steps that hear of news, as people call them.
STEPS: Final[Mapping[str, str | Promise]] = {
    "inbound": pgettext_lazy("step", "Receiving"),
    "inventory": pgettext_lazy("step", "Stock"),
    "orders": pgettext_lazy("step", "Orders"),
    "intake": pgettext_lazy("step", "Addresses"),
    "automation": pgettext_lazy("step", "Rules and choice of the node"),
    "sourcing": pgettext_lazy("step", "Choice of the node"),
    "picking": pgettext_lazy("step", "Picking"),
    "packing": pgettext_lazy("step", "Packing"),
    "shipping": pgettext_lazy("step", "Labels"),
    "tracking": pgettext_lazy("step", "Tracking"),
    "returns": pgettext_lazy("step", "Returns"),
    "disruptions": pgettext_lazy("step", "Disruptions"),
    "notices": pgettext_lazy("step", "Messages and webhooks"),
    "connectors": pgettext_lazy("step", "Connected shops"),
}


def step_name(step: str) -> str:
    """Name a step in the active language."""
    return str(STEPS.get(step, step))


@dataclass(frozen=True, slots=True)
class Stuck:
    """A row of *Today*: news that a step could not take. `url` leads to what it is about, when there is a page."""

    handler: str
    stream: str
    step: str
    about: str
    url: str
    since: datetime
    reason: str


def stuck(merchant_ids: Collection[int]) -> list[Stuck]:
    """Give the news that a step could not take, the oldest first; as many statements for many as for few."""
    found = parked_streams(merchant_ids)
    told = _told(merchant_ids, found)
    return [
        Stuck(one.handler, one.stream, step_name(one.step), *told.get(one.stream, _unknown(one)), one.since, one.reason)
        for one in found
    ]


def _unknown(one: ParkedStream) -> tuple[str, str]:
    """Say what news is about whose thing is not there any more, or has no page."""
    topic, number = _parted(one.stream)
    words = {
        "order": _("An order that is not here any more"),
        "sku": _("A SKU that is not here any more"),
        "owner": _("Units that are promised"),
        "channel": _("A channel"),
        "disruption": _("A disruption"),
        "merchant": _("What channels may sell"),
    }
    return words.get(topic, f"{topic} {number}"), ""


def _parted(stream: str) -> tuple[str, int]:
    topic, _colon, number = stream.partition(":")
    return topic, int(number) if number.isdecimal() else 0


def _told(merchant_ids: Collection[int], found: Sequence[ParkedStream]) -> dict[str, tuple[str, str]]:
    """Say what streams are about, with the address of its page."""
    ids: dict[str, set[int]] = defaultdict(set)
    for one in found:
        topic, number = _parted(one.stream)
        ids[topic].add(number)
    lines = {_parted(one.stream)[1] for one in found if one.facts.get("owner_kind") == "order_line"}
    of_line = order_ids_of_lines(merchant_ids, line_ids=lines) if lines else {}
    wanted = ids["order"].union(of_line.values())
    orders = {
        pk: (_("Order %(number)s") % {"number": number}, reverse("order", args=[pk]))
        for pk, _merchant, number in (orders_named(merchant_ids, ids=wanted) if wanted else ())
    }
    skus = skus_across(merchant_ids, ids=ids["sku"]) if ids["sku"] else {}
    told = {f"order:{pk}": words for pk, words in orders.items()}
    told |= {f"owner:{line}": orders[pk] for line, pk in of_line.items() if pk in orders}
    told |= {f"sku:{pk}": (sku.code, reverse("sku", args=[pk])) for pk, sku in skus.items()}
    return told | _places(ids)


def _places(ids: Mapping[str, set[int]]) -> dict[str, tuple[str, str]]:
    """Say the same of what is not an order or a SKU: channels, disruptions, what a merchant may sell."""
    told = {
        f"channel:{pk}": (_("Channel %(name)s") % {"name": channel.name}, "")
        for pk, channel in (channel_facts(ids["channel"]) if ids["channel"] else {}).items()
    }
    told |= {
        f"disruption:{pk}": (about_of(one), reverse("disruption", args=[pk]))
        for pk, one in (disruptions_by_id(ids["disruption"]) if ids["disruption"] else {}).items()
    }
    return told | {
        f"merchant:{pk}": (
            _("What channels may sell: %(merchant)s") % {"merchant": party.name},
            reverse("availability"),
        )
        for pk, party in (merchants_by_id(ids["merchant"]) if ids["merchant"] else {}).items()
    }
