from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import uniform

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from colisage.kit.actors import SYSTEM
from colisage.kit.audit import Deed, record_deeds
from colisage.notices.models import WebhookCall, WebhookEndpoint
from colisage.notices.ports import Answer
from colisage.notices.rules.webhooks import GONE, MOST_TRIES, is_broken, is_well, pause, wait


@transaction.atomic
def record_calls(answers: Sequence[Answer]) -> int:
    """Write down what came of calls that were claimed; give how many were received well.

    What was settled otherwise meanwhile is left alone. An endpoint that has only failed for days, or says that it is
    gone, is switched off: that stands on its page, on *Today* and in the audit.
    """
    by_id = {answer.id: answer for answer in answers}
    now = timezone.now()
    named = WebhookCall.objects.filter(pk__in=by_id, state="sending")
    endpoints = {
        e.pk: e
        for e in WebhookEndpoint.objects.select_for_update(no_key=True)
        .filter(pk__in=named.values_list("endpoint_id", flat=True))
        .order_by("pk")
    }
    calls = list(named.select_for_update(no_key=True).order_by("pk"))
    met: dict[int, list[Answer]] = defaultdict(list)
    for call in calls:
        answer = by_id[call.pk]
        _settle(call, answer, now)
        met[call.endpoint_id].append(answer)
    WebhookCall.objects.bulk_update(calls, ["state", "tries", "next_try_at", "sent_at"])
    off = [endpoints[pk] for pk, heard in met.items() if _health(endpoints[pk], heard, now)]
    WebhookEndpoint.objects.bulk_update(
        endpoints.values(), ["state", "failures", "failing_since", "paused_until", "answered_at"]
    )
    gone = [e for e in endpoints.values() if e.state == "gone"]  # removed while it was being called
    if gone:
        WebhookCall.objects.filter(endpoint__in=gone, state="waiting").update(state="failed")
    if off:
        WebhookCall.objects.filter(endpoint__in=off, state="waiting").update(state="kept")
        record_deeds(
            (Deed("webhook", e.pk, "webhook_broken", {"failures": e.failures}, merchant_id=e.merchant_id) for e in off),
            actor=SYSTEM,
        )
    if any(call.state == "waiting" and call.attempts == 1 for call in calls):  # not only with the sweep of the minute
        app.configure_task("notices.call", queue="notices", schedule_in={"seconds": 6}).defer()
    return sum(call.state == "sent" for call in calls)


def _settle(call: WebhookCall, answer: Answer, now: datetime) -> None:
    """Say what becomes of a call."""
    tried = {"at": now.isoformat(), "status": answer.status, "said": answer.said, "took_ms": answer.took_ms}
    if answer.why:
        tried["why"] = answer.why
    call.tries = [*call.tries, tried][-MOST_TRIES:]
    pausing = wait(call.attempts, retry_after=answer.retry_after)
    if is_well(answer.status):
        call.state, call.sent_at = "sent", now
    elif pausing is None or answer.status == GONE:
        call.state = "failed"
    else:
        call.state, call.next_try_at = "waiting", now + pausing * uniform(1, 1.1)  # noqa: S311 -- no secret


def _health(endpoint: WebhookEndpoint, heard: Sequence[Answer], now: datetime) -> bool:
    """Judge an endpoint by what it answered; say whether it is switched off for it."""
    if any(is_well(answer.status) for answer in heard):
        endpoint.failures, endpoint.failing_since, endpoint.paused_until, endpoint.answered_at = 0, None, None, now
        return False
    endpoint.failures += 1  # rounds, not calls: many were made side by side
    endpoint.failing_since = endpoint.failing_since or now
    pausing: timedelta | None = pause(endpoint.failures)
    endpoint.paused_until = now + pausing if pausing else None
    gone = any(answer.status == GONE for answer in heard)
    if endpoint.state == "on" and (
        gone or is_broken(failures=endpoint.failures, failing_since=endpoint.failing_since, now=now)
    ):
        endpoint.state = "broken"
        return True
    return False
