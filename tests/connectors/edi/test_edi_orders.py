import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.test import Client
from tests.cast import World
from tests.connectors.edi.conftest import KEY, MUGS, edifact, orders, x12, x850
from tests.connectors.shops import fates, order_of, read

from colisage.catalog.models import Barcode
from colisage.connectors.actions.keep_interchange import keep_interchange
from colisage.connectors.actions.tell_shops import tell_shops
from colisage.connectors.models import Connection, Errand, Interchange
from colisage.connectors.queries import connections_to_poll
from colisage.intake.models import ShopMessage
from colisage.inventory.events import PublishedChanged
from colisage.orders.models import Hold, Order, OrderLine


def post(connection: Connection, body: str | bytes, key: str = KEY) -> tuple[int, str]:
    """Post an interchange as a gateway does; give status and answer."""
    sent = body.encode() if isinstance(body, str) else body
    answer = Client().post(
        f"/hooks/shops/{connection.hook}", sent, content_type="application/edi-x12", headers={"x-api-key": key}
    )
    return answer.status_code, answer.content.decode()


def keep(connection: Connection, body: bytes) -> list[Interchange]:
    return keep_interchange(
        connection.merchant_id, channel_id=connection.channel_id, body=body, via="hand", by_name="Chen"
    )


def segments(answer: str) -> list[str]:
    return [line.rstrip("~'") for line in answer.splitlines()]


def test_a_partner_that_is_switched_off_hears_that_nobody_listens(connection: Connection) -> None:
    Connection.objects.update(active=False)  # nobody will ask for what it sent meanwhile
    assert post(connection, x12(x850("4711"))) == (404, "")


def test_an_850_is_here_with_everything_it_said(balanced: World, connection: Connection) -> None:
    order = x850(
        "PO-77", "PO1*1*12*EA*15.50**VN*MUG*UP*3760000000001", "PID*F****Blue mug", "PO1*2*2*EA*20**VN*COFFRET",
        "SAC*A*C310***300", head=(
            "CUR*BY*EUR", "PER*BD*Jeanne Petit*TE*+33611111111*EM*achats@hotel.example", "DTM*002*20261201",
            "TD5*****COLISSIMO", "NTE*GEN*Livrer à l'arrière", "SAC*C*D240***490", "N1*BY*Hôtel des Arts SAS*92*001",
            "N3*2 rue Basse", "N4*Lyon**69001*FR", "PER*BD*Jeanne Petit*EM*achats@hotel.example",
            "N1*ST*Hôtel des Arts*92*0007", "N2*Mme Gauthier", "N3*8 rue Lepic*Bât. C", "N4*Paris**75018*FR",
        ),
    )  # fmt: skip
    status, answer = post(connection, x12(order))
    assert status == 200
    assert segments(answer)[2:-2] == ["ST*997*0001", "AK1*PO*101", "AK2*850*0001", "AK5*A", "AK9*A*1*1*1", "SE*6*0001"]
    assert fates(read(connection)) == [("done", "accepted")]
    here = order_of(balanced, "HOTELARTS/PO-77")
    assert (here.number, here.purchase_reference, here.payment, here.currency) == (
        "PO-77",
        "PO-77",
        "authorized",
        "EUR",
    )
    assert (here.total_cents, here.shipping_cents) == (18600 + 4000 - 300 + 490, 490)
    assert (here.customer_name, here.email) == ("Hôtel des Arts SAS", "achats@hotel.example")
    assert here.ship_to is not None
    assert [here.ship_to[name] for name in ("company", "name", "line1", "line2", "postcode", "country")] == [
        "Hôtel des Arts", "Mme Gauthier", "8 rue Lepic", "Bât. C", "75018", "FR",
    ]  # fmt: skip
    assert here.bill_to is not None
    assert here.bill_to["city"] == "Lyon"
    assert (here.customer_note, here.wanted_on) == ("Livrer à l'arrière", date(2026, 12, 1))
    assert (here.placed_at, here.shipping_method) == (datetime(2026, 11, 20, tzinfo=UTC), "COLISSIMO")
    lines = OrderLine.objects.filter(order=here).order_by("position")
    assert list(lines.values_list("sku_code", "quantity", "unit_price_cents", "discount_cents", "external_ref")) == [
        ("MUG", 12, 1550, 0, "1"), ("COFFRET", 2, 2000, 300, "2"),
    ]  # fmt: skip
    assert not Hold.objects.exists()


