"""Saying where a merchant's webhooks go."""

from collections.abc import Collection

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.notices.models import WebhookEndpoint
from colisage.notices.queries.secrets import kept_secret, new_secret
from colisage.notices.queries.webhooks import living
from colisage.notices.rules.webhooks import MOST_ENDPOINTS, TYPES, url_fault


class BadAddress(Malformed):
    """Messages may not go there."""

    code = "bad_webhook_address"


class UnknownEvents(Malformed):
    """An endpoint hears of at least one known type of event."""

    code = "unknown_event_types"
    text = _("Choose at least one event that we tell of.")


class TooManyEndpoints(Refused):
    """A merchant has so many endpoints and no more."""

    code = "too_many_endpoints"
    text = _("There are %(most)s endpoints already. Change one of them.")


@transaction.atomic
def save_endpoint(
    merchant_id: int,
    *,
    url: str,
    events: Collection[str],
    note: str = "",
    endpoint_id: int | None = None,
    actor: Actor,
) -> tuple[int, str]:
    """Make an endpoint, or change one; give its id, and the secret of a new one, which is shown once.

    Raises `BadAddress` (see `rules.webhooks.url_fault`), `UnknownEvents`, `TooManyEndpoints` or `NotThere`.
    """
    fault = url_fault(url, inside=settings.COLISAGE_WEBHOOKS_INSIDE)
    if fault:
        raise BadAddress(fault)
    wanted = [kind for kind in TYPES if kind in events]
    if not wanted or len(wanted) < len(set(events)):
        raise UnknownEvents
    if endpoint_id is not None:
        return _changed(merchant_id, endpoint_id, {"url": url, "events": wanted, "note": note}, actor), ""
    if living(merchant_id).exclude(state="off").count() >= MOST_ENDPOINTS:
        raise TooManyEndpoints(most=MOST_ENDPOINTS)
    secret = new_secret()
    made = WebhookEndpoint.objects.create(
        merchant_id=merchant_id, url=url, events=wanted, note=note, secret=kept_secret(secret)
    )
    record_deeds([Deed("webhook", made.pk, "webhook_made", {"events": wanted}, merchant_id=merchant_id)], actor=actor)
    return made.pk, secret


def _changed(merchant_id: int, endpoint_id: int, told: dict[str, object], actor: Actor) -> int:
    rows = living(merchant_id).filter(pk=endpoint_id)
    if not rows.update(**told, changed_at=timezone.now()):
        raise NotThere
    deed = Deed("webhook", endpoint_id, "webhook_changed", {"events": told["events"]}, merchant_id=merchant_id)
    record_deeds([deed], actor=actor)
    return endpoint_id
