"""The parameters of a query, read: what EPCIS 2.0 names, and a clear refusal of everything else."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from colisage.connectors.epcis.json_schema import is_time
from colisage.connectors.epcis.problems import QueryParameterWrong

PER_PAGE: Final = 30  # as the standard says
MOST_PER_PAGE: Final = 1_000
MOST_VALUES: Final = 100
MOST_LETTERS: Final = 500
_VOCABULARY: Final = re.compile(  # a word of the Core Business Vocabulary may be written out; events have it bare
    r"^(?:urn:epcglobal:cbv:(?:bizstep|disp):|(?:https?://(?:ref|ns)\.gs1\.org/cbv/|cbv:)(?:BizStep|Disp)-)"
)
_TOKEN: Final = re.compile(r"([mc])(\d{1,18})")


@dataclass(frozen=True, slots=True)
class Asked:
    """A query. None: not asked for. The standings of `matching` are those of EPCIS: which field a name must be in."""

    types: frozenset[str] | None = None
    actions: frozenset[str] | None = None
    steps: frozenset[str] | None = None
    dispositions: frozenset[str] | None = None
    event_ids: frozenset[str] | None = None
    read_points: frozenset[str] | None = None
    biz_locations: frozenset[str] | None = None
    since: datetime | None = None
    before: datetime | None = None
    recorded_since: datetime | None = None
    recorded_before: datetime | None = None
    matching: tuple[tuple[frozenset[str], frozenset[str]], ...] = ()  # (standings, names), all of them
    per_page: int = PER_PAGE
    source: str = "m"  # our own movements first, then what was captured
    after: int = 0


_LISTS: Final[Mapping[str, str]] = {
    "eventType": "types", "EQ_action": "actions", "EQ_bizStep": "steps", "EQ_disposition": "dispositions",
    "EQ_eventID": "event_ids", "EQ_readPoint": "read_points", "EQ_bizLocation": "biz_locations",
}  # fmt: skip
_TIMES: Final[Mapping[str, str]] = {
    "GE_eventTime": "since", "LT_eventTime": "before", "GE_recordTime": "recorded_since",
    "LT_recordTime": "recorded_before",
}  # fmt: skip
MATCHES: Final[Mapping[str, frozenset[str]]] = {
    "MATCH_epc": frozenset({"epc"}),
    "MATCH_parentID": frozenset({"parent"}),
    "MATCH_inputEPC": frozenset({"input"}),
    "MATCH_outputEPC": frozenset({"output"}),
    "MATCH_anyEPC": frozenset({"epc", "parent", "input", "output"}),
    "MATCH_epcClass": frozenset({"class"}),
    "MATCH_inputEPCClass": frozenset({"input_class"}),
    "MATCH_outputEPCClass": frozenset({"output_class"}),
    "MATCH_anyEPCClass": frozenset({"class", "input_class", "output_class"}),
}
KNOWN: Final = frozenset({*_LISTS, *_TIMES, *MATCHES, "perPage", "nextPageToken"})
_VALUES: Final = "One value, or several with | between them."


def parameters() -> list[dict[str, Any]]:
    """Describe the parameters of a query, as OpenAPI writes them."""
    time, number = {"type": "string", "format": "date-time"}, {"type": "integer", "minimum": 1, "default": PER_PAGE}
    return [
        *(_parameter(name, {"type": "string", "minLength": 1}, _VALUES) for name in (*_LISTS, *MATCHES)),
        *(_parameter(name, time, "A date and time with its offset.") for name in _TIMES),
        _parameter("perPage", number, f"How many events at most; never more than {MOST_PER_PAGE}."),
        _parameter("nextPageToken", {"type": "string"}, "As the header Link of the page before says."),
    ]


def _parameter(name: str, schema: Mapping[str, Any], said: str) -> dict[str, Any]:
    return {"in": "query", "name": name, "required": False, "description": said, "schema": schema}


def read_asked(query: QueryDict) -> Asked:
    """Read the parameters of a query; refuse with `QueryParameterWrong` what is not known or cannot be."""
    for name in query:
        if name not in KNOWN:
            raise QueryParameterWrong(name=name[:80], why=_("it is not known here"))
        if len(query.getlist(name)) > 1:
            raise QueryParameterWrong(name=name, why=_("it stands there twice"))
    given = {name: str(query[name]) for name in query}
    found: dict[str, object] = {_LISTS[name]: _values(name, text) for name, text in given.items() if name in _LISTS}
    found |= {_TIMES[name]: _time(name, text) for name, text in given.items() if name in _TIMES}
    found["matching"] = tuple((MATCHES[name], _values(name, text)) for name, text in given.items() if name in MATCHES)
    if "perPage" in given:
        found["per_page"] = _per_page(given["perPage"])
    if "nextPageToken" in given:
        found["source"], found["after"] = _opened(given["nextPageToken"])
    return Asked(**found)  # type: ignore[arg-type]  # the names and kinds follow from the tables above


def _values(name: str, text: str) -> frozenset[str]:
    values = [value for value in text.split("|") if value]
    if not values or len(values) > MOST_VALUES or any(len(v) > MOST_LETTERS or "\x00" in v for v in values):
        raise QueryParameterWrong(
            name=name, why=_("give from 1 to %(most)s values, with | between them") % {"most": MOST_VALUES}
        )
    return frozenset(
        _VOCABULARY.sub("", value) if name in {"EQ_bizStep", "EQ_disposition"} else value for value in values
    )


def _time(name: str, text: str) -> datetime:
    # A plus sign in a query string that nobody escaped arrives as a space.
    written = text.replace(" ", "+")
    found = parse_datetime(written.replace("t", "T").replace("z", "Z")) if is_time(written) else None
    if found is None:
        raise QueryParameterWrong(name=name, why=_("give a date and time with its offset"))
    return found


def _per_page(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 7 and int(text) > 0):
        raise QueryParameterWrong(name="perPage", why=_("give a number from 1 on"))
    return min(int(text), MOST_PER_PAGE)


def token_of(source: str, *, after: int) -> str:
    """Give the token of the page that begins after a row of a source."""
    return base64.urlsafe_b64encode(f"{source}{after}".encode()).decode().rstrip("=")


def _opened(token: str) -> tuple[str, int]:
    try:
        found = _TOKEN.fullmatch(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode("ascii"))
    except ValueError:
        found = None
    if not found:
        raise QueryParameterWrong(name="nextPageToken", why=_("it is not one of ours"))
    return found[1], int(found[2])
