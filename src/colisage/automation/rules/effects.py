"""What a rule may do: each effect is one entry here, with its words and what it has to be told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Something an effect has to be told. `choices` names the list its value comes from; else it is a text."""

    words: str | Promise
    choices: str = ""
    most: int = 60  # characters
    hint: str | Promise = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One effect: how it is offered, and the sentence that tells it, with the names of its parts as places."""

    words: str | Promise
    says: str | Promise
    parts: Mapping[str, Part]


EFFECTS: Final[Mapping[str, Effect]] = {
    "tag": Effect(
        words=_("Add a tag"), says=_("tag “%(tag)s” added"), parts={"tag": Part(words=_("Order tag"), most=40)},
    ),
    "untag": Effect(
        words=_("Take a tag away"), says=_("tag “%(tag)s” taken away"),
        parts={"tag": Part(words=_("Order tag"), most=40)},
    ),
    "hold": Effect(
        words=_("Hold the order"), says=_("put on hold (%(kind)s: %(reason)s)"),
        parts={"kind": Part(words=_("Kind"), choices="hold"), "reason": Part(words=_("Reason"))},
    ),
}  # fmt: skip


def tags_after(tags: frozenset[str], effects: tuple[Mapping[str, Any], ...]) -> frozenset[str]:
    """Give the tags of an order after these effects; case does not tell tags apart."""
    for effect in effects:
        if effect["does"] in {"tag", "untag"}:
            tags = frozenset(tag for tag in tags if tag.casefold() != effect["tag"].casefold())
        if effect["does"] == "tag":
            tags |= {effect["tag"]}
    return tags
