"""Whose message it is, where the shop says so beside it: a secret may be known to more shops than one.

A copy of a shop on a test server keeps the webhooks and the secret of the first, and one app of a platform signs for
all shops it is installed in. What such a shop says is kept, and waits for a person: it is about orders of its own,
under the same numbers.
"""

from ipaddress import ip_address
from urllib.parse import urlsplit

from colisage.connectors.ports import Access
from colisage.intake.ports import Unreadable

_FROM = " from "


def said_by(topic: str, origin: str, access: Access) -> str:
    """Give the topic of a message, with who sent it when that is another shop than the one that is connected.

    `origin` is what the message says of its shop, an address or a host. A shop that is connected by a number of the
    network, or by a name without dots, is not compared.
    """
    ours, theirs = _host(access.option("url")), _host(origin)
    if not ours or not theirs or ours == theirs or "." not in ours or _is_number(ours):
        return topic[:60]
    return f"{topic[:30]}{_FROM}{theirs}"[:78]


def of_this_shop(topic: str) -> str:
    """Give a topic back; raises `Unreadable` when the message was another shop's."""
    said, _from, theirs = topic.partition(_FROM)
    if theirs:
        raise Unreadable("other_shop", theirs)
    return said


def _host(address: str) -> str:
    """Give the host of an address, without `www.`; nothing where there is none."""
    address = address.strip().lower()
    try:
        found = urlsplit(address if "//" in address else f"//{address}").hostname or ""
    except ValueError:
        return ""
    return found.removeprefix("www.").rstrip(".")


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
