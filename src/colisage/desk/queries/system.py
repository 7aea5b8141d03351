"""How the installation is."""

from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext_lazy as _

from colisage.desk.queries.stuck import step_name
from colisage.kit.outbox import lags
from colisage.kit.queries import parked_counts
from colisage.notices.queries import doors_open

VERBS = {
    "news_retried": _("%(actor)s handed stuck news to the step “%(step)s” again: it went through."),
    "news_failed_again": _("%(actor)s handed stuck news to the step “%(step)s” again: it failed again."),
    "news_skipped": _("%(actor)s skipped stuck news of the step “%(step)s”."),
}
LATE_SECONDS: Final = 60
JOBS: Final = """SELECT queue_name,
       count(*) FILTER (WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())),
       count(*) FILTER (WHERE status = 'doing'),
       count(*) FILTER (WHERE status = 'failed')
  FROM procrastinate_jobs GROUP BY queue_name ORDER BY queue_name"""
WORKERS: Final = """SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute'"""


@dataclass(frozen=True, slots=True)
class Step:
    """A handler of the journey: how far it is behind, and how many things are stuck in it."""

    name: str
    action: str
    waiting: int
    seconds: int
    stuck: int

    @property
    def late(self) -> bool:
        """Say whether somebody should look."""
        return self.seconds > LATE_SECONDS or self.stuck > 0


def system_page() -> dict[str, Any]:
    """Give what the page of the installation shows."""
    stuck = parked_counts()
    steps = []
    for lag in lags():
        words = lag.handler.split(".")
        steps.append(Step(step_name(words[1]), words[-1], lag.waiting, round(lag.seconds), stuck.get(lag.handler, 0)))
    with connection.cursor() as db:
        db.execute(WORKERS)
        (workers,) = db.fetchone()
        db.execute(JOBS)
        jobs = db.fetchall()
        db.execute("SELECT current_setting('server_version'), pg_size_pretty(pg_database_size(current_database()))")
        version, size = db.fetchone()
    return {
        "steps": steps,
        "late": sum(step.late for step in steps),
        "workers": workers,
        "jobs": jobs,
        "version": version,
        "size": size,
        "mail": doors_open(),
    }
