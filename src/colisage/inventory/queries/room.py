"""How much room there is in places, as far as sizes and weights are known."""

from collections.abc import Collection

from colisage.inventory.rules.moving import Room
from colisage.kit.statements import ask
from colisage.network.queries.places import places_facts
from colisage.ui import words


def rooms_of(place_ids: Collection[int]) -> dict[int, Room]:
    """Give what places hold, whoever owns it, and can hold; two statements. Lock them first (`lock_places`)."""
    if not place_ids:
        return {}
    found = ask("inventory", "room_taken", [list(place_ids)])
    taken = {place: (mm3, grams) for place, mm3, grams, _unknown, _skus in found}
    return {
        place.id: Room(
            words.plate(place.code),
            *taken.get(place.id, (0, 0)),
            place.volume_mm3,
            place.max_grams,
            active=place.active,
        )
        for place in places_facts(place_ids).values()
    }


def goods_in(place_ids: Collection[int]) -> set[int]:
    """Give the places in which something lies, whoever owns it. Lock them first (`lock_places`)."""
    found = ask("inventory", "room_taken", [list(place_ids)]) if place_ids else []
    return {place for place, _mm3, _grams, _unknown, skus in found if skus}
