"""The dock in the fewest words."""

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from colisage.inbound.actions.order_goods import order_goods
from colisage.inbound.actions.receive_goods import receive_goods
from colisage.inventory.models import StockCell
from colisage.kit.actors import SYSTEM
from colisage.people.models import Membership, User
from tests.cast import World


def take_in(world: World, code: str = "MUG", good: int = 10, **changes: Any) -> int:
    """Take units of a SKU in at Lyon."""
    facts: dict[str, Any] = {
        "node_id": world.lyon.pk, "sku_id": world.sku(code).pk, "sku_code": code, "good": good, "actor": SYSTEM,
    }  # fmt: skip
    return receive_goods(world.tilleul.pk, **{**facts, **changes})


def order(world: World, *wants: tuple[str, int], number: str = "A-1") -> int:
    """Order goods from the pottery, to Lyon."""
    return order_goods(
        world.tilleul.pk, supplier="Poterie du Rhône", node_id=world.lyon.pk, number=number,
        lines=[(world.sku(code).pk, units, 700) for code, units in wants], actor=SYSTEM,
    )  # fmt: skip


def lying(world: World, code: str) -> dict[tuple[str, str], int]:
    """Say where units of a SKU stand outside the bins, by kind of place and condition."""
    cells = StockCell.objects.filter(sku=world.sku(code), qty__gt=0, kept=True).exclude(place__kind="bin")
    return {(kind, condition): qty for kind, condition, qty in cells.values_list("place__kind", "condition", "qty")}


def at_the_dock(world: World, person: User | None = None) -> Client:
    """Give a phone in the hands of a receiver, in English."""
    person = person or world.ada
    Membership.objects.filter(user=person).update(roles=["receiver"])
    client = Client()
    client.force_login(person)
    client.cookies["language"] = "en"
    return client


def desk(world: World) -> Client:
    """Give the desk of the manager, in English."""
    client = Client()
    client.force_login(world.chen)
    client.cookies["language"] = "en"
    return client


def photo(name: str = "photo.jpg") -> SimpleUploadedFile:
    """Give what a phone's camera sends."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "blue").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")
