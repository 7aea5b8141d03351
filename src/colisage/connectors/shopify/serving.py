"""What a fulfilment service of Shopify is asked for: what there is of SKUs, and the numbers of parcels.

Shopify takes what is told as on hand, and takes from it what its own orders wait for. So they are added to what may be
sold: what remains is what `inventory` says, whichever way the shop is told.
"""

import base64
import hashlib
import hmac
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qsl

from colisage.catalog.queries import skus_by_code
from colisage.connectors.ports import Access
from colisage.inventory.queries.channels import published_of, published_page
from colisage.kit.statements import ask
from colisage.network.queries import ChannelFacts

AT_ONCE: Final = 1_000
_PARCEL: Final = re.compile(r"(.+?)(?:\.|-F)(\d{1,4})")  # the second parcel of #1001 is #1001.2, or #1001-F2


def is_signed(query: str, headers: Mapping[str, str], *, access: Access) -> bool:
    """Say whether a question was signed with the app's secret, in either of the two ways Shopify signs such.

    In the address, as `hmac` over the other parameters in their order; or in the header, over the query as it stands.
    """
    secret = access.secrets.get("webhook_secret", "").encode()
    asked = parse_qsl(query, keep_blank_values=True)
    rest = sorted((name, value) for name, value in asked if name not in {"hmac", "signature"})
    given = next((value for name, value in asked if name == "hmac"), "")
    by_address = _digest(secret, "&".join(f"{name}={value}" for name, value in _joined(rest))).hex()
    by_header = base64.b64encode(_digest(secret, query)).decode()
    header = headers.get("x-shopify-hmac-sha256", "")
    right = (by_address, given) if given else (by_header, header)
    return bool(secret) and hmac.compare_digest(*(one.encode() for one in right))


def _digest(secret: bytes, text: str) -> bytes:
    return hmac.new(secret, text.encode(), hashlib.sha256).digest()


def _joined(asked: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Write parameters that come several times as Shopify does before it signs: name=["a", "b"]."""
    several: dict[str, list[str]] = defaultdict(list)
    for name, value in asked:
        several[name].append(value)
    return [
        (name.removesuffix("[]"), "[" + ", ".join(f'"{value}"' for value in values) + "]")
        if name.endswith("[]")
        else (name, values[0])
        for name, values in several.items()
    ]


def stock_told(channel: ChannelFacts, *, skus: Sequence[str]) -> dict[str, int]:
    """Give what there is of SKUs, or of all when none is named; unknown ones, and what is not counted, are absent."""
    waiting = dict(ask("connectors", "service_committed", {"merchant": channel.merchant_id, "channel": channel.id}))
    if skus:
        found = skus_by_code(channel.merchant_id, codes=skus)
        named = {found[code.upper()].id: code for code in skus if code.upper() in found}
        return _counted(channel, named, waiting)
    told: dict[str, int] = {}
    start = ("", 0)
    while rows := published_page(channel.merchant_id, after=start, size=AT_ONCE):
        page = rows[:AT_ONCE]
        told |= _counted(channel, {sku.id: sku.code for sku in page}, waiting)
        if len(rows) <= AT_ONCE:
            break
        start = (page[-1].key, page[-1].id)
    return told


def _counted(channel: ChannelFacts, codes: Mapping[int, str], waiting: Mapping[int, int]) -> dict[str, int]:
    published = published_of(channel, sku_ids=list(codes))
    return {codes[pk]: max(one.units, 0) + waiting.get(pk, 0) for pk, one in published.items() if one.units is not None}


def tracking_numbers(channel: ChannelFacts, *, names: Sequence[str]) -> dict[str, Any]:
    """Give the number under which each of these parcels left; an order's own name is its first parcel.

    What is not known, or has not left, is absent.
    """
    wanted = {name: _parcel(name) for name in names}
    keys = {name.upper() for name in names} | {order.upper() for order, _nth in wanted.values()}
    asked = {"merchant": channel.merchant_id, "channel": channel.id, "names": sorted(keys)}
    left: dict[str, list[str]] = defaultdict(list)
    for name, number in ask("connectors", "service_tracking", asked):
        left[name].append(number)
    told: dict[str, str] = {}
    for name, (order, nth) in wanted.items():
        parcels = left.get(name.upper(), [])[:1] or left.get(order.upper(), [])[nth - 1 :]
        if nth and parcels:
            told[name] = parcels[0]
    return {"tracking_numbers": told, "message": "", "success": True}


def _parcel(name: str) -> tuple[str, int]:
    found = _PARCEL.fullmatch(name)
    return (found[1], int(found[2])) if found else (name, 1)
