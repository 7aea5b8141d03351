"""Announced deliveries: from a file, over the API, by hand; said again they are the same."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from colisage.catalog.models import Barcode
from colisage.inbound.actions.announce_deliveries import DeliveryDraft, announce_deliveries
from colisage.inbound.actions.move_announcement import DeliveryBegun, DeliveryMovedOn, move_announcement
from colisage.inbound.actions.order_goods import order_goods
from colisage.inbound.actions.receive_goods import receive_goods
from colisage.inbound.models import AnnouncedLine, Announcement, AnnouncementImport, AnnouncementRefusedRow, Supplier
from colisage.inbound.queries.announcements import lines_of_sscc
from colisage.inbound.rules.announced import Item
from colisage.kit.actors import SYSTEM
from colisage.kit.errors import NotThere
from colisage.kit.gs1.digits import check_digit
from colisage.people.actions.make_api_key import make_api_key
from tests.cast import World, day
from tests.inbound.screens import client_of, file_of, text_of

pytestmark = pytest.mark.usefixtures("balanced")
SSCC, PALLET = "376000010000000012", "376000010000000029"


@pytest.fixture
def order(world: World) -> int:
    return order_goods(
        world.tilleul.pk,
        supplier="Poterie",
        node_id=world.lyon.pk,
        number="A-1",
        lines=[(world.sku("MUG").pk, 48, 700), (world.sku("CARTE").pk, 100, 80)],
        actor=SYSTEM,
    )


def sscc(payload: str) -> str:
    return payload[:17] + check_digit(payload[:17])


def send(world: World, content: str | bytes, *, language: str = "en", **told: str) -> Any:
    world.chen.language = language
    world.chen.save()
    data = {"file": file_of(content), "reference": "BL-1", **told}
    return client_of(world.chen, language=language).post("/inbound/announcements/import", data, follow=True)


def kept() -> list[tuple[str, int, str, str]]:
    rows = AnnouncedLine.objects.order_by("pk")
    return list(rows.values_list("sku__code", "qty", "lot", "sscc"))


def reasons() -> list[str]:
    return list(AnnouncementRefusedRow.objects.order_by("number").values_list("reason", flat=True))


def test_right_rows_come_in_and_wrong_rows_come_back_with_the_reason(world: World, order: int) -> None:
    Barcode.objects.create(merchant=world.tilleul, sku=world.sku("CARTE"), code="3760000000017", units=50)
    box = sscc(SSCC)
    answer = send(
        world,
        "commande;référence;code barres;quantité;lot;DLC;SSCC;couleur\n"
        f"A-1;MUG;;24;L-1;{day(400):%d/%m/%Y};(00) {box};bleu\n"
        "A-1;;03760000000017;2;;;;\n"
        "A-1;NOPE;;4;;;;\n"
        "A-1;MUG;;-4;;;;\n"
        "A-1;MUG;;9999999;;;;\n"
        "B-9;MUG;;4;;;;\n"
        "A-1;MUG;;4;;31/31/2027;;\n"
        "A-1;MUG;;4;;01/01/2020;;\n"
        "A-1;MUG;;4;;;376000010000000013;\n"
        "A-1;COFFRET;;4;;;;\n"
        ";MUG;;4;;;;\n"
        "A-1;=cmd|' /C calc'!A0;;4;;;;\n"
        "A-1;TAPIS;3760000000017;4;;;;\n",
        language="fr",
    )
    assert kept() == [("MUG", 24, "L-1", box), ("CARTE", 100, "", "")]
    assert reasons() == [
        "no_such_sku", "bad_quantity", "bad_quantity", "no_such_order", "bad_date", "expired", "bad_sscc", "bundle",
        "no_supplier", "no_such_sku", "codes_disagree",
    ]  # fmt: skip
    page = text_of(answer)
    assert "2 lignes annoncées, 11 lignes à corriger" in page
    assert "couleur" in page
    run = AnnouncementImport.objects.get()
    back = (
        client_of(world.chen, language="fr").get(f"/inbound/announcements/import/{run.pk}/refused.csv").content.decode()
    )
    assert "La quantité est un nombre entier, d’un à un million." in back
    assert "'=cmd|" in back


def test_the_same_file_changes_nothing_and_corrected_rows_complete_the_delivery(world: World, order: int) -> None:
    content = "supplier,sku,qty\nPoterie,MUG,24\nPoterie,MUGG,4\n"
    send(world, content)
    send(world, content)
    assert kept() == [("MUG", 24, "", "")]
    send(world, "supplier,sku,qty\nPoterie,CARTE,4\n")
    assert kept() == [("MUG", 24, "", ""), ("CARTE", 4, "", "")]
    assert Announcement.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"supplier,qty\nPoterie,4\n", "needs a column of SKUs"),
        (b"sku,code,qty\nA,B,4\n", "say the same thing"),
        (b"PK\x03\x04xl/", "workbook is incomplete"),
    ],
)
def test_a_file_that_is_none_is_refused_whole(world: World, content: bytes, said: str) -> None:
    answer = send(world, content)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not AnnouncementImport.objects.exists()


def test_excel_writes_its_files_in_ways_of_its_own(world: World, order: int) -> None:
    send(world, "\ufefffournisseur;réf;qté\r\nPoterie;MUG;1\u202f000\r\n".encode())
    send(world, "fournisseur;réf;qté;lot\r\nPoterie;MUG;4;été\r\n".encode("cp1252"), reference="BL-2")
    assert kept() == [("MUG", 1000, "", ""), ("MUG", 4, "été", "")]


def test_a_serial_number_is_one_unit_once(world: World, order: int) -> None:
    send(
        world,
        "supplier,sku,qty,serial\nPoterie,LAMPE,1,S1\nPoterie,LAMPE,,S2\nPoterie,LAMPE,1,S1\nPoterie,LAMPE,2,S3\n",
    )
    assert list(AnnouncedLine.objects.order_by("pk").values_list("serial", "qty")) == [("S1", 1), ("S2", 1)]
    assert reasons() == ["serial_twice", "serial_of_many"]


def post(token: str, body: Any, **headers: str) -> tuple[int, Any]:
    answer = Client().post(
        "/api/v1/inbound/announcements",
        data=body if isinstance(body, str) else json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}", "Accept-Language": "en", **headers},
    )
    return answer.status_code, json.loads(answer.content)


@pytest.fixture
def token(world: World) -> str:
    return make_api_key(world.tilleul.pk, name="Poterie", scopes=["inbound:write"], actor=SYSTEM)


def asn(*lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"reference": "ASN-1", "order": "A-1", "lines": list(lines or [{"sku": "MUG", "quantity": 24}]), **changes}


def test_a_delivery_is_announced_once_over_the_api(world: World, order: int, token: str) -> None:
    soon = day(3).isoformat()
    body = asn({"sku": "MUG", "quantity": 24, "sscc": sscc(SSCC), "pallet_sscc": sscc(PALLET)}, expected_on=soon)
    status, made = post(token, body)
    assert (status, made["outcome"]) == (201, "announced")
    assert post(token, body) == (200, {"reference": "ASN-1", "outcome": "same", "id": made["id"]})
    assert post(token, asn({"sku": "MUG", "quantity": 20}))[1]["outcome"] == "changed"
    assert kept() == [("MUG", 20, "", "")]
    receive_goods(
        world.tilleul.pk, node_id=world.lyon.pk, sku_id=world.sku("MUG").pk, sku_code="MUG", good=1,
        announcement_id=made["id"], actor=SYSTEM,
    )  # fmt: skip
    status, refused = post(token, asn({"sku": "MUG", "quantity": 30}))
    assert (status, refused["code"]) == (409, "already_arrived")
    assert kept() == [("MUG", 20, "", "")]


def test_an_idempotency_key_gives_the_same_answer(order: int, token: str) -> None:
    first = post(token, asn(), **{"Idempotency-Key": "k1"})
    assert post(token, asn(), **{"Idempotency-Key": "k1"}) == first
    status, refused = post(token, asn(reference="ASN-2"), **{"Idempotency-Key": "k1"})
    assert (status, refused["code"]) == (422, "idempotency_key_reused")
    assert Announcement.objects.count() == 1


def test_of_many_deliveries_each_is_judged_by_itself(order: int, token: str) -> None:
    bad = asn({"sku": "MUG", "quantity": 1}, {"sku": "NOPE", "quantity": 1}, reference="ASN-2")
    twice = asn({"sku": "CARTE", "quantity": 1})
    status, answer = post(token, {"announcements": [asn(), bad, twice, asn(order="Z", reference="ASN-3")]})
    assert status == 200
    assert [r["outcome"] for r in answer["results"]] == ["announced", "refused", "refused", "refused"]
    assert answer["results"][1]["errors"] == [
        {"pointer": "/lines/1", "code": "no_such_sku", "detail": "This SKU or barcode is not in the catalogue."}
    ]
    assert answer["results"][2]["code"] == "reference_twice"
    assert Announcement.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    [
        "", "[]", "{", '{"reference": "\\u0000", "lines": [{"sku": "MUG", "quantity": 1}]}', asn({"sku": "MUG"}),
        asn({"sku": "MUG", "quantity": 0}), asn({"sku": "MUG", "quantity": -1}), asn({"sku": "MUG", "quantity": 10**9}),
        asn({"sku": "MUG", "quantity": "4"}), asn({"sku": "MUG", "quantity": 1, "sscc": "12"}), asn(expected_on="x"),
        asn({"sku": "MUG", "quantity": 1, "sscc": "376000010000000013"}), asn(expected_on="2020-01-01"), asn(x=1),
        asn({"quantity": 1}), asn({"sku": "MUG", "quantity": 2, "serial": "S"}), asn(order="", supplier="Nobody"),
        asn(node="MARS"), asn({"sku": "MUG", "quantity": 1, "expires_on": "2020-01-01"}),
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_is_refused_and_changes_nothing(order: int, token: str, body: Any) -> None:
    status, answer = post(token, body)
    assert status == 422
    assert answer["detail"]
    assert not Announcement.objects.exists()


def test_a_key_needs_the_scope_and_sees_its_merchant_only(world: World, order: int) -> None:
    orders_only = make_api_key(world.tilleul.pk, name="Shop", scopes=["orders:write"], actor=SYSTEM)
    assert post(orders_only, asn())[0] == post("nonsense", asn())[0] == 401
    theirs = make_api_key(world.northwind.pk, name="X", scopes=["inbound:write"], actor=SYSTEM)
    assert post(theirs, asn())[1]["errors"][0]["code"] == "no_such_order"
    assert not Announcement.objects.exists()


def test_a_pallet_is_found_by_its_number_with_the_cartons_on_it(world: World, order: int, token: str) -> None:
    boxes = [sscc(f"37600001000000{n}") for n in (301, 302)]
    lines = [{"sku": "MUG", "quantity": 12, "sscc": box, "pallet_sscc": sscc(PALLET)} for box in boxes]
    post(token, asn(*lines, {"sku": "CARTE", "quantity": 5}))
    found = lines_of_sscc([world.tilleul.pk], sscc=sscc(PALLET))
    assert [(line.code, line.qty) for line in found] == [("MUG", 12), ("MUG", 12)]
    assert [line.sscc for line in lines_of_sscc([world.tilleul.pk], sscc=boxes[0])] == [boxes[0]]
    assert lines_of_sscc([world.northwind.pk], sscc=boxes[0]) == []


def test_a_delivery_is_announced_by_hand_and_settled_on_the_desk(world: World, order: int) -> None:
    desk = client_of(world.chen)
    mug, carte = world.sku("MUG").pk, world.sku("CARTE").pk
    told = {"reference": "BL-7", "carrier": "Geodis", f"{mug}-qty": "30", f"{mug}-lot": "L-1", f"{carte}-qty": ""}
    assert desk.post(f"/inbound/orders/{order}/announce", {**told, f"{mug}-sscc": "12"}).status_code == 422
    assert desk.post(f"/inbound/orders/{order}/announce", {**told, f"{mug}-qty": ""}).status_code == 422
    assert desk.post(f"/inbound/orders/{order}/announce", told).status_code == 302
    made = Announcement.objects.get()
    assert "Geodis" in text_of(desk.get(f"/inbound/announcements/{made.pk}"))
    assert "BL-7" in text_of(desk.get(f"/inbound/orders/{order}"))
    desk.post(f"/inbound/announcements/{made.pk}/step", {"to": "arriving"})
    receive_goods(
        world.tilleul.pk, node_id=world.lyon.pk, sku_id=mug, sku_code="MUG", good=28, lot="L-1",
        announcement_id=made.pk, actor=SYSTEM,
    )  # fmt: skip
    desk.post(f"/inbound/announcements/{made.pk}/step", {"to": "received"})
    assert "2 announced units did not come." in text_of(desk.get(f"/inbound/announcements/{made.pk}"))
    with pytest.raises(DeliveryBegun):
        move_announcement(world.tilleul.pk, announcement_id=made.pk, to="cancelled", actor=SYSTEM)
    with pytest.raises(DeliveryMovedOn):
        move_announcement(world.tilleul.pk, announcement_id=made.pk, to="arriving", actor=SYSTEM)


def test_nobody_else_sees_or_moves_it(world: World, order: int, token: str) -> None:
    made = post(token, asn())[1]["id"]
    dee = client_of(world.dee)
    assert dee.get(f"/inbound/announcements/{made}").status_code == 404
    assert dee.post(f"/inbound/announcements/{made}/step", {"to": "cancelled"}).status_code == 404
    assert dee.get(f"/inbound/orders/{order}/announce").status_code == 404
    assert client_of(world.ada).post(f"/inbound/announcements/{made}/step", {"to": "cancelled"}).status_code == 403
    with pytest.raises(NotThere):
        move_announcement(world.northwind.pk, announcement_id=made, to="received", actor=SYSTEM)
    assert Announcement.objects.get().state == "announced"


def test_many_deliveries_cost_as_many_statements_as_few(world: World, order: int) -> None:
    supplier, mug = Supplier.objects.get().pk, world.sku("MUG").pk
    asked = []
    for count in (3, 120):
        drafts = [
            DeliveryDraft(supplier, world.lyon.pk, f"{count}-{n}", [Item(mug, 1), Item(mug, 2, lot="L")])
            for n in range(count)
        ]
        with CaptureQueriesContext(connection) as queries:
            announce_deliveries(world.tilleul.pk, drafts, came_by="api", actor=SYSTEM)
        desk = client_of(world.chen)
        with CaptureQueriesContext(connection) as listing:
            assert desk.get("/inbound/announcements").status_code == 200
        asked.append((len(queries), len(listing)))
    assert asked[0] == asked[1]
