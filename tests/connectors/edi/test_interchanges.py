"""What stands around orders: envelopes that are broken, doubled or not for us, what is answered, and the screen."""

import base64
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.cast import World
from tests.connectors.edi.conftest import KEY, edifact, orders, x12, x850
from tests.connectors.edi.test_edi_orders import keep, post, segments
from tests.connectors.shops import connected, fates, order_of, read
from tests.program import code_of

from colisage.connectors.actions.check_connection import check_connection
from colisage.connectors.actions.forget_interchanges import forget_interchanges
from colisage.connectors.edi.words import FAULTS
from colisage.connectors.models import Connection, Interchange
from colisage.connectors.queries import body_of
from colisage.intake.models import ShopMessage
from colisage.orders.models import Order

GOOD = x12(x850("A"))
LATIN = edifact(orders("A"))
NO_ENVELOPE = {"not_edi", "broken_head", "bad_separators"}  # nobody is named in it to whom it could be acknowledged


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (GOOD[:-40], "truncated"), (GOOD[: GOOD.index("CTT")], "truncated"), (LATIN[:-10], "truncated"),
        (GOOD.replace("IEA*1*", "IEA*2*"), "wrong_counts"),
        (GOOD.replace("IEA*1*000000101", "IEA*1*7"), "wrong_numbers"),
        (LATIN.replace("UNZ+1+", "UNZ+2+"), "wrong_counts"),
        (LATIN.replace("UNZ+1+ORD0001", "UNZ+1+X"), "wrong_numbers"),
        (GOOD.replace("ST*850*0001~", ""), "out_of_order"), (GOOD.replace("SE*", "SX*"), "out_of_order"),
        (GOOD.replace("GS*PO*HOTELARTS*TILLEUL*20261120*1000*101*X*004010~", ""), "out_of_order"),
        (x12(x850("A"), x850("B")), "number_twice"), (x12(x850("A"), receiver="SOMEBODY"), "not_for_us"),
        (x12(), "no_message"),
        ("", "not_edi"), ("hello", "not_edi"), ("<xml/>", "not_edi"), (" \r\n ", "not_edi"),
        ("ISA", "broken_head"), (GOOD[:60], "broken_head"), ("UNA:+", "broken_head"), ("UNB+UNOC", "broken_head"),
        (GOOD.replace("*", "A"), "bad_separators"), ("UNA::::::", "bad_separators"),
    ],
)  # fmt: skip
def test_a_broken_envelope_is_refused_with_its_reason_and_kept(
    balanced: World, connection: Connection, body: str, reason: str
) -> None:
    status, answer = post(connection, body)
    kept = Interchange.objects.get()
    assert (kept.state, kept.reason) == ("refused", reason)
    assert body_of(kept) == body.encode()
    assert status == (422 if reason in NO_ENVELOPE else 200)
    machine = "TA1*000000101*261120*1000*R*" in answer or "UCI+" in answer
    assert machine if status == 200 else answer == str(FAULTS[reason])
    assert not ShopMessage.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        b"\xef\xbb\xbf" + GOOD.encode(), b"\r\n\r\n" + GOOD.encode(), x12(x850("A"), end="\n").encode(),
        x12(x850("A"), end="\n").replace("\n", "\r\n").encode(), x12(x850("A"), end="~\r\n").encode(),
        x12(x850("A"), end="\n").strip().encode(), GOOD.encode("latin-1"), GOOD.replace("*", "|").encode(),
        GOOD.replace("HOTELARTS      ", "HOTELARTS").encode(), GOOD.encode() + b"\x1a\x00",
    ],
)  # fmt: skip
def test_whatever_separates_and_encodes_it_an_850_is_read(balanced: World, connection: Connection, body: bytes) -> None:
    assert post(connection, body)[0] == 200
    assert fates(read(connection)) == [("done", "accepted")]
    here = order_of(balanced, "HOTELARTS/A")
    assert here.ship_to is not None
    assert (here.ship_to["company"], here.ship_to["line2"]) == ("Hôtel des Arts", "Bât. C")


@pytest.mark.parametrize(
    "body",
    [
        b"\xef\xbb\xbf" + LATIN.encode(), LATIN.encode("latin-1"), edifact(orders("A"), end="'\r\n").encode("latin-1"),
        LATIN.removeprefix("UNA:+.? '").encode(), LATIN.replace("UNOC", "UNOY").encode(),
        LATIN.replace("?'", "\0").replace("'", "\n").replace("\0", "'").replace("? \n", "? \n").encode(),
    ],
)  # fmt: skip
def test_whatever_separates_and_encodes_it_an_orders_is_read(
    balanced: World, connection: Connection, body: bytes
) -> None:
    assert post(connection, body)[0] == 200
    assert fates(read(connection)) == [("done", "accepted")]
    here = order_of(balanced, "3012345000004/A")
    assert here.ship_to is not None
    assert here.ship_to["company"] == "Hôtel d'Aubigné"


