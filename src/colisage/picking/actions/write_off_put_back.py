"""Units of a cancelled order that nobody finds on the bench, or that cannot be sold any more."""

from django.db import transaction

from colisage.kit.actors import Actor
from colisage.kit.errors import Malformed
from colisage.network.queries import place_of, virtual_place
from colisage.picking.actions.claim_put_back import claim_put_back
from colisage.picking.actions.clear_bench import Way, clear_bench
from colisage.picking.actions.put_units_back import TooManyBack

WHY = ("lost", "damaged")


@transaction.atomic
def write_off_put_back(
    operator_id: int, *, merchant_id: int, put_back_id: int, units: int, why: str, document: int, actor: Actor
) -> int:
    """Write off units that should lie on the bench; give how many are left to put back.

    `lost` ones go to loss, `damaged` ones to the quarantine place as damaged; their promise ends. The same document
    again changes nothing. Raises `TooManyBack` for more than should lie there, `NothingToPutBack` when it is done.
    """
    if why not in WHY:
        raise Malformed
    one = claim_put_back(operator_id, merchant_id=merchant_id, put_back_id=put_back_id)
    if not 0 < units <= one.left:
        raise TooManyBack(left=one.left)
    if why == "damaged":
        place = place_of(one.node_id, kind="quarantine")
        way = Way(
            place_id=place.pk, place=place.code, reason="damaged", condition="damaged", document=document, missing=True
        )
    else:
        way = Way(place_id=virtual_place("loss"), place="", reason="lost", document=document, missing=True)
    return clear_bench(one, units=units, way=way, actor=actor)
