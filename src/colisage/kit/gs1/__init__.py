"""What scanners and RFID readers send, read into one `Reading` (GS1 General Specifications, Digital Link, Tag Data).

`read` is the door. It never guesses: a text that can be read in several ways says so, and one that cannot be trusted is
refused with a sentence (`refusals`). The tables of identifiers and company prefixes are those of `biip`.
"""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

from colisage.kit.gs1.digits import GTIN_LENGTHS, SSCC_LENGTH, adds_up, gtin14, is_gtin, is_number, is_sscc
from colisage.kit.gs1.elements import GS, bracketed, separated, unseparated
from colisage.kit.gs1.epc import read_epc
from colisage.kit.gs1.keyboards import meant
from colisage.kit.gs1.links import linked
from colisage.kit.gs1.reading import Reading, agreed, reading
from colisage.kit.gs1.refusals import (
    BadCheckDigit,
    Glued,
    Noise,
    NotGs1,
    TooLong,
    Unreadable,
    WrongKeyboard,
)  # fmt: skip

__all__ = ["Reading", "Unreadable", "read", "sent"]

MOST_LETTERS: Final = 1_000
_SYMBOLOGY: Final = re.compile(r"\][A-Za-z][0-9A-Za-z]", re.ASCII)
_GS1_SYMBOLOGIES: Final = frozenset({"]C1", "]e0", "]d2", "]Q3", "]J1"})
_ENVELOPE: Final = re.compile(r"\[\)>\x1e05\x1d(.*?)\x1e?\x04?", re.DOTALL)  # ISO/IEC 15434, format 05
_CONTROL: Final = re.compile(r"[\x00-\x1c\x1e\x1f\x7f-\x9f\ufffd\u200b-\u200f\u2028-\u202e\ufeff\ud800-\udfff]")
# What scanners put in the place of FNC1 and what no value may hold, so that it can be nothing else.
_REPLACED: Final = re.compile(r"\{GS\}|<GS>|\[GS\]|\{FNC1\}|<FNC1>|\\x1[dD]|\^\]|[|~^#$@\[\]{}\\]")
_MEANT_AS_GS1: Final = re.compile(r"0[0-2]\d{4}")


def sent(value: object) -> str:
    """Give what a form sent as a scan: whole as far as codes go, separators and all, but nothing a database refuses."""
    return str(value or "")[: MOST_LETTERS + 1].strip(" \t\r\n").replace("\0", "\ufffd")


def read(text: str, *, separator: str = "", today: date | None = None) -> Reading:
    """Read what a scanner, a keyboard or a tag reader sent; refuse with an `Unreadable` what cannot be trusted.

    `separator` is what this scanner sends in the place of FNC1, when it is none of those that are understood anyway.
    The year of a date is chosen by `today`.
    """
    if len(text) > MOST_LETTERS:
        raise TooLong
    cleaned = text.strip(" \t\r\n\0")
    day = today or datetime.now(tz=UTC).date()
    envelope = _ENVELOPE.fullmatch(cleaned)
    if envelope:
        cleaned = GS + envelope[1]
    if not cleaned or _CONTROL.search(cleaned):
        raise Noise
    try:
        return replace(_read(cleaned, separator=separator, today=day), raw=text)
    except Unreadable as refusal:
        for candidate in meant(cleaned):
            repaired = _proven(candidate, separator=separator, today=day)
            if repaired:
                return replace(repaired, raw=text, repaired=True)
        if meant(cleaned) and isinstance(refusal, NotGs1):
            raise WrongKeyboard from refusal
        raise


def _proven(text: str, *, separator: str, today: date) -> Reading | None:
    try:
        found = _read(text, separator=separator, today=today)
    except Unreadable:
        return None
    return found if found.is_proven else None