def test_an_orders_message_is_here_with_everything_it_said(balanced: World, connection: Connection) -> None:
    message = orders(
        "4500012", "LIN+1++MUG:SA", "IMD+F++:::Mug:bleu", "QTY+21:12:PCE", "MOA+203:186.00", "PRI+AAA:15.50",
        "LIN+2++4500:IN", "PIA+5+COFFRET:SA", "QTY+21:2:PCE", "PRI+AAA:2000::: 100".replace(" ", ""),
        "FTX+AAI+++Gravé?: À Léa", "ALC+A", "MOA+8:3.00",
    )  # fmt: skip
    message[-3:] = ["UNS+S", "MOA+86:223.00", "CNT+2:2", "CNT+1:14"]
    message.append(f"UNT+{len(message) + 1}+1")
    status, answer = post(connection, edifact(message))
    assert status == 200
    assert segments(answer)[3:5] == ["UCI+ORD0001+3012345000004:14+TILLEUL:14+7", "UCM+1+ORDERS:D:96A:UN:EAN008+7"]
    assert fates(read(connection)) == [("done", "accepted")]
    here = order_of(balanced, "3012345000004/4500012")
    assert (here.number, here.purchase_reference, here.total_cents) == ("4500012", "4500012", 22300)
    assert here.ship_to is not None
    assert (here.ship_to["company"], here.ship_to["name"], here.ship_to["phone"]) == (
        "Hôtel d'Aubigné", "Mme Gauthier", "0612345678",
    )  # fmt: skip
    assert (here.customer_note, here.wanted_on) == ("2: Gravé: À Léa", date(2026, 12, 1))
    lines = OrderLine.objects.filter(order=here).order_by("position")
    assert list(lines.values_list("sku_code", "quantity", "unit_price_cents", "discount_cents")) == [
        ("MUG", 12, 1550, 0), ("COFFRET", 2, 2000, 300),
    ]  # fmt: skip
    assert not Hold.objects.exists()


def test_a_line_is_found_by_gtin_by_case_and_by_any_name_a_catalogue_knows(
    balanced: World, connection: Connection
) -> None:
    known = Barcode.objects.get(sku=balanced.sku("MUG")).code
    Barcode.objects.create(merchant=balanced.tilleul, sku=balanced.sku("CARTE"), code="13760012345675", units=50)
    lines = (
        f"PO1*1*2*EA*15.50**CB*065322-117*EN*{known}", f"PO1*2*1*EA*15.50**UK*0{known}",
        "PO1*3*1*EA*100.01**UK*13760012345675",
        "PO1*4*1*EA*5**VN*tapis", "PO1*5*1*EA*5**CB*NOBODY-KNOWS",
    )  # fmt: skip
    post(connection, x12(x850("PO-1", *lines)))
    assert fates(read(connection)) == [("done", "accepted")]
    here = order_of(balanced, "HOTELARTS/PO-1")
    found = OrderLine.objects.filter(order=here).order_by("position")
    assert list(found.values_list("sku_code", "quantity")) == [
        ("MUG", 2), ("MUG", 1), ("CARTE", 50), ("TAPIS", 1), ("NOBODY-KNOWS", 1),
    ]  # fmt: skip
    assert here.total_cents == 3100 + 1550 + 10001 + 500 + 500
    assert [hold.kind for hold in Hold.objects.filter(order=here)] == ["unknown_sku"]


