"""Saying which column of a file that was sent holds what, and having it read."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.intake.actions.judge_columns import judge_columns
from colisage.intake.models import ImportRun
from colisage.intake.queries.mappings import file_of
from colisage.intake.tasks import read_file
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere, Refused


class AlreadyRead(Refused):
    """The file was given to be read before."""

    code = "file_already_read"
    text = _("This file is being read already, or was. Send it again to have it read otherwise.")


@transaction.atomic
def choose_columns(
    merchant_id: int, *, run_id: int, places: Mapping[str, str], options: Mapping[str, Any], actor: Actor
) -> None:
    """Have a file read that waits for its columns.

    Raises `AlreadyRead`: twice is once, `BadColumns`, `NotThere`, and a `TableRefused` for a file that is no table.
    """
    run = ImportRun.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk=run_id).first()
    if run is None:
        raise NotThere
    if run.state != "columns":
        raise AlreadyRead
    pointed_at, said = judge_columns(places, columns=file_of(run, most_rows=1).columns, options=options)
    run.options = {**run.options, **said, "columns": pointed_at, "format": "plain"}
    run.state = "waiting"
    run.save(update_fields=["options", "state"])
    record_deeds([Deed("import", run.pk, "columns_chosen", {}, merchant_id=merchant_id)], actor=actor)
    read_file.defer(run_id=run.pk)
