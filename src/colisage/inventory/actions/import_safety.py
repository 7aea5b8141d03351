from pathlib import Path
from typing import IO

from django.db import transaction

from colisage.inventory.actions.set_safety import Safety, set_safety
from colisage.inventory.models import SafetyFile, SafetyRefusedRow
from colisage.inventory.queries.safety_files import open_safety, safety_rows
from colisage.kit.actors import Actor
from colisage.kit.sent_files import begin_file, keep_refused


@transaction.atomic
def import_safety(merchant_id: int, *, source: Path | IO[bytes], file_name: str, actor: Actor) -> SafetyFile:
    """Take a file of safety stock: right rows set levels, wrong rows are kept with their reason.

    Raises `TableRefused` for a file that is none, and then changes nothing. A few statements, however many rows.
    """
    table = open_safety(source)
    run = begin_file(SafetyFile, merchant_id, table=table, file_name=file_name, actor=actor)
    rows = safety_rows(merchant_id, table=table)
    good = [Safety(row.sku_id, row.node_id, row.units) for row in rows if not row.reason]
    keep_refused(SafetyRefusedRow, run, ((r.number, r.raw, r.reason) for r in rows if r.reason))
    run.saved = len(good)
    run.changed = set_safety(merchant_id, good, actor=actor) if good else 0
    run.save(update_fields=["saved", "changed", "refused"])
    return run
