"""What is wrong with the columns that were pointed at, the same for a page and for a program."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from colisage.intake.rules.columns import Unfit, unfit
from colisage.kit.errors import Malformed
from colisage.kit.tabular import fold
from colisage.kit.tabular.cells import currency_code
from colisage.kit.tabular.names import country_code

READERS: Final[Mapping[str, Callable[[str], str]]] = {"currency": currency_code, "country": country_code}


class BadColumns(Malformed):
    """Columns that no order can be read by; the faults say which."""

    code = "bad_columns"
    text = _("Orders cannot be read by these columns.")


def judge_columns(
    places: Mapping[str, str], *, columns: Collection[str], options: Mapping[str, Any]
) -> tuple[dict[str, str], dict[str, Any]]:
    """Give what was pointed at with the columns folded, and what columns do not say with codes of country and currency.

    Raises `BadColumns` with all that is wrong, member by member.
    """
    told = {field: fold(column) for field, column in places.items() if column}
    faults = [_fault(one) for one in unfit(told, columns={fold(column) for column in columns})]
    said = dict(options)
    for name, read in READERS.items():
        try:
            said[name] = read(str(said[name]).strip()) if said.get(name) else ""
        except ValueError:
            faults.append({"pointer": f"/{name}", "detail": gettext("This code is not known.")})
    if faults:
        refusal = BadColumns()
        refusal.faults = faults
        raise refusal
    return told, said


def _fault(one: Unfit) -> dict[str, str]:
    words = {
        "unknown": gettext("No column of an order holds this."),
        "needed": gettext("An order cannot be read without it: choose its column."),
        "not_there": gettext("The file has no column called %(column)s.") % {"column": one.column},
    }
    return {"pointer": f"/columns/{one.field}", "detail": words[one.why]}
