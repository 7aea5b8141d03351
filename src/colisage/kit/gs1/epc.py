"""Numbers on RFID tags: SGTIN-96, SGTIN-198 and SSCC-96, both ways (EPC Tag Data Standard 1.13, 6 and 12 to 14).

A tag splits a number where its company prefix ends, which the number itself does not say: who writes a tag must know
how long the prefix is, and whoever reads one learns it.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import quote, unquote

from colisage.kit.gs1.digits import check_digit, gtin14, is_gtin, is_number, is_sscc
from colisage.kit.gs1.refusals import BadTag

Scheme = Literal["sgtin", "sscc"]

POINT_OF_SALE, CASE = 1, 2  # filter values of goods; 0 is anything
_PREFIX_BITS: Final = (40, 37, 34, 30, 27, 24, 20)  # by partition; a prefix of 12 digits, 11, …, 6
_DIGITS: Final = {"sgtin": 13, "sscc": 17}  # of the prefix and the reference together
_FIELD_BITS: Final = {"sgtin": 44, "sscc": 58}
_HEADERS: Final = {0x30: ("sgtin", 96), 0x36: ("sgtin", 198), 0x31: ("sscc", 96)}
_WRITTEN_BITS: Final = {24: 96, 50: 200, 52: 208}  # hex digits to bits; a tag's memory is made of words of 16
MOST_NUMERIC_SERIAL: Final = 2**38 - 1
_SERIAL: Final = re.compile(r"[!%-?A-Z_a-z\"]{1,20}", re.ASCII)
_KEPT: Final = "!'()*+,-.:;=_"  # what an EPC URI does not escape, beside letters and digits
_URI: Final = re.compile(
    r"urn:epc:(?:(?P<kind>id|idpat|class):(?P<pure>sgtin|lgtin|sscc)|tag:(?P<tag>sgtin-96|sgtin-198|sscc-96):(?P<filter>[0-7])\.?)"
    r":?(?P<prefix>\d{6,12})\.(?P<reference>\d{1,11})(?:\.(?P<serial>.{1,60}))?",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Epc:
    """One tag's number: goods (`sgtin`: indicator and item as reference, and a serial) or a logistic unit (`sscc`)."""

    scheme: Scheme
    company_prefix: str
    reference: str
    serial: str = ""
    filter: int = 0
    lot: str = ""  # a class of goods (LGTIN) instead of one piece

    @property
    def gtin(self) -> str:
        """Give the GTIN with 14 digits; nothing for a logistic unit."""
        if self.scheme != "sgtin":
            return ""
        payload = self.reference[0] + self.company_prefix + self.reference[1:]
        return payload + check_digit(payload)

    @property
    def sscc(self) -> str:
        """Give the SSCC; nothing for goods."""
        if self.scheme != "sscc":
            return ""
        payload = self.reference[0] + self.company_prefix + self.reference[1:]
        return payload + check_digit(payload)

    @property
    def uri(self) -> str:
        """Give the pure identity URI, as EPCIS writes it."""
        start = f"{self.company_prefix}.{self.reference}"
        if self.lot:
            return f"urn:epc:class:lgtin:{start}.{quote(self.lot, safe=_KEPT)}"
        if self.scheme == "sscc":
            return f"urn:epc:id:sscc:{start}"
        if not self.serial:
            return f"urn:epc:idpat:sgtin:{start}.*"
        return f"urn:epc:id:sgtin:{start}.{quote(self.serial, safe=_KEPT)}"

    def tag_uri(self, *, bits: int | None = None) -> str:
        """Give the tag URI: the identity with the filter and the length of the tag."""
        size = bits or self.bits
        tail = f".{quote(self.serial, safe=_KEPT)}" if self.scheme == "sgtin" else ""
        return f"urn:epc:tag:{self.scheme}-{size}:{self.filter}.{self.company_prefix}.{self.reference}{tail}"

    @property
    def bits(self) -> int:
        """Give the shortest tag that holds it: 96 bits, or 198 for a serial with letters or zeros in front."""
        if self.scheme == "sscc":
            return 96
        plain = is_number(self.serial) and str(int(self.serial)) == self.serial
        return 96 if plain and int(self.serial) <= MOST_NUMERIC_SERIAL else 198

    def hex(self, *, bits: int | None = None) -> str:
        """Give the bits to write on a tag, in capitals; 198 bits are filled up to whole words (208)."""
        size = bits or self.bits
        if self.lot or (self.scheme == "sgtin" and not self.serial) or size not in {96, 198} or size < self.bits:
            raise BadTag(epc=self.uri[:80])
        partition = 12 - len(self.company_prefix)
        head = 0x31 if self.scheme == "sscc" else 0x30 if size == 96 else 0x36
        tag = (head << 3 | self.filter) << 3 | partition
        tag = tag << _PREFIX_BITS[partition] | int(self.company_prefix)
        tag = tag << (_FIELD_BITS[self.scheme] - _PREFIX_BITS[partition]) | int(self.reference)
        if self.scheme == "sscc":
            return f"{tag << 24:024X}"
        if size == 96:
            return f"{tag << 38 | int(self.serial):024X}"
        for letter in self.serial.ljust(20, "\0"):
            tag = tag << 7 | ord(letter)
        return f"{tag << 10:052X}"


