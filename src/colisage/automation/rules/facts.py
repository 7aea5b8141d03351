"""What may be asked about an order: each fact is one entry here, with its words, its kind and how it is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Services that give out addresses for minutes: the best known of them.
_DISPOSABLE: Final = """
    10minutemail.com 20minutemail.com 33mail.com anonaddy.me burnermail.io byom.de cool.fr.nf discard.email
    dispostable.com dropmail.me emailondeck.com fakeinbox.com getairmail.com getnada.com grr.la guerrillamail.com
    guerrillamail.info guerrillamailblock.com inboxkitten.com jetable.org jetable.com mail-temporaire.fr mailcatch.com
    maildrop.cc mailinator.com mailnesia.com mailsac.com minutemail.net moakt.com mohmal.com mytemp.email
    mytrashmail.com sharklasers.com spam4.me spamgourmet.com temp-mail.org tempail.com tempmail.net tempmailo.com
    tempr.email throwawaymail.com tmpmail.org trash-mail.com trashmail.com trashmail.fr yepmail.net yopmail.com
    yopmail.fr yopmail.net
"""
DISPOSABLE: Final = frozenset(_DISPOSABLE.split())
Value = str | int | bool | frozenset[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An order as rules see it: plain values, texts as they were written. None: nobody knows."""

    order_id: int
    channel: str = ""
    country: str = ""
    postcode: str = ""
    region: str = ""
    city: str = ""
    company: str = ""
    name: str = ""
    line1: str = ""
    bill_country: str | None = None
    phone_country: str | None = None
    email: str = ""
    phone: str = ""
    language: str = ""
    payment: str = ""
    currency: str = ""
    total_cents: int = 0
    shipping_cents: int = 0
    discount_cents: int = 0
    grams: int | None = None
    lines: int = 0
    units: int = 0
    most_of_one: int = 0
    skus: frozenset[str] = frozenset()
    sku_kinds: frozenset[str] = frozenset()
    fragile: bool = False
    hazardous: bool = False
    personalised: bool = False
    tags: frozenset[str] = frozenset()
    shipping_method: str = ""
    gift_note: str = ""
    customer_note: str = ""
    earlier: int | None = None  # orders of the same e-mail address before; None without an address
    nodes: frozenset[str] = frozenset()
    other_names: int = 0  # recipients at the same address within a day; counted where the merchant has orders watched

    @property
    def domain(self) -> str:
        """Give what stands behind the @."""
        return self.email.rpartition("@")[2].casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One fact. `choices` names the list its values come from; `needs` what has to be looked up for it besides."""

    words: str | Promise
    kind: str  # text | code | amount | number | yes | list
    read: Callable[[Seen], Value]
    choices: str = ""
    needs: str = ""  # history | nodes
    unit: str | Promise = ""
    hint: str | Promise = ""


FACTS: Final[Mapping[str, Fact]] = {
    "channel": Fact(words=_("the sales channel"), kind="code", read=lambda s: s.channel, choices="channel"),
    "country": Fact(words=_("the country of delivery"), kind="code", read=lambda s: s.country, hint="FR, CH, US"),
    "postcode": Fact(words=_("the postcode"), kind="text", read=lambda s: s.postcode, hint="75, 92, 20"),
    "region": Fact(words=_("the region or state"), kind="text", read=lambda s: s.region),
    "city": Fact(words=_("the town"), kind="text", read=lambda s: s.city),
    "to_company": Fact(words=_("it goes to a company"), kind="yes", read=lambda s: bool(s.company.strip())),
    "bill_country": Fact(words=_("the country of the invoice"), kind="code", read=lambda s: s.bill_country),
    "bill_differs": Fact(
        words=_("the invoice goes to another country than the parcel"), kind="yes",
        read=lambda s: None if not s.bill_country or not s.country else s.bill_country != s.country,
    ),
    "phone_differs": Fact(
        words=_("the phone number is of another country than the delivery"), kind="yes",
        read=lambda s: None if not s.phone_country or not s.country else s.phone_country != s.country,
    ),
    "email_domain": Fact(words=_("the domain of the e-mail address"), kind="text", read=lambda s: s.domain),
    "disposable": Fact(
        words=_("the e-mail address is of a service for throwing away"), kind="yes",
        read=lambda s: s.domain in DISPOSABLE,
    ),
    "language": Fact(words=_("the language"), kind="code", read=lambda s: s.language, choices="language"),
    "payment": Fact(words=_("the payment"), kind="code", read=lambda s: s.payment, choices="payment"),
    "currency": Fact(words=_("the currency"), kind="code", read=lambda s: s.currency, hint="EUR, USD"),
    "total": Fact(words=_("the total"), kind="amount", read=lambda s: s.total_cents),
    "shipping": Fact(words=_("the delivery charged"), kind="amount", read=lambda s: s.shipping_cents),
    "discount": Fact(words=_("the discount"), kind="amount", read=lambda s: s.discount_cents),
    "weight": Fact(words=_("the weight of the goods"), kind="number", read=lambda s: s.grams, unit="g"),
    "lines": Fact(words=_("the number of lines"), kind="number", read=lambda s: s.lines),
    "units": Fact(words=_("the number of units"), kind="number", read=lambda s: s.units),
    "most_of_one": Fact(words=_("the number of units of one SKU"), kind="number", read=lambda s: s.most_of_one),
    "sku": Fact(words=_("the SKUs"), kind="list", read=lambda s: s.skus, hint="MUG-01, RUG-02"),
    "sku_kind": Fact(words=_("the kinds of SKUs"), kind="list", read=lambda s: s.sku_kinds, choices="sku_kind"),
    "fragile": Fact(words=_("something in it is fragile"), kind="yes", read=lambda s: s.fragile),
    "hazardous": Fact(words=_("something in it is hazardous"), kind="yes", read=lambda s: s.hazardous),
    "personalised": Fact(words=_("something in it is personalised"), kind="yes", read=lambda s: s.personalised),
    "tag": Fact(words=_("the tags"), kind="list", read=lambda s: s.tags),
    "method": Fact(words=_("the delivery chosen in the shop"), kind="text", read=lambda s: s.shipping_method),
    "gift_note": Fact(words=_("it has a gift note"), kind="yes", read=lambda s: bool(s.gift_note.strip())),
    "customer_note": Fact(
        words=_("it has a note of the customer"), kind="yes", read=lambda s: bool(s.customer_note.strip()),
    ),
    "first_order": Fact(
        words=_("it is the first order of its e-mail address"), kind="yes", needs="history",
        read=lambda s: None if s.earlier is None else s.earlier == 0,
    ),
    "earlier": Fact(
        words=_("the number of earlier orders of its e-mail address"), kind="number", needs="history",
        read=lambda s: s.earlier,
    ),
    "node": Fact(
        words=_("the nodes that serve it"), kind="list", needs="nodes", choices="node", read=lambda s: s.nodes,
    ),
}  # fmt: skip

OPS: Final[Mapping[str, tuple[str, ...]]] = {  # by kind of fact
    "text": ("in", "not_in", "starts", "contains"),
    "code": ("in", "not_in"),
    "list": ("any", "none", "every"),
    "amount": ("over", "under", "least", "most"),
    "number": ("over", "under", "least", "most", "equal"),
    "yes": ("yes", "no"),
}
OP_WORDS: Final[Mapping[str, str | Promise]] = {
    "in": _("is"),
    "not_in": _("is not"),
    "starts": _("begins with"),
    "contains": _("contains the text"),
    "any": _("include one of"),
    "none": _("include none of"),
    "every": _("include all of"),
    "over": _("is over"),
    "under": _("is under"),
    "least": _("is at least"),
    "most": _("is at most"),
    "equal": _("is exactly"),
    "yes": _("yes"),
    "no": _("no"),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a rule. The value is texts (any of them), a number, or nothing for yes and no."""

    fact: str
    op: str
    value: tuple[str, ...] | int | None = None
    currency: str = ""  # of an amount: another currency does not meet it

    def holds(self, seen: Seen) -> bool:
        """Say whether it holds for an order; what nobody knows holds nothing."""
        told = FACTS[self.fact].read(seen)
        if told is None or (self.currency and self.currency != seen.currency):
            return False
        return _HOLDS[self.op](told, self.value)


