"""Noting what lies in the bin being counted: by scan, one after the other, or as a number."""

from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.catalog.queries import sku_of
from colisage.inventory.actions.save_lot import save_lot
from colisage.inventory.actions.save_serials import save_serials
from colisage.inventory.actions.start_count import CountIsOver, SomebodyCounts
from colisage.inventory.models import Condition, CountRound, Lot
from colisage.inventory.queries.counting import kept_by_lot
from colisage.inventory.rules.counting import same_person
from colisage.kit.actors import Actor
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.kit.statements import statement
from colisage.ui import words

MOST = 1_000_000


class NotACount(Malformed):
    """A count is a whole number of units, within reason."""

    code = "not_a_count"
    text = _("Say how many there are: a whole number, at most a million.")


class NothingOfItsOwn(Refused):
    """A bundle is never in a bin: its components are."""

    code = "nothing_of_its_own"
    text = _("%(sku)s is a bundle: scan what lies in it, piece by piece.")


class LotWanted(Refused):
    """Units of this SKU are told apart by lot or serial, and none was named."""

    code = "lot_wanted"
    text = _("%(sku)s is kept by lot. Scan or type the lot.")


class UnknownLot(Refused):
    """Nobody has seen this lot of the SKU before: it may be a slip, it may be new."""

    code = "unknown_lot"
    text = _("Nobody knows lot %(lot)s of %(sku)s. Scan it again, or note it as new.")


class SerialNoted(Refused):
    """There is one unit of a serial."""

    code = "serial_noted"
    text = _("Serial %(lot)s is noted already.")


@transaction.atomic
def note_units(
    operator_id: int,
    *,
    round_id: int,
    merchant_ids: list[int],
    sku_id: int,
    units: int,
    actor: Actor,
    add: bool = True,
    lot: str = "",
    new_lot: bool = False,
    condition: str = "sellable",
) -> int:
    """Note units of a SKU in a round, added to what was noted of the same sort, or in its place; give what is noted.

    Refuses what is not the counter's own round, numbers out of reason, and lots that nobody knows unless they are said
    to be `new_lot`. Nothing of the books is read or changed.
    """
    begun = going(operator_id, round_id=round_id, actor=actor)
    sku = sku_of(merchant_ids, sku_id=sku_id)
    if sku is None:
        raise NotThere
    if sku.kind == "bundle":
        raise NothingOfItsOwn(sku=sku.code)
    if not 0 <= units <= MOST or (add and not units) or condition not in Condition.values:
        raise NotACount
    by_lot, by_serial = kept_by_lot(sku_id)
    known = _lot(
        sku.merchant_id, sku_id=sku_id, code=lot.strip(), new=new_lot, wanted=by_lot, serial=by_serial, sku=sku.code
    )
    if by_serial and units > 1:
        raise SerialNoted(lot=lot.strip())
    facts: dict[str, Any] = {
        "operator": operator_id, "merchant": sku.merchant_id, "round": begun.pk, "sku": sku_id, "lot": known,
        "condition": condition, "units": units, "add": add,
    }  # fmt: skip
    with connection.cursor() as db:
        db.execute(statement("inventory", "count_line"), facts)
        noted = int(db.fetchone()[0])
    if by_serial and noted > 1:
        raise SerialNoted(lot=lot.strip())
    if noted > MOST:
        raise NotACount
    return noted


def going(operator_id: int, *, round_id: int, actor: Actor) -> CountRound:
    """Give the round a person counts in, locked and seen alive; refuse one that ended or is somebody else's."""
    begun = (
        CountRound.objects.select_for_update(no_key=True, of=("self",))
        .select_related("task__place")
        .filter(operator_id=operator_id, pk=round_id)
        .first()
    )
    if begun is None:
        raise NotThere
    if begun.finished_at or begun.dropped:
        raise CountIsOver
    me = (actor.id if actor.kind == "person" else None, str(actor)[:150])
    if not same_person((begun.person_id, begun.person_name), other=me):
        raise SomebodyCounts(person=begun.person_name, bin=words.plate(begun.task.place.code))
    CountRound.objects.filter(pk=begun.pk).update(seen_at=timezone.now())
    return begun


def _lot(merchant_id: int, *, sku_id: int, code: str, new: bool, wanted: bool, serial: bool, sku: str) -> int | None:
    if not code:
        if wanted:
            raise LotWanted(sku=sku)
        return None
    known = Lot.objects.filter(merchant_id=merchant_id, sku_id=sku_id, code__iexact=code).order_by("pk").first()
    if known is not None:
        return known.pk
    if not new:
        raise UnknownLot(lot=code[:80], sku=sku)
    if serial:
        return save_serials(merchant_id, serials=[(sku_id, code)])[sku_id, code]
    return save_lot(merchant_id, sku_id=sku_id, code=code, expires_on=None)
