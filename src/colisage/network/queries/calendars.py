"""The days on which nodes do not work."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import holidays

from colisage.network.models import Closure, Node


def day_at(node: Node, *, now: datetime) -> date:
    """Say which day it is where a node is."""
    return now.astimezone(ZoneInfo(node.timezone)).date()


def closures_of(node_id: int, *, since: date, most: int = 60) -> list[Closure]:
    """Give the closed days of a node from a day on, the next first."""
    return list(Closure.objects.filter(node=node_id, day__gte=since).order_by("day")[:most])


def public_holidays(country: str, *, years: tuple[int, ...], region: str = "") -> dict[date, str]:
    """Give the public holidays of a country, of a region too where its code is known; empty for an unknown country."""
    known = holidays.list_supported_countries(include_aliases=False)
    if country not in known:
        return {}
    subdivision = region if region in known[country] else None
    return dict(holidays.country_holidays(country, subdiv=subdivision, years=years))