def test_each_order_of_an_interchange_is_judged_by_itself(balanced: World, connection: Connection) -> None:
    good, cases = x850("A", control="0001"), x850("B", "PO1*1*2*CA*15.50**VN*MUG", control="0002")
    short = x850("C", control="0003")
    short[-1] = "SE*99*0003"
    undated = [one.replace("**20261120", "**2026-99") for one in x850("D", control="0004")]
    away = x850("E", "PO1*1*2*EA*1**VN*MUG", "SDQ*EA*92*001*1*002*1", control="0005")
    other = ["ST*940*0006", "W05*N*35131", "SE*3*0006"]
    status, answer = post(connection, x12(good, cases, short, undated, away, other))
    assert status == 200
    said = [one for one in segments(answer) if one.startswith("AK")]
    assert said == [
        "AK1*PO*101", "AK2*850*0001", "AK5*A", "AK2*850*0002", "AK5*A", "AK2*850*0003", "AK5*R*4", "AK2*850*0004",
        "AK5*R*5", "AK2*850*0005", "AK5*A", "AK2*940*0006", "AK5*R*1", "AK9*P*6*6*3",
    ]  # fmt: skip
    messages = read(connection)
    assert fates(messages) == [
        ("done", "accepted"), ("refused", "not_pieces"), ("refused", "wrong_counts"), ("refused", "bad_date"),
        ("refused", "several_deliveries"), ("ignored", "not_an_order"),
    ]  # fmt: skip
    assert messages[1].detail == "1: 2 CA"
    assert messages[1].topic == "850 · 000000101/101/0002 · EUR · FR"


def test_a_refused_order_is_corrected_in_the_text_and_comes_in(
    balanced: World, connection: Connection, client: Client
) -> None:
    post(connection, x12(x850("B", "PO1*1*2*CA*15.50**VN*MUG")))
    [refused] = read(connection)
    client.force_login(balanced.chen)
    page = client.get(f"/intake/messages/{refused.pk}").content.decode()
    assert "PO1*1*2*CA*15.50**VN*MUG~\n" in page
    kept = page.partition('spellcheck="false">')[2].partition("</textarea>")[0].replace("&gt;", ">")
    text = kept.replace("2*CA*", "24*EA*").replace("\n", "\r\n")
    assert client.post(f"/intake/messages/{refused.pk}/correct", {"body": text}).status_code == 302
    assert fates(read(connection)) == [("ignored", "corrected"), ("done", "accepted")]
    assert OrderLine.objects.get(order=order_of(balanced, "HOTELARTS/B")).quantity == 24


def test_the_same_again_changes_nothing_and_is_acknowledged_as_before(balanced: World, connection: Connection) -> None:
    first = post(connection, x12(x850("A")))
    assert post(connection, x12(x850("A"))) == first
    assert (Interchange.objects.get().times, len(read(connection)), Order.objects.count()) == (2, 1, 1)
    post(connection, x12(x850("A"), number=102))  # told again under another number
    post(connection, x12(x850("A", *MUGS, "PO1*2*1*EA*5**VN*TAPIS"), number=103))  # it says something else
    post(connection, x12(x850("A", purpose="07"), number=104))
    assert fates(read(connection)) == [
        ("done", "accepted"), ("ignored", "nothing_new"), ("refused", "order_came_differently"),
        ("ignored", "nothing_new"),
    ]  # fmt: skip
    assert OrderLine.objects.count() == 1


