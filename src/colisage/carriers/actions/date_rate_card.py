from datetime import date

from django.db import transaction

from colisage.carriers.actions.import_rate_cards import CardsOverlap, EndsBeforeItBegins
from colisage.carriers.models import RateCard, Service
from colisage.carriers.rules import meet
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere
from colisage.ui import words


@transaction.atomic
def date_rate_card(operator_id: int, *, card_id: int, valid_from: date, valid_to: date | None, actor: Actor) -> bool:
    """Set the days on which an operator's own card counts, both included; say whether they changed.

    Public tariffs belong to nobody and keep their days. What was quoted before stays as it was quoted.
    """
    if valid_to is not None and valid_to < valid_from:
        raise EndsBeforeItBegins
    card = RateCard.objects.filter(operator_id=operator_id, pk=card_id).select_related("service").first()
    if card is None:
        raise NotThere
    Service.objects.select_for_update(no_key=True).get(pk=card.service_id)  # as imports do: one at a time
    others = RateCard.objects.filter(
        operator_id=operator_id, service_id=card.service_id, from_country=card.from_country
    ).exclude(pk=card_id)
    for other in others.order_by("valid_from"):
        if meet((valid_from, valid_to), other=(other.valid_from, other.valid_to)):
            day = words.day(other.valid_from, style="numeric")
            raise CardsOverlap(service=card.service.name, day=day)
    if (card.valid_from, card.valid_to) == (valid_from, valid_to):
        return False
    RateCard.objects.filter(pk=card.pk).update(valid_from=valid_from, valid_to=valid_to)
    told = {"valid_from": valid_from.isoformat(), "valid_to": valid_to.isoformat() if valid_to else None}
    record_deeds([Deed("rate_card", card.pk, "rate_card_dated", told, operator_id=operator_id)], actor=actor)
    return True
