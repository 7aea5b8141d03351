"""Taking a file of orders in: it is kept as it came, and read by a worker."""

import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.intake.models import ImportRun
from colisage.intake.tasks import read_file
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed
from colisage.network.queries import channels_of


class NoSuchChannel(Malformed):
    """The merchant has no channel of that code."""

    code = "unknown_channel"
    text = _("There is no sales channel called %(code)s.")


@transaction.atomic
def start_import(
    merchant_id: int,
    *,
    channel: str,
    source: BinaryIO,
    file_name: str,
    options: Mapping[str, Any],
    actor: Actor,
    in_background: bool = True,
) -> int:
    """Keep a file and note that it wants to be read; give the id of the import.

    `options`: `format` (else it is recognised), `dates` (`day_first` or `month_first`), `history` (quiet: nobody is
    told, nothing is sent), `opening_stock` (`none`: the orders hold no stock). A worker reads the file unless told
    otherwise.
    """
    chosen = channels_of(merchant_id).get(channel)
    if chosen is None:
        raise NoSuchChannel(code=channel)
    place = Path("imports") / f"{secrets.token_hex(12)}{''.join(Path(file_name).suffixes[-2:])[-20:]}"
    target = settings.COLISAGE_DATA_DIR / place
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as out:
        shutil.copyfileobj(source, out, 1 << 20)
    run = ImportRun.objects.create(
        merchant_id=merchant_id,
        channel_id=chosen.id,
        file_name=Path(file_name).name[:255],
        path=str(place),
        size_bytes=target.stat().st_size,
        options=dict(options),
        by_id=actor.id,
        by_name=actor.name,
    )
    record_deeds([Deed("import", run.pk, "import_started", {"channel": channel}, merchant_id=merchant_id)], actor=actor)
    if in_background:
        read_file.defer(run_id=run.pk)
    return run.pk
