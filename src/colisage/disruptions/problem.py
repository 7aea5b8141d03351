"""From what a person or a program says to a disruption that can be: what it names is looked up."""

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from colisage.carriers.queries import carrier_names
from colisage.inbound.queries.suppliers import suppliers_of
from colisage.kit.errors import Malformed
from colisage.kit.tabular.names import country_code
from colisage.network.actions.declare_disruption import Disrupted
from colisage.network.queries import nodes_run_by, nodes_serving

LONGEST_DELAY: Final = 365
_PREFIX: Final = re.compile(r"[A-Z0-9-]{1,10}")


class UnknownNode(Malformed):
    """There is no such node for who declares."""

    code = "unknown_node"
    text = _("There is no node “%(what)s”.")


class UnknownCarrier(Malformed):
    """There is no such carrier."""

    code = "unknown_carrier"
    text = _("There is no carrier “%(what)s”.")


class UnknownSupplier(Malformed):
    """The merchant buys from nobody of that code, or an operator declares."""

    code = "unknown_supplier"
    text = _("There is no supplier “%(what)s”.")


class NoSuchWay(Malformed):
    """No address can lie there."""

    code = "no_such_way"
    text = _("Name countries by name or two letters, and postcodes by how they begin. Wrong: “%(what)s”.")


class NoOtherWay(Malformed):
    """Nothing could take its place."""

    code = "no_other_way"
    text = _("Nothing goes another way: name the carrier that does not go there, or hold the orders.")


class NoDelay(Malformed):
    """Nobody knows by how much promised days move."""

    code = "no_delay"
    text = _("Say by how many days, from 1 to %(most)s, what is promised moves.")


class NoCause(Malformed):
    """Nobody would know why."""

    code = "no_cause"
    text = _("Say why, in one language at least.")


def suppliers_to_declare(merchant_id: int | None) -> dict[str, tuple[int, str]]:
    """Give the suppliers that a merchant may declare: code to id and name. An operator buys nothing."""
    found = suppliers_of(merchant_id) if merchant_id is not None else []
    return {supplier.code: (supplier.pk, supplier.name) for supplier in found}


def nodes_to_declare(*, merchant_id: int | None, operator_id: int | None) -> dict[str, tuple[int, str]]:
    """Give the nodes that a merchant or an operator may declare: code to id and name."""
    if merchant_id is not None:
        return {node.code: (node.node_id, node.name) for node in nodes_serving([merchant_id])[merchant_id]}
    return {node.code: (node.id, node.name) for node in nodes_run_by([operator_id or 0])}


def said_why(cause: Mapping[str, str]) -> dict[str, str]:
    """Give the words that were said, by language; raise `NoCause` when none were."""
    said = {language: text.strip() for language, text in cause.items() if text.strip()}
    if not said:
        raise NoCause
    return said


def disrupted(
    *,
    merchant_id: int | None,
    operator_id: int | None,
    kind: str,
    starts_on: date,
    ends_on: date | None,
    effect: str,
    cause: Mapping[str, str],
    what: str = "",
    countries: Collection[str] = (),
    prefixes: Collection[str] = (),
    delay_days: int | None = None,
    tells: bool = True,
) -> Disrupted:
    """Look up what is named by its code (`what`: the node, the carrier, the supplier; of a lane the carrier, or none).

    Raises `UnknownNode`, `UnknownCarrier`, `UnknownSupplier`, `NoSuchWay`, `NoOtherWay`, `NoDelay`, `NoCause`.
    """
    said = said_why(cause)
    if effect == "redate" and not (delay_days and 0 < delay_days <= LONGEST_DELAY):
        raise NoDelay(most=LONGEST_DELAY)
    if effect == "reroute" and (kind == "supplier" or (kind == "lane" and not what)):
        raise NoOtherWay
    return Disrupted(
        kind=kind,
        starts_on=starts_on,
        ends_on=ends_on,
        effect=effect,
        cause=said,
        delay_days=delay_days if effect == "redate" else None,
        tells=tells,
        **_named(kind, what, merchant_id=merchant_id, operator_id=operator_id, countries=countries, prefixes=prefixes),
    )


def _named(
    kind: str,
    what: str,
    *,
    merchant_id: int | None,
    operator_id: int | None,
    countries: Collection[str],
    prefixes: Collection[str],
) -> dict[str, Any]:
    """Give what it is about, as it is kept."""
    if kind == "node":
        nodes = nodes_to_declare(merchant_id=merchant_id, operator_id=operator_id)
        if what not in nodes:
            raise UnknownNode(what=what[:60])
        node, about = nodes[what]
        return {"node_id": node, "about": about}
    if kind == "supplier":
        suppliers = suppliers_to_declare(merchant_id)
        if what not in suppliers:
            raise UnknownSupplier(what=what[:60])
        supplier, about = suppliers[what]
        return {"supplier_id": supplier, "about": about}
    carriers = carrier_names()
    if what not in carriers and (what or kind == "carrier"):
        raise UnknownCarrier(what=what[:60])
    if kind == "carrier":
        return {"carrier": what, "about": carriers[what]}
    return {"carrier": what, **_lane(countries, prefixes, by=carriers.get(what, ""))}


def _lane(countries: Collection[str], prefixes: Collection[str], *, by: str) -> dict[str, Any]:
    begins = sorted({"".join(prefix.split()).upper() for prefix in prefixes} - {""})
    wrong = [prefix for prefix in begins if not _PREFIX.fullmatch(prefix)]
    there: list[str] = []
    for country in filter(None, (country.strip() for country in countries)):
        try:
            there.append(country_code(country))
        except ValueError:
            wrong.append(country)
    if not there and not wrong:
        raise NoSuchWay(_("Name at least one country."))
    if wrong:
        raise NoSuchWay(what=", ".join(wrong)[:60])
    there = sorted(set(there))
    told = " ".join(filter(None, (", ".join(there), ", ".join(begins))))
    return {
        "countries": tuple(there), "prefixes": tuple(begins), "about": f"{by} → {told}" if by else f"→ {told}",
    }  # fmt: skip
