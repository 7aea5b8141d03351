"""The same form, or the same request, sent several times at the same moment: one document, one answer."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from colisage.inbound.models import Announcement, Production, Supplier, Transfer
from colisage.kit.actors import SYSTEM
from colisage.people.actions.make_api_key import make_api_key
from tests.cast import World
from tests.inbound.dock import order
from tests.together import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("balanced")]


def double_click(world: World, address: str, form: dict[str, Any]) -> list[Any]:
    def click() -> Any:
        client = Client(raise_request_exception=False)
        client.force_login(world.chen)
        return client.post(address, form)

    return at_once(*[click] * 4)


def test_forms_sent_twice_at_once_are_done_once(world: World) -> None:
    transfer = {"once": "x", "from_node": world.lyon.pk, "to_node": world.montreal.pk, "lines": "MUG 2"}
    answers = double_click(world, reverse("transfer-new"), transfer)
    made = reverse("transfer", args=[Transfer.objects.get().pk])
    assert {(a.status_code, a.headers.get("Location")) for a in answers} == {(302, made)}

    batch = {"once": "y", "sku": "LAMPE", "qty": "4", "node": world.lyon.pk}
    answers = double_click(world, reverse("productions"), batch)
    assert {a.status_code for a in answers} == {302}
    assert Production.objects.get().qty == 4

    supplier = {
        "code": "POT", "name": "Poterie", "language": "fr", "currency": "EUR", "lead_days": "14", "due_days": "30",
        "due_from": "invoice", "claim_days": "8",
    }  # fmt: skip
    answers = double_click(world, reverse("supplier-new"), supplier)
    assert sorted(a.status_code for a in answers) == [302, 422, 422, 422]
    assert Supplier.objects.get().code == "POT"


def test_a_delivery_announced_twice_at_once_is_one_delivery(world: World) -> None:
    order(world, ("MUG", 10), number="A-9")
    token = make_api_key(world.tilleul.pk, name="ERP", scopes=["inbound:write"], actor=SYSTEM)
    told = json.dumps({"reference": "BL-1", "order": "A-9", "lines": [{"sku": "MUG", "quantity": 2}]})

    def announce() -> Any:
        return Client(raise_request_exception=False).post(
            "/api/v1/inbound/announcements", told, content_type="application/json",
            headers={"Authorization": f"Bearer {token}"},
        )  # fmt: skip

    assert sorted(answer.status_code for answer in at_once(*[announce] * 4)) == [200, 200, 200, 201]
    assert Announcement.objects.get().reference == "BL-1"
