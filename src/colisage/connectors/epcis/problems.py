"""Why a request to the EPCIS doors is refused."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from colisage.kit.errors import Malformed, Refused


class QueryParameterWrong(Malformed):
    """A parameter of a query is not known here or has a value that it cannot have."""

    code = "query_parameter"
    status = 400
    text = _("The parameter %(name)s cannot be used like this: %(why)s.")


class NotValid(Malformed):
    """A document is not as GS1's schema says; `faults` say where."""

    code = "not_valid_epcis"
    status = 400
    text = _("This is not a valid EPCIS 2.0 document: %(why)s.")

    def __init__(self, faults: Sequence[Mapping[str, Any]]) -> None:
        first = faults[0]
        super().__init__(why=f"{first['pointer'] or '/'} {first['detail']}")
        self.faults = faults


class NotJson(Malformed):
    """The body is no JSON."""

    code = "not_json"
    status = 400
    text = _("The body is not JSON.")


class OnlyJson(Refused):
    """Another form than JSON, such as XML."""

    code = "only_json"
    status = 415
    text = _("Send EPCIS 2.0 as JSON or JSON-LD; XML is not read here.")


class TooMuch(Refused):
    """More than is taken at once."""

    code = "too_much"
    status = 413
    text = _("At most %(events)s events or %(megabytes)s MB at once. Send them in several requests.")


class SaidDifferently(Refused):
    """An event with this id is known and says something else."""

    code = "event_said_differently"
    text = _("The event %(event)s came before and said something else.")


# Why something that was sent was not kept, by the word under which the job notes it.
_REASONS: Final[Mapping[str, str | Promise]] = {
    "event_said_differently": _("an event with this id came before and said something else"),
    "time_out_of_range": _("eventTime is out of range"),
    "name_too_long": _("a name is longer than %(most)s characters"),
    **{refusal.code: refusal.text for refusal in (NotValid, NotJson, TooMuch)},
}


def noted(reason: str, *, code: str = "", event_id: str = "", **places: Any) -> dict[str, Any]:
    """Write down why something was not kept, in no language; `code` is the problem's where it is another one."""
    return {"eventID": event_id, "code": code or reason, "reason": reason, "places": places}


def worded(note: Mapping[str, Any]) -> str:
    """Say in the active language what was noted."""
    places: Mapping[str, Any] = note["places"]
    return str(_REASONS.get(note["reason"], note["code"])) % places
