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
    until: str = "picked"  # the last moment at which it still has an effect
    hint: str | Promise = ""


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
    "priority": Effect(
        words=_("Have it picked earlier"), says=_("priority: %(level)s"), until="sourced",
        parts={"level": Part(words=_("Priority"), choices="priority")},
    ),
    "node": Effect(
        words=_("Send it from one node, when it has everything"), says=_("from %(node)s, when it has everything"),
        until="changed", parts={"node": Part(words=_("Node"), choices="node")},
    ),
    "packaging": Effect(
        words=_("Use a packaging, when everything goes in"),
        says=_("packaging: %(packaging)s, when everything goes in"), until="sourced",
        parts={"packaging": Part(words=_("Packaging"), choices="packaging")},
    ),
    "slip": Effect(
        words=_("Print words on the packing slip"), says=_("on the packing slip: “%(text)s”"),
        parts={"text": Part(words=_("Words"), most=300)},
    ),
    "insert": Effect(
        words=_("Put an insert into the parcel: a leaflet, a sample, a gift"), until="sourced",
        says=_("insert: one %(sku)s goes along, where one is free"),
        parts={"sku": Part(words=_("SKU of the insert"), most=100, hint=_("code of a SKU that you keep in stock"))},
    ),
    "service": Effect(
        words=_("Send it by one service, where it carries it"), says=_("by %(service)s, where it carries it"),
        parts={"service": Part(words=_("Delivery service"), choices="service")},
    ),
    "mail": Effect(
        words=_("Write an e-mail to us"), says=_("e-mail to us: “%(text)s”"),
        parts={"text": Part(words=_("Words"), most=300)},
    ),
    "call": Effect(
        words=_("Call our programs (webhook)"), says=_("our programs are called"), parts={},
        hint=_("Endpoints that hear of “a rule asks for it” are called. Settings, Webhooks."),
    ),
}  # fmt: skip
INSTRUCTIONS: Final = {  # effects that later steps read, with the part that says what
    "priority": "level", "node": "node", "packaging": "packaging", "slip": "text", "service": "service",
}  # fmt: skip


def tags_after(tags: frozenset[str], effects: tuple[Mapping[str, Any], ...]) -> frozenset[str]:
    """Give the tags of an order after these effects; case does not tell tags apart."""
    for effect in effects:
        if effect["does"] in {"tag", "untag"}:
            tags = frozenset(tag for tag in tags if tag.casefold() != effect["tag"].casefold())
        if effect["does"] == "tag":
            tags |= {effect["tag"]}
    return tags
