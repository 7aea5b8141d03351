"""What a kind of shop has to do for us: be asked for orders, be told what left and what may be sold.

Whoever fills this also fills `intake.ports.ShopMessages`: the same class reads what the shop says. Methods that take an
`Access` speak HTTP; they are called by workers, outside any transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, Protocol, runtime_checkable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from colisage.intake.ports import Arrived, ShopMessages
from colisage.kit.errors import Refused

PROBLEMS: Final[Mapping[str, Promise]] = {
    "not_reached": _(
        "The shop does not answer. Check its address, and that it is reachable; it is asked again by itself."
    ),
    "private_address": _("Its address is inside a private network, where no shop is called. Enter the public one."),
    "not_let_in": _("The shop does not accept the key."),
    "not_allowed": _("The key may not do everything that is needed."),
    "not_a_shop": _("At this address there is something else than a shop of this kind."),
    "strange_answer": _("The shop answers something that cannot be understood."),
    "moved": _("The shop sends us on to another address. Enter that one above."),
    "too_many_calls": _("The shop asks us to call less often."),
    "shop_in_trouble": _(
        "The shop reports a fault of its own. There is nothing to do here; it is asked again by itself."
    ),
    "unknown_to_shop": _("The shop does not know what we speak of."),
    "said_no": _("The shop understood and says no."),
    "location_unclear": _("The shop has several locations: write here which one's stock is told."),
    "not_counted_there": _("The shop does not count this product at the location."),
    "changed_meanwhile": _("Its stock at the shop changed twice while it was told; it is told again later."),
    "other_secret_key": _("The secret key of this installation has changed: enter the secrets of the shop again."),
    "wrong_setting": _("A setting of this connection cannot be right: look at the fields above."),
    "other_address": _(
        "The address of the shop was changed before it was told. Tell it again if it is the same shop, or else drop it."
    ),
    "not_signed": _("Messages arrive with a wrong signature. Compare the secret."),
}
# Wrong wherever we call the shop, and over where it answers well; all others are wrong at one door alone.
ANYWHERE: Final = frozenset({
    "not_reached", "private_address", "not_let_in", "not_a_shop", "moved", "too_many_calls", "shop_in_trouble",
    "other_secret_key",
})  # fmt: skip
# Problems of which the detail is what a library or a machine said, in its own words: shown folded away, for support.
FOR_SUPPORT: Final = frozenset({"not_reached", "not_let_in", "not_a_shop", "strange_answer", "shop_in_trouble"})


@dataclass(frozen=True, slots=True)
class Field:
    """Something a person gives to connect a shop; secrets are sealed and never shown again."""

    name: str
    label: str | Promise
    kind: Literal["text", "url", "secret"] = "text"
    help: str | Promise = ""
    required: bool = True


@dataclass(frozen=True, slots=True)
class Access:
    """How one shop is reached: what a person gave, by the names of the connector's fields."""

    options: Mapping[str, str]
    secrets: Mapping[str, str] = field(repr=False)
    timeout_seconds: float = 20.0

    def option(self, name: str) -> str:
        """Give an option, or nothing."""
        return self.options.get(name, "").strip()


class ShopRefused(Exception):  # noqa: N818 -- an answer
    """The shop understood and said no, or cannot be reached at all: nothing happened there. `code` of PROBLEMS."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code, self.detail = code, detail[:300]


class ShopSilent(ShopRefused):
    """What happened at the shop is not known: it is asked before it is told again."""


class NotSigned(Refused):
    """A message is not signed by the shop it says it is from; whether anything was right is not told."""

    code = "not_signed"
    status = 401
    text = _(
        "The signature or key is missing, or is not the one agreed with this shop: compare the secret on both sides."
    )


@dataclass(frozen=True, slots=True)
class Page:
    """Some orders of a shop as it gave them, and where to go on; `more` when there are more right now."""

    arrived: Sequence[Arrived]
    cursor: Mapping[str, Any]
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentTold:
    """A shipment that left. `key` is the same when it is told again; `lines` are (the shop's line, units)."""

    key: str
    external_ref: str
    lines: Sequence[tuple[str, int]]
    carrier: str
    tracking: Sequence[tuple[str, str]]  # number and address of its page, or an empty one
    shipped_at: datetime
    last: bool  # nothing of the order remains to be sent


@dataclass(frozen=True, slots=True)
class StockTold:
    """What a channel may sell of a SKU now. `before` is what it was told last, to compare at the shop."""

    sku: str
    quantity: int
    before: int | None
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Requested:
    """What a shop asks of a part of an order: to send it, or to `give_back` what is not sent yet.

    `lines` are the units that remain, by the shop's line; `sender` is what is called who sends them when we do not.
    """

    key: str
    external_ref: str
    give_back: bool
    lines: Mapping[str, int]
    sender: str


@dataclass(frozen=True, slots=True)
class Lost:
    """An order that a shop has not any more, as the message that it is deleted; `sure` when it knows younger ones."""

    external_ref: str
    sure: bool
    arrived: Arrived


@runtime_checkable
class Forgetful(Protocol):
    """A kind of shop whose orders can be deleted for good, after which no list of its names them."""

    def lost(self, access: Access, *, external_refs: Sequence[str]) -> list[Lost]:
        """Say which of these orders are gone; raises `ShopRefused` where the shop does not clearly say so."""
        ...


@runtime_checkable
class Answering(Protocol):
    """A kind of shop that asks before we send, waits for the answer, and is told what we hold."""

    def requested(self, access: Access, *, key: str) -> Requested | None:
        """Say what a shop asks of a part of an order; None when it waits for no answer. Raises `ShopRefused`."""
        ...

    def answer(self, access: Access, *, asked: Requested, no: str) -> None:
        """Say yes, or no with the reason in words. Raises `ShopRefused`."""
        ...

    def tell_hold(self, access: Access, *, external_ref: str, kind: str, words: str) -> None:
        """Say that we hold an order, or, without `kind` of `orders.models.HoldKind`, that we do not."""
        ...


class Shop(ShopMessages, Protocol):
    """A kind of shop."""

    label: str | Promise
    fields: Sequence[Field]
    hooks: bool  # it sends messages by itself
    asked: bool  # it can be asked for orders, and told of parcels and stock

    def arrived(self, headers: Mapping[str, str], body: bytes, *, access: Access) -> Arrived | None:
        """Check the signature of a message, and name it; None when it only tries the door. Raises `NotSigned`."""
        ...

    def check(self, access: Access) -> str:
        """Ask the shop who it is, with all the rights that are needed. Raises `ShopRefused`."""
        ...

    def orders_since(self, access: Access, *, cursor: Mapping[str, Any]) -> Page:
        """Ask for the orders that changed since; an empty cursor begins. Raises `ShopRefused`."""
        ...

    def order(self, access: Access, *, external_ref: str) -> Sequence[Arrived]:
        """Ask for one order; nothing when the shop does not know it. Raises `ShopRefused`."""
        ...

    def tell_shipment(self, access: Access, *, told: ShipmentTold, again: bool) -> None:
        """Tell of a shipment; with `again`, look first whether the shop knows it. Raises as all of these do."""
        ...

    def tell_stock(self, access: Access, *, stock: Sequence[StockTold]) -> Mapping[str, str]:
        """Tell what may be sold; give what the shop said about those it did not take, by SKU. Raises `ShopRefused`."""
        ...