def folded(text: str) -> str:
    """Give a text as it is compared: case and spaces around it do not matter."""
    return " ".join(text.split()).casefold()


def _texts(value: object) -> set[str]:
    return {folded(text) for text in value} if isinstance(value, (tuple, frozenset)) else set()


def _among(told: Value, value: object) -> bool:
    return folded(str(told)) in _texts(value)


_HOLDS: Final[Mapping[str, Callable[[Value, object], bool]]] = {
    "in": _among,
    "not_in": lambda told, value: not _among(told, value),
    "starts": lambda told, value: folded(str(told)).startswith(tuple(_texts(value))),
    "contains": lambda told, value: any(text in folded(str(told)) for text in _texts(value)),
    "any": lambda told, value: bool(_texts(told) & _texts(value)),
    "none": lambda told, value: not _texts(told) & _texts(value),
    "every": lambda told, value: _texts(value) <= _texts(told),
    "over": lambda told, value: _number(told) > _number(value),
    "under": lambda told, value: _number(told) < _number(value),
    "least": lambda told, value: _number(told) >= _number(value),
    "most": lambda told, value: _number(told) <= _number(value),
    "equal": lambda told, value: _number(told) == _number(value),
    "yes": lambda told, _value: told is True,
    "no": lambda told, _value: told is False,
}


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(value)
    return value
