"""All rows of a file that came back, or all of one reason, sent again as they are by a worker."""

from django.db import transaction

from colisage.intake.actions.run_import import channel_of
from colisage.intake.actions.send_rows import said_of
from colisage.intake.models import ImportRun
from colisage.intake.tasks import read_rows_again
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere
from colisage.kit.statements import ask, rows


@transaction.atomic
def send_rows_later(merchant_id: int, *, run_id: int, reason: str = "", actor: Actor) -> int:
    """Have orders that came back read again as they are; give the number of their rows.

    With `reason` those of which a row came back for it. Raises `NotThere` and `ChannelClosed`.
    """
    run = ImportRun.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk=run_id).first()
    if run is None:
        raise NotThere
    channel_of(run)
    by = rows([said_of(actor)])
    found = ask("intake", "rows_wait", {"merchant": merchant_id, "run": run_id, "reason": reason, "by": by})
    ((count,),) = found
    if count:
        deed = Deed("import", run_id, "rows_to_send_again", {"rows": count, "reason": reason}, merchant_id=merchant_id)
        record_deeds([deed], actor=actor)
        read_rows_again.defer(run_id=run_id)
    return int(count)
