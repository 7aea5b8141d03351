"""Calling a shop that exports its orders as a custom store."""

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from xml.etree.ElementTree import Element, tostring

import httpx

from colisage.connectors.calls import call, said
from colisage.connectors.ports import Access, ShopRefused
from colisage.connectors.xml_trees import NotXml, tree

MOST_PAGES: Final = 30_000
_ORDER: Final = re.compile(rb"<Order(?:\s[^>]*)?>.*?</Order\s*>", re.DOTALL)
_HEAD: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>)?\s*<Orders(?P<facts>[^>]*)>")
_PAGES: Final = re.compile(rb"""pages\s*=\s*["'](\d{1,5})["']""")
_ENCODING: Final = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")


@dataclass(frozen=True, slots=True)
class Exported:
    """A page of orders, each an XML element of its own in the encoding named, and how many pages there are."""

    orders: list[bytes]
    pages: int
    encoding: str = "utf-8"


class StoreClient:
    """One shop; each method is one call."""

    def __init__(self, access: Access) -> None:
        self.access = access

    def export(self, *, start: datetime, end: datetime, page: int) -> Exported:
        """Give one page of the orders that changed between two times, to the minute."""
        answer = self._call(
            "GET", {"action": "export", "start_date": written(start), "end_date": written(end), "page": str(page)}
        )
        return exported(answer.content, beginning=said(answer))

    def notify(self, facts: Mapping[str, str], *, notice: bytes) -> None:
        """Tell of a parcel; the same order and number told twice is the same parcel."""
        headers = {"content-type": "text/xml; charset=utf-8"}
        self._call("POST", {"action": "shipnotify", **facts}, content=notice, headers=headers)

    def _call(
        self,
        method: str,
        query: Mapping[str, str],
        *,
        content: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        try:
            url = httpx.URL(self.access.option("url")).copy_merge_params(query)  # it may have a query of its own
        except httpx.InvalidURL as error:
            raise ShopRefused("not_reached", str(error)) from error
        auth = (self.access.option("username"), self.access.secrets.get("password", ""))
        return call(self.access, method, str(url), auth=auth, content=content, headers=headers)


def written(moment: datetime) -> str:
    """Write a moment in UTC as the protocol does."""
    return moment.strftime("%m/%d/%Y %H:%M")


def exported(body: bytes, *, beginning: str = "") -> Exported:
    """Take a page apart. One order that is not XML spoils only itself. Raises `ShopRefused`."""
    try:
        root = tree(body)
    except NotXml as fault:
        if not fault.broken:
            raise ShopRefused("not_a_shop", f"{fault} {beginning}") from fault
        return _torn_apart(body, beginning=beginning)
    if root.tag != "Orders":
        raise ShopRefused("not_a_shop", f"<{root.tag}>")
    pages = root.get("pages", "1").strip()
    return Exported([_alone(one) for one in root.iterfind("Order")], _pages(pages))


def _alone(order: Element) -> bytes:
    order.tail = None
    return bytes(tostring(order, encoding="utf-8", xml_declaration=False))


def _torn_apart(body: bytes, *, beginning: str) -> Exported:
    """Cut a page that does not parse into its orders, as they came; refuse it unless it is there to its end."""
    head = _HEAD.match(body)
    if head is None:
        raise ShopRefused("not_a_shop", beginning)
    found = _ORDER.findall(body)
    rest = _ORDER.sub(b"", body[head.end() :]).strip()
    if not re.fullmatch(rb"</Orders\s*>", rest):
        raise ShopRefused("strange_answer", beginning)
    pages, encoding = _PAGES.search(head["facts"]), _ENCODING.search(body[: head.end()])
    called = encoding[1].decode() if encoding else "utf-8"
    try:
        codecs.lookup(called)
    except LookupError as error:
        raise ShopRefused("strange_answer", called) from error
    return Exported(found, _pages(pages[1].decode() if pages else "1"), called)


def _pages(given: str) -> int:
    if not given.isdecimal() or int(given[:6]) > MOST_PAGES:
        raise ShopRefused("strange_answer", f"pages={given}")
    return max(int(given), 1)
