import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from colisage.carriers.models import Carrier
from colisage.orders.queries import parts
from colisage.people.models import User
from colisage.shipping.actions.buy_labels import buy_labels
from colisage.shipping.actions.request_shipments import request_shipments
from colisage.shipping.actions.void_shipments import void_shipments
from colisage.shipping.models import Label, Manifest, Shipment
from tests.cast import World
from tests.shipping.conftest import Packed, shipment
from tests.shipping.fakes import FakeCarrier


def page(user: User, name: str = "shipping") -> tuple[Client, str]:
    client = Client()
    client.force_login(user)
    answer = client.get(reverse(name))
    assert answer.status_code == 200
    return client, answer.content.decode()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_desk_counts_what_waits_by_carrier(world: World, labelled: Packed, language: str) -> None:
    labelled((("MUG", 1),), (("LAMPE", 2),))
    client = Client(headers={"accept-language": language})
    client.force_login(world.chen)
    client.cookies["language"] = language
    text = client.get(reverse("shipping")).content.decode()
    assert {"fr": "3 colis à remettre", "en": "3 parcels to hand over"}[language] in text
    assert "La Poste Colissimo" in text


def test_an_empty_desk_says_what_comes_here(world: World) -> None:
    _, text = page(world.chen)
    assert 'class="empty"' in text or "empty" in text


def test_labels_are_printed_once_then_again_on_demand(world: World, labelled: Packed, laposte: Carrier) -> None:
    labelled((("MUG", 1),))
    client, _ = page(world.bo)
    asked = {"node": world.lyon.pk, "carrier": laposte.pk, "kind": "zpl"}
    first = client.post(reverse("shipping-print"), asked)
    assert first.content.startswith(b"^XA")
    assert Label.objects.get().printed_at is not None
    assert client.post(reverse("shipping-print"), asked).status_code == 302
    pdf = client.post(reverse("shipping-print"), {**asked, "kind": "pdf", "every": "1"})
    assert pdf.content.startswith(b"%PDF")


def test_handing_over_closes_a_manifest_that_can_be_printed(world: World, labelled: Packed, laposte: Carrier) -> None:
    [part] = labelled((("MUG", 1),))
    client, _ = page(world.chen)
    asked = {"node": world.lyon.pk, "carrier": laposte.pk}
    assert client.post(reverse("shipping-hand-over"), asked).status_code == 302
    assert parts([part])[part].stage == "handed_over"
    manifest = client.get(reverse("shipping-manifest", args=[Manifest.objects.get().pk]))
    assert manifest.content.startswith(b"%PDF")
    assert client.post(reverse("shipping-hand-over"), asked).status_code == 302  # nothing left: said, no fault
    assert Manifest.objects.count() == 1


def test_a_stuck_label_shows_the_next_verb(world: World, packed: Packed, carrier: FakeCarrier) -> None:
    carrier.moods = ["refuse"]
    [part] = packed((("MUG", 1),))
    buy_labels(request_shipments([part]))
    client, text = page(world.chen)
    assert "no such street" in text
    assert reverse("shipping-again") in text
    client.post(reverse("shipping-again"), {"shipment": shipment(part).pk})
    assert shipment(part).state == "requested"


def test_a_voided_part_is_asked_for_again_by_hand(world: World, labelled: Packed) -> None:
    [part] = labelled((("MUG", 1),))
    void_shipments([part])
    client, text = page(world.chen)
    assert reverse("shipping-request") in text
    client.post(reverse("shipping-request"))
    assert shipment(part).state == "requested"


def test_voiding_from_the_order(world: World, labelled: Packed) -> None:
    [part] = labelled((("MUG", 1),))
    client, _ = page(world.chen)
    assert client.post(reverse("shipping-void", args=[shipment(part).order_id])).status_code == 302
    assert Label.objects.get().state == "void"


def test_a_label_is_printed_again_by_scan(world: World, labelled: Packed) -> None:
    labelled((("MUG", 1),))
    label = Label.objects.get()
    client, _ = page(world.bo, "shipping-reprint")
    good = client.post(reverse("shipping-reprint"), {"code": label.tracking_number}, headers={"HX-Request": "true"})
    assert reverse("shipping-label", args=[label.pk]) in good.content.decode()
    assert client.get(reverse("shipping-label", args=[label.pk])).content.startswith(b"%PDF")
    assert client.get(reverse("shipping-label-zpl", args=[label.pk])).content.startswith(b"^XA")
    bad = client.post(reverse("shipping-reprint"), {"code": "3760\x00"}, headers={"HX-Request": "true"})
    assert bad.status_code == 422
    assert "data-verdict" in bad.content.decode()


def test_dee_sees_nothing_and_may_do_nothing(world: World, labelled: Packed, laposte: Carrier) -> None:
    [part] = labelled((("MUG", 1),))
    label = Label.objects.get()
    client, text = page(world.dee)
    assert "La Poste" not in text
    for kind in ("", "-zpl"):
        assert client.get(reverse(f"shipping-label{kind}", args=[label.pk])).status_code == 404
    for name, data in (
        ("shipping-hand-over", {"node": world.lyon.pk, "carrier": laposte.pk}),
        ("shipping-print", {"node": world.lyon.pk, "carrier": laposte.pk, "kind": "pdf"}),
        ("shipping-again", {"shipment": shipment(part).pk}),
        ("shipping-request", {}),
    ):
        assert client.post(reverse(name), data).status_code in {302, 403, 404}
    assert client.get(reverse("shipping-manifest", args=[1])).status_code in {403, 404}
    assert shipment(part).state == "bought"


def test_nobody_without_a_log_in(world: World) -> None:
    assert Client().get(reverse("shipping")).status_code == 302


@pytest.mark.parametrize("data", [{}, {"node": "x", "carrier": "1"}, {"node": "-1", "carrier": "9" * 40}])
def test_a_form_that_cannot_be_read_is_refused(world: World, data: dict[str, str]) -> None:
    client, _ = page(world.chen)
    assert client.post(reverse("shipping-hand-over"), data).status_code == 422


def test_the_desk_asks_as_much_for_many_as_for_few(world: World, labelled: Packed) -> None:
    counts = []
    for many in (2, 12):
        labelled(*[(("CARTE", 1),)] * many)
        Shipment.objects.filter(pk__in=Shipment.objects.values("pk")[: many // 2]).update(
            state="unknown", problem="no_answer"
        )
        client, _ = page(world.chen)
        with CaptureQueriesContext(connection) as queries:
            text = client.get(reverse("shipping")).content.decode()
        assert len(re.findall(r'name="shipment"', text)) >= many // 2
        counts.append(len(queries))
    assert counts[0] == counts[1]
