"""The pages of rows of order files that came back: by order, since an order is opened, sent and set aside whole."""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from colisage.intake.actions.take_rows import ORDERS
from colisage.kit.sent_files import Opened, Sent
from colisage.ui.sent_back import RowPages


class OrderPages(RowPages):
    """The same pages, with the words for orders."""

    def column(self) -> str:
        """Name what a list lists."""
        return _("Order")

    def remark(self) -> str:
        """Say how rows are listed."""
        return _("By order: what is right in it is sent with what you correct")

    def hint(self) -> str:
        """Say when all are sent again unchanged."""
        return _("After a SKU was added, for example. What is still wrong comes back.")

    def called(self, found: Opened) -> str:
        """Name rows that were opened."""
        named = {"number": found.name or found.first_row}
        return (_("Order %(number)s") if found.name else _("Row %(number)s")) % named

    def said_none_ticked(self) -> str:
        """Ask to tick first."""
        return _("Tick the orders first.")

    def said_taken(self, count: int) -> str:
        """Say how many were taken in."""
        return ngettext("%(n)s order is taken in.", "%(n)s orders are taken in.", count) % {"n": count}

    def said_again(self, count: int) -> str:
        """Say how many came back again."""
        return ngettext("%(n)s order came back again.", "%(n)s orders came back again.", count) % {"n": count}

    def said_one(self, _found: Opened, answer: Sent) -> str:
        """Say that what was opened is taken in."""
        if answer.outcome == "duplicate":
            return _("Order %(number)s was here already: nothing was taken twice.") % {"number": answer.name}
        return _("Order %(number)s is taken in.") % {"number": answer.name}


PAGES: Final = OrderPages(
    kind=ORDERS,
    name="import",
    role="support",
    made="order",
    made_verb=gettext_lazy("Show the order"),
    context={"section": "orders"},
)
