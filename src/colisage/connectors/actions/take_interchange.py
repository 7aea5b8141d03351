"""An interchange that was refused at the door, taken in because a person wants it."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.connectors.actions.keep_interchange import keep_interchange
from colisage.connectors.models import Interchange
from colisage.connectors.queries.interchanges import body_of, interchange_of
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere, Refused


class NothingToTake(Refused):
    """It was taken in already, or no message of it is whole."""

    code = "nothing_to_take"
    text = _("Nothing in it is whole, or it was taken in already.")


@transaction.atomic
def take_interchange(merchant_id: int, *, interchange_id: int, actor: Actor) -> Interchange:
    """Take in the messages of a refused interchange that are whole. Raises `NotThere`, `NothingToTake`."""
    found = interchange_of([merchant_id], interchange_id=interchange_id)
    if found is None:
        raise NotThere
    body = body_of(found)
    if found.state == "taken" or not found.messages or not body:
        raise NothingToTake
    [made] = keep_interchange(
        merchant_id, channel_id=found.channel_id, body=body, via="hand", by_name=str(actor), despite=True
    )
    told = {"sender": made.sender, "number": made.number}
    record_deeds([Deed("interchange", made.pk, "interchange_taken", told, merchant_id=merchant_id)], actor=actor)
    return made
