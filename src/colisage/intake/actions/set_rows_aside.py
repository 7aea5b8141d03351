"""Rows that came back and are not to be sent, and such taken up again."""

from collections import Counter
from collections.abc import Collection

from django.db import transaction

from colisage.intake.actions.send_rows import settle
from colisage.intake.models import ImportRun, RefusedRow
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere


@transaction.atomic
def set_rows_aside(
    merchant_id: int, order_rows: Collection[int], *, run_id: int, back: bool = False, actor: Actor
) -> set[int]:
    """Say that orders of a file, by the rows they begin with, are not to be sent; give those that it changed.

    They count as left out. With `back` they are taken up again. Raises `NotThere`.
    """
    run = ImportRun.objects.filter(merchant_id=merchant_id, pk=run_id).first()
    if run is None:
        raise NotThere
    found = RefusedRow.objects.select_for_update(no_key=True).filter(
        merchant_id=merchant_id, run_id=run_id, order_row__in=order_rows, state="aside" if back else "open"
    )
    rows = list(found.order_by("number"))
    if not rows:
        return set()
    run = ImportRun.objects.select_for_update(no_key=True).get(pk=run_id)
    reasons, aside = Counter(row.reason for row in rows), Counter({"set_aside": len(rows)})
    refused, ignored = Counter(run.refused), Counter(run.ignored)
    run.refused, run.ignored = (
        (dict(refused + reasons), dict(ignored - aside)) if back else (dict(refused - reasons), dict(ignored + aside))
    )
    run.save(update_fields=["refused", "ignored"])
    state = "open" if back else "aside"
    settle(
        (
            {
                "id": row.pk, "state": state, "reason": row.reason, "cells": row.cells, "order_row": row.order_row,
                "order_id": None,
            }
            for row in rows
        ),
        actor=actor,
    )  # fmt: skip
    verb = "rows_taken_up" if back else "rows_set_aside"
    record_deeds([Deed("import", run_id, verb, {"rows": len(rows)}, merchant_id=merchant_id)], actor=actor)
    return {row.order_row for row in rows}
