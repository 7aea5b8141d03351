"""Imports, as the desk shows them."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext

from colisage.intake.models import ImportRun
from colisage.intake.ports import REASONS


def imports_of(merchant_ids: Collection[int], *, most: int = 50, before: int | None = None) -> list[ImportRun]:
    """Give the latest imports, those before one."""
    rows = ImportRun.objects.filter(merchant_id__in=merchant_ids).select_related("channel").order_by("-pk")
    return list((rows if before is None else rows.filter(pk__lt=before))[:most])


def unfinished_imports() -> list[int]:
    """Give the ids of the imports that are not at their end, of every merchant: a question of the workers.

    A file of the last minute is left to whom it was given.
    """
    given_before = timezone.now() - timedelta(minutes=1)
    unfinished = ImportRun.objects.filter(created_at__lt=given_before).exclude(state__in=["done", "refused", "columns"])
    return list(unfinished.order_by("pk").values_list("pk", flat=True))


def import_of(merchant_ids: Collection[int], *, run_id: int) -> ImportRun | None:
    """Find an import of these merchants."""
    return ImportRun.objects.filter(merchant_id__in=merchant_ids, pk=run_id).select_related("channel").first()


def report_of(run: ImportRun) -> dict[str, Any]:
    """Account for every row of a file: the four fates add up to `rows`."""
    return {
        "rows": run.rows,
        "orders": run.orders,
        "lines": run.lines,
        "cancelled": run.cancelled,
        "ignored": dict(sorted(run.ignored.items())),
        "refused": dict(sorted(run.refused.items())),
    }


def report_told(run: ImportRun) -> list[tuple[str, int]]:
    """Account for every row of a file in the reader's language: what became of them, and how many."""
    return [
        (gettext("Rows read"), run.rows),
        (gettext("Orders"), run.orders),
        (gettext("Became lines of orders"), run.lines),
        (gettext("Cancelled by the shop"), run.cancelled),
        *((f"{gettext('Left out')} – {sentence}", n) for sentence, n in told(run.ignored)),
        *((f"{gettext('To correct')} – {sentence}", n) for sentence, n in told(run.refused)),
    ]


def told(counts: dict[str, int]) -> list[tuple[str | Promise, int]]:
    """Give counts by reason as sentences, the most frequent first."""
    return [(REASONS.get(code, code), n) for code, n in sorted(counts.items(), key=lambda item: -item[1])]
