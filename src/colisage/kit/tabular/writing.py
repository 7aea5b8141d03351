"""Give refused rows back as a file that can be corrected and sent again."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import IO, Final

from django.utils.functional import Promise
from django.utils.translation import gettext, override

from colisage.kit.tabular.dialect import Dialect
from colisage.kit.tabular.records import FORMULA_STARTS

_NUMBER: Final = re.compile(r"[+-]?\d[\d .,\u00a0\u202f]*")
REASON_NAMES: Final = frozenset({"Reason for refusal", "Motif du refus"})


def harmless(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would run as a formula; numbers stay as they are."""
    if cell and cell[0] in FORMULA_STARTS and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def write_refused(
    out: IO[bytes],
    *,
    headers: Sequence[str],
    rows: Iterable[tuple[Sequence[str], str | Promise]],
    dialect: Dialect,
    language: str,
) -> int:
    """Write rows with the reason beside each, in `language`; give their number.

    The separator is the one they came with. The encoding is UTF-8, announced by a BOM where the file looks
    like Excel's (`;`, cp1252 or UTF-16), because Excel needs it; our reader takes either. A reason column
    from an earlier round is replaced. Cells beyond the named columns follow the reason: a text with a separator in it
    is often why a row is refused, and its end must not be lost.
    """
    excel = dialect.delimiter == ";" or dialect.encoding != "utf-8"
    text = io.TextIOWrapper(out, encoding="utf-8-sig" if excel else "utf-8", errors="replace", newline="")
    kept = [place for place, name in enumerate(headers) if name not in REASON_NAMES]
    writer = csv.writer(text, delimiter=dialect.delimiter, lineterminator="\r\n" if excel else "\n")
    count = 0
    with override(language):
        writer.writerow([*(harmless(headers[place]) for place in kept), gettext("Reason for refusal")])
        for raw, reason in rows:
            cells = [harmless(raw[place]) if place < len(raw) else "" for place in kept]
            writer.writerow([*cells, str(reason), *map(harmless, raw[len(headers) :])])
            count += 1
    text.flush()
    text.detach()
    return count