def _read(text: str, *, separator: str, today: date) -> Reading:
    mark = _SYMBOLOGY.match(text)
    symbology = mark[0] if mark else ""
    body = text[len(symbology) :]
    if body[:8].lower() == "urn:epc:":
        return _tag(body)
    if re.match(r"https?://", body, re.IGNORECASE):
        return reading(linked(body, today=today), raw=text, form="digital_link", today=today, symbology=symbology)
    if re.match(r"\(\d{2,4}\)", body, re.ASCII):
        return reading(bracketed(body, today=today), raw=text, form="elements", today=today, symbology=symbology)
    if symbology in _GS1_SYMBOLOGIES:
        return _strict(_marked(body, separator), symbology=symbology, today=today)
    return _number(body, symbology=symbology) or _plain(body, separator=separator, symbology=symbology, today=today)


def _number(body: str, *, symbology: str) -> Reading | None:
    """Read a bare GTIN or SSCC."""
    if not is_number(body):
        return None
    if len(body) in GTIN_LENGTHS:
        gtin = body if adds_up(body) else _upc_a(body)
        if not is_gtin(gtin):
            raise BadCheckDigit(number=body)
        return Reading(raw=body, form="gtin", gtin=gtin14(gtin), symbology=symbology)
    if len(body) == SSCC_LENGTH and is_sscc(body):
        return Reading(raw=body, form="sscc", sscc=body, symbology=symbology)
    return None


def _upc_a(short: str) -> str:
    """Write out a UPC-E with its zeros, if it is one."""
    if len(short) != 8 or short[0] not in "01":
        return ""
    system, d, last, check = short[0], short[1:6], short[6], short[7]
    if last in "012":
        return f"{system}{d[:2]}{last}0000{d[2:]}{check}"
    if last in "34":
        kept = int(last)
        return f"{system}{d[:kept]}{'0' * 5}{d[kept:]}{check}"
    return f"{system}{d}0000{last}{check}"


def _plain(body: str, *, separator: str, symbology: str, today: date) -> Reading:
    """Read what says nothing about itself: element strings, a tag in hex, two codes in one, or nothing of GS1."""
    refusal: Unreadable = NotGs1()
    marked = _marked(body, separator)
    try:
        found = _strict(marked, symbology=symbology, today=today) if GS in marked else _loose(marked, today=today)
    except Glued:
        raise
    except Unreadable as why:
        refusal = why
    else:
        if found.is_proven:
            return replace(found, symbology=symbology)
    if is_number(body) and _halves(body):
        raise Glued
    if re.fullmatch(r"(?:3[01][0-9A-F]{22}|36[0-9A-F]{48}(?:..)?)", body, re.ASCII | re.IGNORECASE):
        return _tag(body)
    if body.startswith(GS) or _MEANT_AS_GS1.match(body):
        raise refusal
    if is_number(body) and len(body) == SSCC_LENGTH:
        raise BadCheckDigit(number=body)
    raise NotGs1


def _halves(body: str) -> bool:
    """Say whether this is two numbers, each of which adds up."""
    return any(is_gtin(body[:cut]) and is_gtin(body[cut:]) for cut in sorted(GTIN_LENGTHS)) or (
        is_sscc(body[:SSCC_LENGTH]) and is_sscc(body[SSCC_LENGTH:])
    )


def _marked(body: str, separator: str) -> str:
    """Put FNC1 back where the scanner wrote something else."""
    if separator:
        body = body.replace(separator, GS)
    return _REPLACED.sub(GS, body) if body[:2].isdigit() or body.startswith(GS) else body


def _strict(body: str, *, symbology: str, today: date) -> Reading:
    elements = separated(body, today=today)
    if not elements:
        raise Noise
    return reading(elements, raw=body, form="elements", today=today, symbology=symbology)


def _loose(body: str, *, today: date) -> Reading:
    ways = unseparated(body, today=today)
    return agreed([reading(way, raw=body, form="elements", today=today) for way in ways])


def _tag(body: str) -> Reading:
    epc = read_epc(body)
    return Reading(
        raw=body, form="epc", gtin=epc.gtin, sscc=epc.sscc, serial=epc.serial, lot=epc.lot, epc=epc.uri,
        company_prefix=epc.company_prefix,
    )  # fmt: skip