def test_binary_noise_and_a_file_of_five_megabytes_are_answered_in_time(
    balanced: World, connection: Connection
) -> None:
    assert post(connection, bytes(range(256)) * 40)[0] == 422
    many = x12(*(x850(f"P{n}", control=f"{n:05}") for n in range(1, 1_001)))
    started = time.monotonic()
    status, answer = post(connection, many)
    assert (status, answer.count("AK5*A")) == (200, 1_000)
    assert post(connection, f"{GOOD[:-20]}{' ' * 5_000_000}")[0] == 413
    assert post(connection, f"UNB+UNOC:3+{'A?' * 2_400_000}")[0] == 422
    assert post(connection, f"{GOOD[:120]}{'N1*' * 1_600_000}")[0] == 200  # truncated
    assert time.monotonic() - started < 30
    assert ShopMessage.objects.count() == 1_000


def test_a_group_that_is_broken_is_rejected_and_the_other_one_taken(balanced: World, connection: Connection) -> None:
    body = x12(x850("A"))
    second = "GS*PO*HOTELARTS*TILLEUL*20261120*1000*7*X*004010~" + "".join(f"{one}~" for one in x850("B")) + "GE*3*7~"
    body = body.replace("IEA*1*", f"{second}IEA*2*")
    _status, answer = post(connection, body)
    assert [one for one in segments(answer) if one.startswith("AK")] == [
        "AK1*PO*101", "AK2*850*0001", "AK5*A", "AK9*A*1*1*1", "AK1*PO*7", "AK2*850*0001", "AK5*R*5", "AK9*R*1*1*0*5",
    ]  # fmt: skip
    assert fates(read(connection)) == [("done", "accepted")]
    assert Order.objects.count() == 1


def test_a_number_used_for_something_else_is_refused_until_a_person_takes_it(
    balanced: World, connection: Connection, client: Client
) -> None:
    post(connection, x12(x850("A")))
    _status, answer = post(connection, x12(x850("B")))
    assert "TA1*000000101*261120*1000*R*025" in answer
    refused = Interchange.objects.get(state="refused")
    client.force_login(balanced.chen)
    assert client.post(f"/shops/interchanges/{refused.pk}").status_code == 302
    assert fates(read(connection)) == [("done", "accepted"), ("done", "accepted")]
    assert client.post(f"/shops/interchanges/{refused.pk}").status_code == 409
    assert Order.objects.count() == 2


def test_a_refused_interchange_is_counted_until_a_person_has_seen_to_it(
    balanced: World, connection: Connection
) -> None:
    cut = GOOD.removesuffix("IEA*1*000000101~")
    post(connection, cut)
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(balanced.chen)
    assert "1 interchange was refused" in client.get("/shops/").content.decode()
    kept = Interchange.objects.get()
    assert client.post(f"/shops/interchanges/{kept.pk}", {"aside": "1"}).status_code == 302
    assert "was refused" not in client.get("/shops/").content.decode()
    kept.refresh_from_db()
    assert (kept.state, body_of(kept)) == ("aside", cut.encode())
    assert client.post(f"/shops/interchanges/{kept.pk}").status_code == 302  # its order is whole
    assert fates(read(connection)) == [("done", "accepted")]


def test_what_was_refused_is_judged_anew_when_it_comes_again(balanced: World, connection: Connection) -> None:
    strange = x12(x850("A"), receiver="OTHER")
    post(connection, strange)
    Connection.objects.update(options={**connection.options, "own": "OTHER"})
    post(connection, strange)
    kept = Interchange.objects.get()
    assert (kept.state, kept.reason, kept.times) == ("taken", "", 2)
    assert fates(read(connection)) == [("done", "accepted")]


def test_only_partners_that_are_named_may_send(balanced: World, connection: Connection) -> None:
    Connection.objects.update(options={**connection.options, "partners": "HOTELARTS, 3012345000004"})
    post(connection, x12(x850("A"), sender="THIEF", number=7))
    post(connection, GOOD)
    post(connection, LATIN)
    assert list(Interchange.objects.order_by("pk").values_list("state", "reason")) == [
        ("refused", "unknown_sender"), ("taken", ""), ("taken", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401), ({"x-api-key": "wrong"}, 401), ({"x-api-key": KEY}, 200), ({"authorization": f"Bearer {KEY}"}, 200),
        ({"authorization": f"Basic {base64.b64encode(f'as2:{KEY}'.encode()).decode()}"}, 200),
        ({"authorization": "Basic !!!"}, 401), ({"authorization": "Bearer é"}, 401),
    ],
)  # fmt: skip
def test_a_gateway_shows_the_key(balanced: World, connection: Connection, headers: dict[str, str], status: int) -> None:
    answer = Client().post(f"/hooks/shops/{connection.hook}", GOOD, content_type="text/plain", headers=headers)
    assert answer.status_code == status
    assert status == 200 or code_of(answer) == (401, "not_signed")
    assert Interchange.objects.exists() == (status == 200)