def sgtin(gtin: str, *, serial: str, prefix_length: int, filter: int = POINT_OF_SALE) -> Epc:  # noqa: A002 -- the standard's word
    """Give the number of one piece of goods: a GTIN of any length, a serial, and how long the company prefix is."""
    if not is_gtin(gtin) or not _SERIAL.fullmatch(serial):
        raise BadTag(epc=f"{gtin[:14]} {serial[:20]}")
    return _split("sgtin", gtin14(gtin)[:13], prefix_length, serial=serial, filter=filter)


def sscc_epc(sscc: str, *, prefix_length: int, filter: int = 0) -> Epc:  # noqa: A002 -- the standard's word
    """Give the number of a logistic unit for its tag."""
    if not is_sscc(sscc):
        raise BadTag(epc=sscc[:18])
    return _split("sscc", sscc[:17], prefix_length, serial="", filter=filter)


def lgtin(gtin: str, *, lot: str, prefix_length: int) -> Epc:
    """Give the class of all pieces of a lot, as EPCIS names it."""
    if not is_gtin(gtin) or not _SERIAL.fullmatch(lot):
        raise BadTag(epc=f"{gtin[:14]} {lot[:20]}")
    made = _split("sgtin", gtin14(gtin)[:13], prefix_length, serial="", filter=0)
    return Epc(scheme="sgtin", company_prefix=made.company_prefix, reference=made.reference, lot=lot)


def gtin_class(gtin: str, *, prefix_length: int) -> Epc:
    """Give the class of all pieces of a GTIN, whatever their serial."""
    if not is_gtin(gtin):
        raise BadTag(epc=gtin[:14])
    return _split("sgtin", gtin14(gtin)[:13], prefix_length, serial="", filter=0)


def _split(scheme: Scheme, payload: str, length: int, *, serial: str, filter: int) -> Epc:  # noqa: A002
    """Part a number (without check digit) after the prefix; its first digit goes to the reference."""
    if not 6 <= length <= 12 or not 0 <= filter <= 7:
        raise BadTag(epc=payload)
    prefix = payload[1 : 1 + length]
    return Epc(
        scheme=scheme, company_prefix=prefix, reference=payload[0] + payload[1 + length :], serial=serial, filter=filter
    )


