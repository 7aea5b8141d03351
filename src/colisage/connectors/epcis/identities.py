"""How goods, places and parcels are named to the outside, and what a name from outside stands for.

Goods with a GTIN are named in GS1's words: a serial by SGTIN, a lot by LGTIN, others by their GTIN. Where the length of
the company prefix is not known, a Digital Link says the same without it. Numbers of the house (barcodes that begin with
2, no barcode at all) are no GTINs to anybody else: such goods, and places and parcels, are named by addresses of this
installation.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, unquote

from colisage.kit.gs1 import Unreadable, read
from colisage.kit.gs1.digits import gtin14, is_gtin, is_sscc
from colisage.kit.gs1.epc import Epc, gtin_class, lgtin, prefix_length, read_epc, sgtin, sscc_epc
from colisage.kit.gs1.links import link

_OF_THE_HOUSE: Final = re.compile(r"\d(?:02|04|2\d)\d{11}")  # restricted circulation, as GTIN-14
_GS1_TEXT: Final = re.compile(r"[!%-?A-Z_a-z\"]{1,20}", re.ASCII)  # a lot or serial that GS1 can carry
_SKU: Final = re.compile(r"sku/([^/]+)(?:/(lot|serial)/([^/]+))?")
_PARCEL: Final = re.compile(r"parcel/CL-(\d{1,18})-(\d{1,4})")
_PLATE: Final = re.compile(r"plate/([^/]+)")
_SGLN: Final = re.compile(r"urn:epc:id:sgln:(?P<prefix>\d{6,12})\.(?P<reference>\d{0,6})\.(?P<part>.{1,60})")
_PLACE_LINK: Final = re.compile(r"https://id\.gs1\.org/414/(?P<gln>\d{13})(?:/254/(?P<part>[^/?]{1,60}))?")
_NO_PART: Final = "0"  # a node as a whole, as an SGLN says it
_IN_A_URN: Final = "!'()*+,-.:;=_"
_NODE: Final = re.compile(r"node/(\d{1,18})(?:/place/([^/]+))?")


@dataclass(frozen=True, slots=True)
class Named:
    """What a URI names. `whole` says that it is a class (any serial, any lot) and no single thing."""

    kind: str  # gtin, sku, sscc, parcel, plate, or nothing of these
    gtin: str = ""
    sku: str = ""
    lot: str = ""
    serial: str = ""
    code: str = ""  # of a plate or SSCC
    number: tuple[int, int] = (0, 0)  # of a parcel: fulfilment order and number
    company_prefix: str = ""

    @property
    def whole(self) -> bool:
        """Say whether this names a class and no single thing."""
        return self.kind in {"gtin", "sku"} and not self.serial


@dataclass(frozen=True, slots=True)
class Namer:
    """Writes and reads the names of one merchant's things; `base` is the address of the installation."""

    base: str
    merchant: str
    prefixes: frozenset[str] = field(default=frozenset())
    glns: Mapping[int, str] = field(default_factory=dict)  # of nodes

    def own(self, *parts: str) -> str:
        """Give an address of this installation for a thing of the merchant."""
        return "/".join([self.base.rstrip("/"), "id", self.merchant, *(quote(part, safe="-._~") for part in parts)])

    def goods(self, sku: str, *, gtin: str = "", lot: str = "", serial: bool = False) -> str:
        """Name goods: a piece when `lot` is a serial, else all of a lot or of a SKU."""
        if (
            not gtin
            or not is_gtin(gtin)
            or _OF_THE_HOUSE.fullmatch(gtin14(gtin))
            or (lot and not _GS1_TEXT.fullmatch(lot))
        ):
            return self.own("sku", sku, *((("serial" if serial else "lot"), lot) if lot else ()))
        length = prefix_length(gtin14(gtin), known=self.prefixes)
        if length is None:
            return link(gtin, lot="" if serial else lot, serial=lot if serial else "")
        if not lot:
            return gtin_class(gtin, prefix_length=length).uri
        return (
            sgtin(gtin, serial=lot, prefix_length=length) if serial else lgtin(gtin, lot=lot, prefix_length=length)
        ).uri

    def unit(self, code: str) -> str:
        """Name a logistic unit (a licence plate): an SSCC in GS1's words, another plate by an own address."""
        if not is_sscc(code):
            return self.own("plate", code)
        length = prefix_length(code, known=self.prefixes)
        return sscc_epc(code, prefix_length=length).uri if length else f"https://id.gs1.org/00/{code}"

    def parcel(self, fulfillment_order_id: int, number: int) -> str:
        """Name a parcel by the code that is printed on it."""
        return self.own("parcel", f"CL-{fulfillment_order_id}-{number}")

    def node(self, node_id: int, place: str = "") -> str:
        """Name a node, or a place in it: by its GLN, if it has one and GS1 can carry the code of the place."""
        gln = self.glns.get(node_id, "")
        if gln and place != _NO_PART and (not place or _GS1_TEXT.fullmatch(place)):
            length = prefix_length(f"0{gln}", known=self.prefixes)
            part = quote(place or _NO_PART, safe=_IN_A_URN)
            if length:
                return f"urn:epc:id:sgln:{gln[:length]}.{gln[length:12]}.{part}"
            return f"https://id.gs1.org/414/{gln}" + (f"/254/{quote(place, safe='')}" if place else "")
        return self.own("node", str(node_id), *(("place", place) if place else ()))

    def document(self, kind: str, number: str) -> str:
        """Name a document, such as an order."""
        return self.own(kind, number)

    def read(self, uri: str) -> Named:
        """Say what a name stands for, in whatever form it came."""
        mine = self.own("")
        if "%00" in uri:  # no name of anything holds the character NUL
            return Named("")
        if uri.startswith(mine):
            return _own(uri.removeprefix(mine))
        if uri[:8].lower() == "urn:epc:":
            return _urn(uri)
        return _link(uri) if uri[:4].lower() == "http" else Named("")

    def today(self, uri: str) -> str:
        """Give the name that a place of ours has in events now, whichever was asked for; others stay as they are."""
        place = self.place(uri)
        return self.node(*place) if place else uri

    def place(self, uri: str) -> tuple[int, str] | None:
        """Give the node and place that an own address or a GLN of ours names; None for any other."""
        mine = self.own("")
        if "%00" in uri:
            return None
        if part := _SGLN.fullmatch(uri) or _PLACE_LINK.fullmatch(uri):
            payload = (part["prefix"] + part["reference"])[:12] if part.re is _SGLN else part["gln"][:12]
            node = next((pk for pk, gln in self.glns.items() if gln[:12] == payload), None)
            place = unquote(part["part"] or "")
            return None if node is None else (node, "" if place == _NO_PART else place)
        found = _NODE.fullmatch(uri.removeprefix(mine)) if uri.startswith(mine) else None
        return (int(found[1]), unquote(found[2] or "")) if found else None


def _own(rest: str) -> Named:
    if found := _SKU.fullmatch(rest):
        told = unquote(found[3] or "")
        serial = told if found[2] == "serial" else ""
        return Named("sku", sku=unquote(found[1]), lot="" if serial else told, serial=serial)
    if found := _PARCEL.fullmatch(rest):
        return Named("parcel", number=(int(found[1]), int(found[2])))
    if found := _PLATE.fullmatch(rest):
        return Named("plate", code=unquote(found[1]))
    return Named("")


def _link(uri: str) -> Named:
    try:
        found = read(uri)
    except Unreadable:
        return Named("")
    if found.sscc:
        return Named("sscc", code=found.sscc)
    return Named("gtin", gtin=found.gtin, lot=found.lot, serial=found.serial) if found.gtin else Named("")


def _urn(uri: str) -> Named:
    try:
        found: Epc = read_epc(uri)
    except Unreadable:
        return Named("")
    if found.scheme == "sscc":
        return Named("sscc", code=found.sscc, company_prefix=found.company_prefix)
    return Named("gtin", gtin=found.gtin, lot=found.lot, serial=found.serial, company_prefix=found.company_prefix)