def test_without_a_key_nothing_is_taken_from_outside(balanced: World, connection: Connection) -> None:
    Connection.objects.all().delete()
    bare = connected(balanced, "edi", currency="EUR")
    assert post(bare, GOOD, key="")[0] == 401


def test_an_acknowledgement_is_never_acknowledged(balanced: World, connection: Connection) -> None:
    _status, answer = post(connection, GOOD)
    returned = answer.replace("TILLEUL        *ZZ*HOTELARTS      ", "HOTELARTS      *ZZ*TILLEUL        ")
    assert post(connection, returned) == (200, "")
    _status, control = post(connection, LATIN)
    body = control.replace("TILLEUL:14+3012345000004:14", "3012345000004:14+TILLEUL:14", 1)
    assert post(connection, body) == (200, "")
    assert ("ignored", "not_an_order") in fates(read(connection))


def test_settings_that_cannot_be_right_are_named(balanced: World, connection: Connection) -> None:
    assert check_connection(connection.pk) is None
    Connection.objects.update(options={"currency": "EURO"})
    fault = check_connection(connection.pk)
    assert fault is not None
    assert (fault.code, fault.detail) == ("wrong_setting", "EURO")


def test_bodies_are_forgotten_and_what_was_in_them_is_not(balanced: World, connection: Connection) -> None:
    post(connection, GOOD)
    Interchange.objects.update(received_at=datetime.now(UTC) - timedelta(days=91))
    assert forget_interchanges() == 1
    kept = Interchange.objects.get()
    assert (body_of(kept), len(kept.messages)) == (b"", 1)


# --- the screen


def test_a_person_sends_a_file_in_sees_each_order_and_downloads_the_answer(
    balanced: World, connection: Connection, client: Client
) -> None:
    client.force_login(balanced.chen)
    page = f"/shops/{connection.channel_id}/interchanges"
    assert client.get(f"/shops/{connection.channel_id}").content.decode().count(page) == 1
    body = x12(x850("A"), x850("B", "PO1*1*2*CA*15.50**VN*MUG", control="0002"))
    answer = client.post(page, {"file": SimpleUploadedFile("po.edi", body.encode("latin-1"))})
    assert answer.status_code == 302
    read(connection)
    kept = Interchange.objects.get()
    assert (kept.via, kept.by_name) == ("hand", "Chen")
    shown = client.get(answer["Location"]).content.decode()
    assert "101 · 0002" in shown
    assert "AK5*A" in shown
    [first, _second] = ShopMessage.objects.order_by("pk")
    about = Client(headers={"Accept-Language": "en"})
    about.force_login(balanced.chen)
    assert "sent it in as a file" in about.get(f"/intake/messages/{first.pk}").content.decode()
    came = client.get(f"/shops/interchanges/{kept.pk}/received.edi")
    assert came.content == body.encode("latin-1")
    ack = client.get(f"/shops/interchanges/{kept.pk}/answer.edi")
    assert ack.content.decode() == kept.answer
    assert "attachment" in ack["Content-Disposition"]
    assert client.get(f"/shops/interchanges/{kept.pk}/other").status_code == 404
    assert "000000101" in client.get(page, {"q": "HOTELARTS"}).content.decode()
    assert "000000101" not in client.get(page, {"q": "NOBODY"}).content.decode()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_file_that_is_no_interchange_is_said_in_the_language_of_its_reader(
    balanced: World, connection: Connection, language: str
) -> None:
    client = Client(headers={"Accept-Language": language})
    client.force_login(balanced.chen)
    page = f"/shops/{connection.channel_id}/interchanges"
    assert client.post(page, {}).status_code == 422
    answer = client.post(page, {"file": SimpleUploadedFile("po.edi", b"\x00\xff noise")}, follow=True)
    said = "Ce n’est pas un échange EDI" if language == "fr" else "This is no interchange"
    assert said in answer.content.decode()
    large = SimpleUploadedFile("po.edi", b"x" * 5_000_001)
    assert client.post(page, {"file": large}).status_code == 422


def test_nobody_else_sees_an_interchange_or_sends_one(balanced: World, connection: Connection, client: Client) -> None:
    [kept] = keep(connection, GOOD.encode())
    client.force_login(balanced.dee)
    assert client.get(f"/shops/{connection.channel_id}/interchanges").status_code == 404
    assert client.get(f"/shops/interchanges/{kept.pk}").status_code == 404
    assert client.get(f"/shops/interchanges/{kept.pk}/received.edi").status_code == 404
    client.force_login(balanced.ada)
    assert client.post(f"/shops/interchanges/{kept.pk}").status_code in {403, 404}