def read_epc(text: str) -> Epc:
    """Read a tag's bits in hex, a pure identity, a class or a tag URI; refuse what is none, or not ours to read."""
    cleaned = text.strip()
    if cleaned[:8].lower() == "urn:epc:":
        return _from_uri(cleaned)
    if len(cleaned) not in _WRITTEN_BITS or not re.fullmatch(r"[0-9A-Fa-f]+", cleaned, re.ASCII):
        raise BadTag(epc=cleaned[:60])
    found = _HEADERS.get(int(cleaned[:2], 16))
    written = _WRITTEN_BITS[len(cleaned)]
    if not found or (found[1] == 96) != (written == 96):
        raise BadTag(epc=cleaned[:60])
    scheme, size = found
    tag = int(cleaned, 16)
    if tag & ((1 << (written - size)) - 1):
        raise BadTag(epc=cleaned[:60])
    return _from_bits("sscc" if scheme == "sscc" else "sgtin", tag >> (written - size), size, shown=cleaned)


def _from_bits(scheme: Scheme, tag: int, size: int, *, shown: str) -> Epc:
    tail = size - 14 - _FIELD_BITS[scheme]  # bits of the serial
    partition, filter_value = tag >> (size - 14) & 7, tag >> (size - 11) & 7
    if partition > 6:
        raise BadTag(epc=shown[:60])
    digits, bits = 12 - partition, _FIELD_BITS[scheme] - _PREFIX_BITS[partition]
    field = tag >> tail & ((1 << _FIELD_BITS[scheme]) - 1)
    prefix, reference = str(field >> bits).zfill(digits), str(field & ((1 << bits) - 1)).zfill(_DIGITS[scheme] - digits)
    rest = tag & ((1 << tail) - 1)
    if len(prefix) > digits or len(reference) > _DIGITS[scheme] - digits or (scheme == "sscc" and rest):
        raise BadTag(epc=shown[:60])
    serial = "" if scheme == "sscc" else str(rest) if size == 96 else _letters(rest, shown=shown)
    return Epc(scheme=scheme, company_prefix=prefix, reference=reference, serial=serial, filter=filter_value)


def _letters(rest: int, *, shown: str) -> str:
    text = "".join(chr(rest >> 7 * place & 127) for place in range(19, -1, -1)).rstrip("\0")
    if not _SERIAL.fullmatch(text):
        raise BadTag(epc=shown[:60])
    return text


def _from_uri(text: str) -> Epc:
    match = _URI.fullmatch(text)
    kind = match and (match["pure"] or match["tag"]).lower()
    if not match or not kind:
        raise BadTag(epc=text[:80])
    scheme: Scheme = "sscc" if kind.startswith("sscc") else "sgtin"
    prefix, reference, serial = match["prefix"], match["reference"], unquote(match["serial"] or "")
    of_class = (match["kind"] or "").lower() == "idpat" and serial == "*"
    fits = len(prefix) + len(reference) == _DIGITS[scheme]
    if not fits or (scheme == "sscc") != (not serial) or (serial and not _SERIAL.fullmatch(serial)):
        raise BadTag(epc=text[:80])
    made = Epc(
        scheme=scheme, company_prefix=prefix, reference=reference, filter=int(match["filter"] or 0),
        serial="" if of_class or kind == "lgtin" else serial, lot=serial if kind == "lgtin" else "",
    )  # fmt: skip
    if kind == "sgtin-96" and made.bits != 96:
        raise BadTag(epc=text[:80])
    return made


def prefix_length(number: str, *, known: Collection[str] = ()) -> int | None:
    """Say how long the prefix of a GTIN (14 digits) or an SSCC is: by those one has, else by GS1’s list."""
    from biip.gs1_prefixes import GS1CompanyPrefix  # noqa: PLC0415 -- a large table, seldom needed

    if len(number) == 14 and number.startswith("000000"):
        return 8  # the short form: five zeros and the GS1-8 prefix
    body = number[1:]
    own = [len(prefix) for prefix in known if body.startswith(prefix)]
    if own:
        return max(own)
    found = GS1CompanyPrefix.extract(body)
    return len(found.value) if found and 6 <= len(found.value) <= 12 else None
