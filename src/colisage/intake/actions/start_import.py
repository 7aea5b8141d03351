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
from colisage.intake.queries.mappings import layout_of, pointed
from colisage.intake.rules.columns import Pointed
from colisage.intake.tasks import read_file
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed
from colisage.kit.rehearsal import is_rehearsal
from colisage.network.queries import channels_of


class NoSuchChannel(Malformed):
    """The merchant has no channel of that code."""

    code = "unknown_channel"
    text = _("There is no sales channel called %(code)s.")


class NoSuchMapping(Malformed):
    """The channel has no saved mapping of that name."""

    code = "unknown_mapping"
    text = _("There is no mapping called %(name)s for this sales channel.")


class MappingMisses(Malformed):
    """The file has changed since the mapping was made."""

    code = "mapping_misses_columns"
    text = _("The mapping %(name)s needs columns that this file no longer has: %(columns)s.")


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
    asks: bool = False,
    point: bool = False,
) -> int:
    """Keep a file and note that it wants to be read; give the id of the import.

    `options`: `format` (else it is recognised), `dates` (`day_first` or `month_first`), `history` (quiet: nobody is
    told, nothing is sent), `opening_stock` (`none`: the orders hold no stock), `mapping` (the name of a saved one; else
    the one that was made for such a file is found). A worker reads the file unless told otherwise.

    With `asks` a person can be asked: a file of unknown columns, or one of which `point` says that they want to point
    at them, waits for that (`choose_columns`). Raises `NoSuchChannel`, `NoSuchMapping` and `MappingMisses`.
    """
    chosen = channels_of(merchant_id).get(channel)
    if chosen is None:
        raise NoSuchChannel(code=channel)
    place = Path("imports") / f"{secrets.token_hex(12)}{''.join(Path(file_name).suffixes[-2:])[-20:]}"
    target = settings.COLISAGE_DATA_DIR / place
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as out:
        shutil.copyfileobj(source, out, 1 << 20)
    try:
        state, read_by = _laid_out(merchant_id, chosen.id, target, options, asks=asks, point=point)
    except Malformed:
        target.unlink()
        raise
    run = ImportRun.objects.create(
        state=state,
        merchant_id=merchant_id,
        channel_id=chosen.id,
        file_name=Path(file_name).name[:255],
        path=str(place),
        size_bytes=target.stat().st_size,
        options={**options, **read_by},
        by_id=actor.id,
        by_name=actor.name,
    )
    record_deeds([Deed("import", run.pk, "import_started", {"channel": channel}, merchant_id=merchant_id)], actor=actor)
    if in_background and state == "waiting":
        read_file.defer(run_id=run.pk)
    if is_rehearsal():  # the rest is undone by the database
        target.unlink()
    return run.pk


def _laid_out(
    merchant_id: int, channel_id: int, place: Path, options: Mapping[str, Any], *, asks: bool, point: bool
) -> tuple[str, dict[str, Any]]:
    """Say whether a file can be read or waits for its columns, and what is said of these."""
    if options.get("format"):
        return "waiting", {}
    mappings = pointed(merchant_id, channel_id=channel_id)
    if name := options.get("mapping"):
        mapping = next((one for one in mappings if one.name == name), None)
        if mapping is None:
            raise NoSuchMapping(name=name)
        mappings = [mapping]
    if asks and point:
        return "columns", {}
    layout = layout_of(place, mappings=mappings, only=bool(name))
    if layout.kind == "mapped" and layout.mapping:
        return "waiting", _read_by(layout.mapping)
    if layout.kind == "unknown" and asks:
        return "columns", {"nearly": layout.mapping.id} if layout.mapping else {}
    if name and layout.missing:
        raise MappingMisses(name=name, columns=", ".join(layout.missing))
    return "waiting", {}


def _read_by(mapping: Pointed) -> dict[str, Any]:
    """Give what an import keeps of a mapping: changed or removed later, it goes on as it began."""
    return {**mapping.options, "columns": dict(mapping.places), "format": "plain", "mapping": mapping.name}
