"""Suppliers and purchase orders: written, changed, sent, ended; on screen and on paper."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from colisage.catalog.models import Sku
from colisage.inbound.actions.move_purchase import NoSuchStep, SomeCame, move_purchase
from colisage.inbound.actions.receive_goods import receive_goods
from colisage.inbound.actions.save_supplier import SupplierCodeTaken, save_supplier
from colisage.inbound.actions.save_supplier_sku import NotSoldLikeThat, SupplierSkuCodeTaken, save_supplier_sku
from colisage.inbound.actions.write_purchase import (
    AlreadyCame,
    DayIsPast,
    NotBought,
    NothingOrdered,
    NotOrdered,
    NumberTaken,
    OrderEnded,
    Want,
    write_purchase,
)
from colisage.inbound.models import PurchaseLine, PurchaseOrder, Supplier, SupplierSku
from colisage.inbound.queries import incoming_of
from colisage.inbound.rules.typed import TypedLine, as_typed, typed_line
from colisage.kit.actors import SYSTEM
from colisage.kit.errors import NotThere, Refused
from colisage.kit.models import AuditEntry
from tests.cast import World
from tests.inbound.screens import client_of, text_of, words_of

pytestmark = pytest.mark.usefixtures("balanced")


@pytest.fixture
def poterie(world: World) -> int:
    return save_supplier(
        world.tilleul.pk, code="pot", name="Poterie du Rhône", language="en", currency="EUR", minimum_cents=50_000,
        incoterm="DAP", email="ventes@poterie.example", actor=SYSTEM,
    )  # fmt: skip


def write(world: World, supplier: int, *wants: Want, **changes: Any) -> int:
    facts = {"supplier_id": supplier, "node_id": world.lyon.pk, "number": "A-1", "actor": SYSTEM, **changes}
    return write_purchase(world.tilleul.pk, wants or (Want(world.sku("MUG").pk, 24),), **facts)


def lines() -> list[tuple[int, int, str]]:
    return list(PurchaseLine.objects.order_by("pk").values_list("ordered", "unit_cost_cents", "supplier_code"))


@pytest.fixture
def desk(world: World) -> Client:
    return client_of(world.chen)


def test_a_line_takes_cost_and_code_from_the_supplier(world: World, poterie: int) -> None:
    mug = world.sku("MUG").pk
    save_supplier_sku(
        world.tilleul.pk, supplier_id=poterie, sku_id=mug, supplier_code="P-12", unit_cost_cents=720, actor=SYSTEM
    )
    write(world, poterie, Want(mug, 24), Want(world.sku("CARTE").pk, 100, 80), Want(mug, 6))
    assert lines() == [(30, 720, "P-12"), (100, 80, "")]
    assert PurchaseOrder.objects.get().state == "open"


def test_a_draft_is_not_expected_until_it_is_sent(world: World, poterie: int) -> None:
    mug = world.sku("MUG").pk
    order = write(world, poterie, draft=True)
    assert incoming_of([world.tilleul.pk], [mug])[mug] == []
    move_purchase(world.tilleul.pk, purchase_id=order, to="open", actor=SYSTEM)
    move_purchase(world.tilleul.pk, purchase_id=order, to="open", actor=SYSTEM)
    assert [i.qty for i in incoming_of([world.tilleul.pk], [mug])[mug]] == [24]
    assert AuditEntry.objects.filter(verb="purchase_moved").count() == 1


def come(world: World, order: int, units: int) -> None:
    receive_goods(
        world.tilleul.pk, node_id=world.lyon.pk, sku_id=world.sku("MUG").pk, sku_code="MUG", good=units,
        purchase_order_id=order, actor=SYSTEM,
    )  # fmt: skip


def test_an_order_is_changed_around_what_came(world: World, poterie: int) -> None:
    order = write(world, poterie)
    come(world, order, 10)
    carte = world.sku("CARTE").pk
    write(world, poterie, Want(world.sku("MUG").pk, 10, 700), Want(carte, 50, 75), purchase_id=order)
    assert lines() == [(10, 700, ""), (50, 75, "")]
    assert PurchaseOrder.objects.get().state == "partly"
    deed = AuditEntry.objects.get(verb="purchase_changed")
    assert deed.data["lines"][str(carte)] == [[], [50, 75, None]]
    write(world, poterie, Want(world.sku("MUG").pk, 10, 700), purchase_id=order)
    assert PurchaseOrder.objects.get().state == "closed"
    with pytest.raises(OrderEnded):
        write(world, poterie, purchase_id=order)


def test_a_line_of_which_units_came_stays(world: World, poterie: int) -> None:
    order = write(world, poterie)
    come(world, order, 10)
    with pytest.raises(AlreadyCame):
        write(world, poterie, Want(world.sku("CARTE").pk, 5), purchase_id=order)
    assert lines()[0][0] == 24


def test_an_order_is_cancelled_before_and_closed_short_after_goods_came(world: World, poterie: int) -> None:
    order, other = write(world, poterie), write(world, poterie, number="A-2")
    move_purchase(world.tilleul.pk, purchase_id=other, to="cancelled", actor=SYSTEM)
    with pytest.raises(NoSuchStep):
        move_purchase(world.tilleul.pk, purchase_id=order, to="short", actor=SYSTEM)
    come(world, order, 10)
    with pytest.raises(SomeCame):
        move_purchase(world.tilleul.pk, purchase_id=order, to="cancelled", actor=SYSTEM)
    move_purchase(world.tilleul.pk, purchase_id=order, to="short", actor=SYSTEM)
    mug = world.sku("MUG").pk
    assert incoming_of([world.tilleul.pk], [mug])[mug] == []
    come(world, order, 4)  # what comes all the same is counted
    assert PurchaseLine.objects.filter(purchase_order=order).get().received == 14
    assert PurchaseOrder.objects.get(pk=order).state == "short"


@pytest.mark.parametrize(
    ("wants", "changes", "refusal"),
    [
        ([], {}, NothingOrdered),
        ([("MUG", 0)], {}, NotOrdered),
        ([("MUG", -4)], {}, NotOrdered),
        ([("MUG", 10**7)], {}, NotOrdered),
        ([("MUG", 600_000), ("MUG", 600_000)], {}, NotOrdered),
        ([("MUG", 1, -5)], {}, NotOrdered),
        ([("COFFRET", 1)], {}, NotBought),
        ([("MUG", 1)], {"expected_on": timezone.localdate() - timedelta(days=1)}, DayIsPast),
        ([("MUG", 1)], {"expected_on": date(9999, 12, 31)}, DayIsPast),
        ([("MUG", 1)], {"number": "TAKEN"}, NumberTaken),
    ],
)
def test_what_cannot_be_ordered_is_refused(
    world: World, poterie: int, wants: list[Any], changes: dict[str, Any], refusal: type[Refused]
) -> None:
    write(world, poterie, number="TAKEN")
    with pytest.raises(refusal):
        write_purchase(
            world.tilleul.pk,
            [Want(world.sku(code).pk, *rest) for code, *rest in wants],
            **{"supplier_id": poterie, "node_id": world.lyon.pk, "number": "A-9", "actor": SYSTEM, **changes},
        )
    assert PurchaseOrder.objects.count() == 1


def test_nothing_of_another_merchant_is_there(world: World, poterie: int) -> None:
    foreign = Supplier.objects.create(merchant=world.northwind, code="X", name="X").pk
    order = write(world, poterie)
    theirs = world.northwind_skus["MUG"].pk
    for changes in ({"supplier_id": foreign}, {"node_id": 10**9}, {"purchase_id": 10**9}):
        with pytest.raises(NotThere):
            write(world, poterie, **changes, **({} if "number" in changes else {"number": "A-3"}))
    with pytest.raises(NotThere):
        write(world, poterie, Want(theirs, 1), number="A-3")
    with pytest.raises(NotThere):
        move_purchase(world.northwind.pk, purchase_id=order, to="cancelled", actor=SYSTEM)
    dee = client_of(world.dee)
    for path in (f"orders/{order}", f"orders/{order}/edit", f"orders/{order}/order.pdf", f"suppliers/{poterie}"):
        assert dee.get(f"/inbound/{path}").status_code == 404
    assert dee.post(f"/inbound/orders/{order}/step", {"to": "cancelled"}).status_code == 404


def test_a_supplier_has_a_code_of_its_own_and_sells_in_whole_units(world: World, poterie: int) -> None:
    with pytest.raises(SupplierCodeTaken):
        save_supplier(world.tilleul.pk, code="POT", name="Other", actor=SYSTEM)
    mug, carte = world.sku("MUG").pk, world.sku("CARTE").pk
    sold = {"supplier_id": poterie, "actor": SYSTEM, "supplier_code": "P-12"}
    save_supplier_sku(world.tilleul.pk, sku_id=mug, **sold)
    with pytest.raises(SupplierSkuCodeTaken):
        save_supplier_sku(world.tilleul.pk, sku_id=carte, **sold)
    with pytest.raises(NotSoldLikeThat):
        save_supplier_sku(world.tilleul.pk, sku_id=mug, pack_units=0, **sold)
    with pytest.raises(NotThere):
        save_supplier_sku(world.northwind.pk, sku_id=mug, **sold)
    assert SupplierSku.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("MUG BLEU 24", TypedLine("MUG BLEU", 24)),
        ("MUG; 24; 7,20", TypedLine("MUG", 24, 720)),
        ("MUG\t1 000\t7.2\t31/12/2026", TypedLine("MUG", 1000, 720, date(2026, 12, 31))),
        ("MUG;24;;", TypedLine("MUG", 24)),
        *((bad, None) for bad in ("MUG", "24", "MUG x", "MUG -4", "MUG 0", "MUG; 24; -1", "MUG; 24; 7; 1; 1", "; 24")),
        *((bad, None) for bad in ("MUG 99999999999999999999", "MUG\x00 4", "MUG; 24; 7; 32/13/2026", "MUG; 1,5")),
    ],
)
def test_lines_are_read_as_people_type_them(text: str, line: TypedLine | None) -> None:
    if line is None:
        with pytest.raises(ValueError, match=r".*"):
            typed_line(text, currency="EUR")
    else:
        assert typed_line(text, currency="EUR") == line
        assert typed_line(as_typed(line, currency="EUR"), currency="EUR") == line


def order_by_hand(desk: Client, world: World, **changes: str) -> Any:
    told = {"number": "B-7", "supplier": "Verrerie", "node": str(world.lyon.pk), "lines": "MUG 12", **changes}
    return desk.post("/inbound/orders/new", told)


def test_the_short_form_makes_supplier_and_order(world: World, desk: Client) -> None:
    answer = order_by_hand(
        desk, world, draft="1", lines="mug 12\r\n37600001\r\n".replace("37600001", "CARTE; 50; 0,75")
    )
    order = PurchaseOrder.objects.get()
    assert (answer.status_code, order.state, order.supplier.name) == (302, "draft", "Verrerie")
    page = text_of(desk.get(f"/inbound/orders/{order.pk}"))
    assert "Total without tax" in page
    desk.post(f"/inbound/orders/{order.pk}/step", {"to": "open"})
    assert PurchaseOrder.objects.get().state == "open"
    assert "Verrerie" in text_of(desk.get("/inbound/orders?view=expected&q=B-"))


def test_receiving_shows_what_comes_first_and_leads_to_the_rest(world: World, desk: Client) -> None:
    for n in range(26):
        day = timezone.localdate() + timezone.timedelta(days=30 - n)
        order_by_hand(desk, world, number=f"P-{n:02}", draft="1", expected_on=f"{day:%Y-%m-%d}")
        desk.post(f"/inbound/orders/{PurchaseOrder.objects.latest('pk').pk}/step", {"to": "open"})
    numbers = list(PurchaseOrder.objects.order_by("expected_on").values_list("number", flat=True))
    page = text_of(desk.get("/inbound/"))
    assert [number for number in numbers if number in page] == numbers[:25]
    assert "All expected orders" in page
    assert numbers[-1] in text_of(desk.get("/inbound/orders?view=expected"))


@pytest.mark.parametrize(
    ("changes", "said", "dit"),
    [
        ({"lines": "NOPE 4"}, "Not in the catalogue: NOPE.", "Pas au catalogue : NOPE."),
        ({"lines": "MUG four"}, "Line 1: “MUG four” is not", "Ligne 1 : « MUG four » n’est pas"),
        ({"expected_on": "2020-01-01"}, "01/01/2020 is past", "Le 01/01/2020 est passé"),
    ],
)
def test_a_form_that_cannot_be_used_says_why_in_both_languages(
    world: World, changes: dict[str, str], said: str, dit: str
) -> None:
    for language, expected in (("en", said), ("fr", dit)):
        world.chen.language = language
        world.chen.save()
        answer = order_by_hand(client_of(world.chen, language=language), world, **changes)
        assert answer.status_code == 422
        assert expected in text_of(answer)
    assert not PurchaseOrder.objects.exists()


def test_an_order_is_changed_on_its_page(world: World, desk: Client, poterie: int) -> None:
    order = write(world, poterie)
    page = text_of(desk.get(f"/inbound/orders/{order}/edit"))
    assert "MUG; 24; 0.00" in page
    told = {"number": "A-1", "node": world.lyon.pk, "lines": "MUG; 30; 7,10", "note": "Fragile"}
    assert desk.post(f"/inbound/orders/{order}/edit", told).status_code == 302
    assert lines() == [(30, 710, "")]


def test_the_document_speaks_the_suppliers_language(world: World, desk: Client, poterie: int) -> None:
    order = write(world, poterie, Want(world.sku("MUG").pk, 24, 720), note="Please wrap them well.")
    answer = desk.get(f"/inbound/orders/{order}/order.pdf", headers={"Accept-Language": "fr"})
    words = words_of(answer.content)
    for said in ("Purchase order A-1", "€172.80", "Please wrap them well.", "Incoterm: DAP", "Lyon", "Your code"):
        assert said in words


def sells(world: World, supplier: int, codes: Iterable[str]) -> None:
    made = Sku.objects.bulk_create(Sku(merchant=world.tilleul, code=code, name=f"Bowl {code}") for code in codes)
    SupplierSku.objects.bulk_create(
        SupplierSku(merchant=world.tilleul, supplier_id=supplier, sku=sku, supplier_code=f"P-{sku.code}")
        for sku in made
    )


def test_what_a_supplier_sells_comes_page_by_page_each_sku_once(world: World, desk: Client, poterie: int) -> None:
    codes = [f"{'bowl' if n % 2 else 'BOWL'}-{n:03}" for n in range(120)]  # in any case of their letters
    sells(world, poterie, reversed(codes))
    page, seen = f"/inbound/suppliers/{poterie}", list[str]()
    answer = desk.get(page)
    for _page in range(3):
        seen += re.findall(r"(?i)P-(bowl-\d+)", answer.content.decode())
        if answer.context["next"] is None:
            break
        answer = desk.get(page, {"after": answer.context["next"]})
    assert seen == codes
    hidden = Sku.objects.get(code="bowl-119").pk
    assert "How they sell bowl-119" in text_of(desk.get(page, {"sku": hidden}))
    for odd in ("\x00", "z" * 500, "%", "'"):
        assert desk.get(page, {"after": odd}).status_code == 200


def test_many_skus_of_a_supplier_cost_as_many_statements_as_few(world: World, desk: Client, poterie: int) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(f"/inbound/suppliers/{poterie}").status_code == 200
        return len(queries)

    sells(world, poterie, (f"A-{n}" for n in range(3)))
    desk.get("/inbound/suppliers")
    few = asked()
    sells(world, poterie, (f"B-{n}" for n in range(297)))
    assert asked() == few


def test_a_supplier_is_made_and_changed_on_the_desk(world: World, desk: Client) -> None:
    told = {
        "code": "ver", "name": "Verrerie", "language": "fr", "currency": "eur", "country": "France", "lead_days": "20",
        "due_days": "45", "due_from": "month", "claim_days": "3", "minimum": "250", "active": "on",
    }  # fmt: skip
    assert desk.post("/inbound/suppliers/new", told).status_code == 302
    made = Supplier.objects.get()
    assert (made.code, made.currency, made.minimum_cents, made.address) == ("VER", "EUR", 25_000, {"country": "FR"})
    sold = {"sku": "MUG", "supplier_code": "V-1", "cost": "3.20", "pack_units": "6", "minimum_units": "12"}
    assert desk.post(f"/inbound/suppliers/{made.pk}/skus", sold).status_code == 302
    assert "V-1" in text_of(desk.get(f"/inbound/suppliers/{made.pk}"))
    assert order_by_hand(desk, world, supplier="ver", lines="V-1 24").status_code == 302
    assert lines() == [(24, 320, "V-1")]
    assert "V-1" in text_of(desk.get(f"/inbound/suppliers/{made.pk}?sku={world.sku('MUG').pk}"))
    desk.post(f"/inbound/suppliers/{made.pk}/skus/{world.sku('MUG').pk}/drop")
    assert not SupplierSku.objects.exists()
    for bad in (
        {"currency": "XXZ"},
        {"country": "Atlantis"},
        {"lead_days": "-1"},
        {"due_days": "9" * 30},
        {"name": ""},
    ):
        assert desk.post(f"/inbound/suppliers/{made.pk}/edit", {**told, **bad}).status_code == 422
    assert desk.post(f"/inbound/suppliers/{made.pk}/skus", {**sold, "sku": "NO\x00PE"}).status_code == 422


def test_who_only_picks_writes_no_order(world: World, poterie: int) -> None:
    ada = client_of(world.ada)
    order = write(world, poterie)
    ada.post("/switch-merchant", {"merchant": world.tilleul.pk})
    assert ada.get("/inbound/orders/new").status_code == 403
    assert ada.post(f"/inbound/orders/{order}/step", {"to": "cancelled"}).status_code == 403
    assert PurchaseOrder.objects.get().state == "open"


def test_lists_ask_as_often_for_many_as_for_few(world: World, desk: Client, poterie: int) -> None:
    asked = []
    for count in (3, 60):
        for n in range(count):
            write(world, poterie, number=f"{count}-{n}")
            save_supplier(world.tilleul.pk, code=f"S{count}-{n}", name="S", actor=SYSTEM)
        pages = ("/inbound/orders", "/inbound/orders?view=late", "/inbound/suppliers", "/inbound/")
        for page in pages:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert desk.get(page).status_code == 200
            asked.append(len(queries))
    assert asked[:4] == asked[4:]
    first = desk.get("/inbound/orders")
    second = desk.get(f"/inbound/orders?after={first.context['next']}")
    assert len(first.context["rows"]) == 50
    assert len(second.context["rows"]) == 13