def test_two_originals_at_once_that_differ_are_not_mixed_up(balanced: World, connection: Connection) -> None:
    different = x850("A", "PO1*1*1*EA*15.50**VN*MUG", control="0003")
    post(connection, x12(x850("A", control="0001"), x850("A", control="0002"), different))
    assert fates(read(connection)) == [
        ("done", "accepted"), ("ignored", "nothing_new"), ("refused", "order_came_differently"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("write", "purposes"),
    [
        (lambda number, purpose, n: x12(x850(number, purpose=purpose), number=n), ("00", "01", "05", "04")),
        (lambda number, purpose, n: edifact(orders(number, function=purpose), number=f"N{n}", sender="HOTELARTS"),
         ("9", "1", "5", "4")),
    ],
)  # fmt: skip
def test_an_order_is_cancelled_and_replaced_as_a_whole_and_not_changed_in_part(
    balanced: World, connection: Connection, write: Callable[..., str], purposes: tuple[str, ...]
) -> None:
    first, cancel, replace, change = purposes
    for number in "AB":
        post(connection, write(number, first, ord(number)))
    read(connection)
    post(connection, write("A", cancel, 201))
    post(connection, write("B", change, 202))
    post(connection, write("B", replace, 203).replace("*12*EA", "*5*EA").replace("21:12:", "21:5:"))
    post(connection, write("Z", cancel, 204))
    assert fates(read(connection))[2:] == [
        ("done", "cancelled"), ("refused", "change_of_lines"), ("done", "changed"), ("ignored", "never_arrived"),
    ]  # fmt: skip
    assert order_of(balanced, "HOTELARTS/A").state == "cancelled"
    changed = order_of(balanced, "HOTELARTS/B")
    assert [line.wanted for line in OrderLine.objects.filter(order=changed)] == [5]
    assert changed.charges == []  # the units that are not wanted any more account for the whole difference


def test_what_was_paid_meanwhile_stays_paid_when_the_order_is_replaced(balanced: World, connection: Connection) -> None:
    post(connection, x12(x850("A")))
    read(connection)
    Order.objects.update(payment="paid")
    post(connection, x12(x850("A", "PO1*1*3*EA*15.50**VN*MUG", purpose="05"), number=102))
    assert fates(read(connection))[1:] == [("done", "changed")]
    assert order_of(balanced, "HOTELARTS/A").payment == "paid"


def test_sums_that_do_not_agree_hold_the_order_and_counts_refuse_it(balanced: World, connection: Connection) -> None:
    dear = x850("A")
    dear[-1:] = ["AMT*TT*999", f"SE*{len(dear) + 1}*0001"]
    lines = [one.replace("CTT*1", "CTT*2") for one in x850("B", control="0002")]
    units = [one.replace("CTT*1", "CTT*1*13") for one in x850("C", control="0003")]
    post(connection, x12(dear, lines, units))
    messages = read(connection)
    assert fates(messages) == [("done", "accepted"), ("refused", "wrong_sums"), ("refused", "wrong_sums")]
    assert messages[2].detail == "13 ≠ 12"
    here = order_of(balanced, "HOTELARTS/A")
    assert (here.total_cents, here.charges) == (99900, [{"kind": "difference", "cents": 81300, "name": ""}])
    assert [hold.reason for hold in Hold.objects.filter(order=here)] == ["amounts_differ"]


def test_a_test_interchange_is_answered_and_sends_nothing(balanced: World, connection: Connection) -> None:
    _status, answer = post(connection, x12(x850("A"), usage="T"))
    assert "AK5*A" in answer
    assert fates(read(connection)) == [("ignored", "test_order")]
    post(connection, x12(x850("A")))
    assert fates(read(connection))[1:] == [("done", "accepted")]


def test_an_address_that_is_only_a_number_waits_for_its_street(balanced: World, connection: Connection) -> None:
    post(connection, x12(x850("A", head=("N1*ST**UL*3012345000011",))))
    read(connection)
    assert [hold.kind for hold in Hold.objects.all()] == ["address"]


def test_prices_of_fractions_of_a_cent_and_for_a_hundred_add_up(balanced: World, connection: Connection) -> None:
    lines = ("PO1*1*7*EA*0.125**VN*CARTE", "PO1*2*30*EA*3.333*HP*VN*CARTE")
    post(connection, x12(x850("A", *lines)))
    assert fates(read(connection)) == [("done", "accepted")]
    assert order_of(balanced, "HOTELARTS/A").total_cents == 88 + 100


def test_partners_are_neither_asked_nor_told_since_they_cannot_be(balanced: World, connection: Connection) -> None:
    assert connections_to_poll() == []
    tell_shops([PublishedChanged(merchant_id=balanced.tilleul.pk, sku_ids=(balanced.sku("MUG").pk,))])
    assert not Errand.objects.exists()


# --- recorded


def test_the_recorded_850_comes_in_to_the_cent(balanced: World, connection: Connection, shared: Path) -> None:
    Connection.objects.update(options={"currency": "USD", "country": "US"})
    body = (shared / "fixtures/edi-x12/850.OK.edi").read_bytes()
    [kept] = keep(connection, body)
    assert (kept.state, kept.sender, kept.number) == ("taken", "ABCDEFGHIJKLMNO", "000003438")
    assert fates(read(connection)) == [("done", "accepted")]
    here = order_of(balanced, "ABCDEFGHIJKLMNO/08292233294")
    assert (here.total_cents, here.currency, here.purchase_reference) == (1304594, "USD", "08292233294")
    assert here.ship_to is not None
    assert (here.ship_to["company"], here.ship_to["region"], here.ship_to["country"]) == ("XYZ RETAIL", "OH", "US")
    lines = OrderLine.objects.filter(order=here).order_by("position")
    assert [(line.sku_code, line.quantity, line.name) for line in lines][::5] == [
        ("AB3542", 120, "SMALL WIDGET"), ("DX1875", 696, "ORANGE WIDGET"),
    ]  # fmt: skip


def test_the_recorded_orders_is_refused_for_its_units_and_comes_in_once_they_are_pieces(
    balanced: World, connection: Connection, shared: Path
) -> None:
    Connection.objects.update(options={"currency": "EUR"})
    body = (shared / "fixtures/edifact/example_order_ok.edi").read_bytes()
    [kept] = keep(connection, body)
    assert (kept.state, kept.test, kept.sender) == ("taken", True, "4250159300001")
    [message] = read(connection)
    assert (message.state, message.reason, message.detail) == ("refused", "not_pieces", "1: 2 GBND")
    real = re.sub(rb":[A-Z]{3,4}'(?=\s*LIN|\s*UNS)", b":PCE'", body.replace(b"+896++++++1'", b"+896'", 1))
    assert [one.state for one in keep(connection, real)] == ["taken"]
    assert fates(read(connection))[1:] == [("done", "accepted")]
    here = order_of(balanced, "4250159300001/2019265563")
    assert here.ship_to is not None
    assert (here.ship_to["company"], here.ship_to["line1"]) == (
        "A+A K\ufffdlte GmbH", "Teststra\ufffde 7",  # as it was recorded
    )  # fmt: skip
    assert OrderLine.objects.filter(order=here).count() == 146
    first = OrderLine.objects.filter(order=here).order_by("position")[0]
    assert (first.sku_code, first.name, first.quantity) == ("1001", "Butter 40x250g Alu", 2)


@pytest.mark.parametrize(
    ("file", "reason", "messages"),
    [
        ("edi-x12/AckTest.edi", "", 3), ("edi-x12/940_Failed_SE01.edi", "", 1),
        ("edi-x12/derived_940_order.edi", "", 1), ("edi-x12/856.Crossdock.OK.edi", "", 1),
        ("edifact/D96ADESADV.edi", "", 1), ("edifact/exampleMulti.edi", "", 2), ("edifact/example_wrapped.edi", "", 1),
        ("edifact/edifact.ORDRSP.edi", "wrong_numbers", 1),
        ("edifact/edifact.ORDRSP-formatted.edi", "wrong_numbers", 1),
    ],
)  # fmt: skip
def test_every_recorded_interchange_is_kept_and_answered(  # noqa: PLR0917 -- the table's columns
    balanced: World, connection: Connection, shared: Path, file: str, reason: str, messages: int
) -> None:
    Connection.objects.update(options={"currency": "EUR"})
    [kept] = keep(connection, (shared / "fixtures" / file).read_bytes())
    assert (kept.state, kept.reason) == ("refused" if reason else "taken", reason)
    assert len(kept.messages) == messages
    assert kept.answer
    assert ShopMessage.objects.count() == (0 if reason else messages)
    assert {state for state, _ in fates(read(connection))} <= {"ignored", "refused"}


def test_two_interchanges_of_a_file_are_two(balanced: World, connection: Connection, shared: Path) -> None:
    Connection.objects.update(options={"currency": "EUR"})
    kept = keep(connection, (shared / "fixtures/edi-x12/MultipleInterchangesAndGroups.edi").read_bytes())
    assert [(one.number, len(one.messages)) for one in kept] == [("000003438", 3), ("000003439", 3)]
    assert kept[0].answer.count("AK9*") == 2
