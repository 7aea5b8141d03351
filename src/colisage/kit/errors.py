"""Refusals: what a person asked for and cannot have, said so that they know what to do.

Refused            the request is understood and refused (409)
├── NotThere       it does not exist, or is somebody else's (404)
├── NotAllowed     it exists, but this role may not (403)
└── Malformed      it cannot be understood (422)
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refused(Exception):  # noqa: N818 -- a refusal is an answer, not an error
    """A request that is refused; `code` is stable for machines, the text is for people.

    Subclasses set `code`, `status` and `text`, a lazily translated sentence with named `%(places)s`. `faults` name
    single members of what was sent: {"pointer": "/lines/0", "detail": "…"}.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    text: ClassVar[str | Promise] = _("This is not possible.")

    def __init__(self, text: str | Promise | None = None, **places: Any) -> None:
        super().__init__(text or self.text, places)
        self.template = text or self.text
        self.places = places
        self.faults: Sequence[Mapping[str, Any]] = ()

    def __str__(self) -> str:
        return str(self.template) % self.places if self.places else str(self.template)


class NotThere(Refused):
    """It does not exist for the one who asks; another merchant's row looks exactly like no row."""

    code = "not_there"
    status = 404
    text = _("There is nothing here.")


class NotAllowed(Refused):
    """The role of the one who asks does not include this."""

    code = "not_allowed"
    status = 403
    text = _("Your role does not include this.")


class Malformed(Refused):
    """The request cannot be understood as it stands."""

    code = "malformed"
    status = 422
    text = _("This cannot be read as it stands.")
