"""What channels may sell, on its page and over the API; the safety stock by hand and by file."""

import io
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from colisage.catalog.models import Sku
from colisage.inventory.actions.import_safety import import_safety
from colisage.inventory.actions.open_stock import OpeningRow, open_stock
from colisage.inventory.models import Availability, ChannelBuffer, SafetyFile, SafetyRefusedRow
from colisage.kit.actors import SYSTEM
from colisage.network.models import Channel
from colisage.people.actions.make_api_key import make_api_key
from colisage.people.models import User
from tests.books import hold
from tests.cast import World

pytestmark = pytest.mark.django_db


def client_of(person: User) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def get(world: World, path: str, *, scopes: tuple[str, ...] = ("stock:read",), merchant: Any = None) -> Any:
    token = make_api_key((merchant or world.tilleul).pk, name="test", scopes=scopes, actor=SYSTEM)
    return Client().get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {token}", "Accept-Language": "en"})


def test_the_page_shows_what_may_be_sold_and_how_it_is_reckoned(balanced: World) -> None:
    hold(balanced.sku("MUG"), 3)
    chen = client_of(balanced.chen)
    channel = balanced.channel.pk
    assert chen.post(f"/stock/availability/{channel}/buffer", {"units": "2"}).status_code == 302
    told = {"units": "5", "sku": str(balanced.sku("MUG").pk)}
    assert chen.post(f"/stock/availability/{channel}/buffer", told).status_code == 302
    page = chen.get("/stock/availability").content.decode()
    assert "What Boutique may sell" in page
    assert "20 − 3 − 0 − 5 → <b>12</b>" in page
    assert "<b>9</b> as its components allow" in page
    chen.post(f"/stock/availability/{channel}/buffer", {**told, "units": ""})
    assert not ChannelBuffer.objects.exists()


@pytest.mark.parametrize("units", ["-1", "x", "1e6", "99999999999", "²", ""])
def test_nonsense_keeps_nothing_back(balanced: World, units: str) -> None:
    chen = client_of(balanced.chen)
    assert chen.post(f"/stock/availability/{balanced.channel.pk}/buffer", {"units": units}).status_code == 302
    assert Channel.objects.get(pk=balanced.channel.pk).buffer == 0
    told = {f"node-{balanced.lyon.pk}": units}
    assert chen.post(f"/stock/{balanced.sku('MUG').pk}/safety", told).status_code == 302
    assert not Availability.objects.filter(safety__gt=0).exists()


def test_only_who_manages_says_what_is_kept_back(balanced: World) -> None:
    for person, status in ((balanced.ada, 403), (balanced.dee, 404)):
        client = client_of(person)
        assert client.post(f"/stock/availability/{balanced.channel.pk}/buffer", {"units": "2"}).status_code == status
        told = {f"node-{balanced.lyon.pk}": "3"}
        assert client.post(f"/stock/{balanced.sku('MUG').pk}/safety", told).status_code == status
    assert Channel.objects.get(pk=balanced.channel.pk).buffer == 0


def test_the_safety_stock_is_set_on_the_page_of_the_sku_and_by_file(balanced: World) -> None:
    chen = client_of(balanced.chen)
    assert chen.post(f"/stock/{balanced.sku('MUG').pk}/safety", {f"node-{balanced.lyon.pk}": "3"}).status_code == 302
    assert Availability.objects.get(sku=balanced.sku("MUG"), node=balanced.lyon).safety == 3
    text = "Référence;Site;Sécurité\nmug;LYON;4\ncarte;lyon;2\nZZZ;LYON;1\nMUG;NOWHERE;1\nMUG;LYON;-3\n"
    file = io.BytesIO(text.encode())
    file.name = "safety.csv"
    page = chen.post("/stock/safety", {"file": file}, follow=True)
    assert page.status_code == 200
    assert "2 rows read, 2 levels changed, 3 rows to correct" in page.content.decode()
    levels = {a.sku_id: a.safety for a in Availability.objects.filter(safety__gt=0)}
    assert levels == {balanced.sku("MUG").pk: 4, balanced.sku("CARTE").pk: 2}
    rows = chen.get("/stock/safety.csv").content.decode("utf-8-sig").splitlines()
    assert rows == ["sku,node,safety", "MUG,LYON,4", "CARTE,LYON,2"]


def test_rows_of_safety_stock_come_back_with_their_reason_and_are_sent_again(balanced: World) -> None:
    chen, carte = client_of(balanced.chen), balanced.sku("CARTE")
    file = SimpleUploadedFile("safety.csv", "Référence;Site;Sécurité;Note\nMUG;LYON;1\nZZZ;LYON;2;=1+1\n".encode())
    answer = chen.post("/stock/safety", {"file": file})
    run = SafetyFile.objects.get()
    assert answer.headers["Location"] == f"/stock/safety/{run.pk}"
    assert "One column was not used: Note." in chen.get(f"/stock/safety/{run.pk}").content.decode()
    assert list(SafetyRefusedRow.objects.values_list("number", "reason")) == [(2, "too_few_cells"), (3, "unknown_sku")]
    back = chen.get(f"/stock/safety/{run.pk}/refused.csv").content.decode("utf-8-sig")
    assert back.splitlines()[2] == "ZZZ;LYON;2;'=1+1;This SKU is not in the catalogue."
    again = back.replace("ZZZ", "CARTE").replace("MUG;LYON;1;", "MUG;LYON;3;x")
    chen.post("/stock/safety", {"file": SimpleUploadedFile("again.csv", again.encode())})
    assert Availability.objects.get(sku=carte, node=balanced.lyon).safety == 2
    assert not SafetyRefusedRow.objects.exclude(run=run).exists()
    assert f'href="/stock/safety/{run.pk}"' in chen.get("/stock/safety").content.decode()


def test_a_file_of_safety_stock_of_somebody_else_is_not_there(balanced: World) -> None:
    file = SimpleUploadedFile("safety.csv", b"sku,node,safety\nZZZ,LYON,1\n")
    client_of(balanced.chen).post("/stock/safety", {"file": file})
    run, dee = SafetyFile.objects.get(), client_of(balanced.dee)
    for address in (f"/stock/safety/{run.pk}", f"/stock/safety/{run.pk}/refused.csv", f"/stock/safety/{2**70}"):
        assert dee.get(address).status_code == 404


def test_many_rows_of_safety_stock_take_as_many_statements_as_few(balanced: World) -> None:
    def sent(rows: int) -> int:
        content = "sku,node,safety\n" + "".join(f"X{n},LYON,1\n" for n in range(rows)) + f"MUG,LYON,{rows % 7 + 1}\n"
        with CaptureQueriesContext(connection) as asked:
            import_safety(balanced.tilleul.pk, source=io.BytesIO(content.encode()), file_name="f", actor=SYSTEM)
        return len(asked)

    assert sent(3) == sent(300)


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"a;b\n1;2\n", b"PK\x03\x04zzzz"])
def test_a_file_that_is_none_changes_nothing(balanced: World, content: bytes) -> None:
    file = io.BytesIO(content)
    file.name = "x.csv"
    assert client_of(balanced.chen).post("/stock/safety", {"file": file}).status_code == 422
    assert not Availability.objects.filter(safety__gt=0).exists()


def test_a_channel_is_told_what_it_may_sell_page_by_page(balanced: World) -> None:
    hold(balanced.sku("MUG"), 19)
    first = get(balanced, "availability?channel=shop&limit=4").json()
    second = get(balanced, f"availability?channel=shop&limit=4&page={first['next']}").json()
    found = {item["sku"]: item["quantity"] for item in first["items"] + second["items"]}
    assert found == {"CARTE": 20, "COFFRET": 1, "LAMPE": 20, "MUG": 1, "PLUME": 20, "TAPIS": 20}
    assert second["next"] is None
    assert first["mark"] == second["mark"]
    # The mark is that of the oldest transaction of the server that is under way: any other test's.
    with connection.cursor() as db:
        db.execute("SELECT pg_current_xact_id()::text::bigint + 1")
        (later,) = db.fetchone()
    assert get(balanced, f"availability?channel=shop&after={later}").json()["items"] == []


def test_stock_is_told_node_by_node(balanced: World) -> None:
    hold(balanced.sku("MUG"), 3)
    (item,) = get(balanced, "stock?sku=mug").json()["items"]
    assert item["nodes"] == [
        {
            "node": "LYON", "on_hand": 20, "reserved": 3, "allocated": 0, "in_transit": 0, "quarantine": 0,
            "damaged": 0, "safety": 0, "available": 17, "owed": 0,
        }
    ]  # fmt: skip
    whole = get(balanced, "stock?limit=2").json()
    assert len(whole["items"]) == 2
    assert len(get(balanced, f"stock?page={whole['next']}").json()["items"]) == 4


@pytest.mark.parametrize(
    ("path", "status"),
    [("availability", 422), ("availability?channel=zzz", 404), ("availability?channel=api", 404),
     ("availability?channel=shop&after=x", 422), ("availability?channel=shop&limit=0", 422),
     ("availability?channel=shop&limit=99999", 422), ("availability?channel=shop&page=1", 422),
     ("availability?channel=shop&page=1:x:A", 422), ("availability?channel=shop&after=99999999999999999999", 422),
     ("stock?sku=NOTHING", 404), ("stock?page=%00", 422), ("stock?sku=%00", 404), ("stock?limit=x", 422)],
)  # fmt: skip
def test_what_cannot_be_answered_is_a_problem_document(balanced: World, path: str, status: int) -> None:
    answer = get(balanced, path)
    assert answer.status_code == status
    assert json.loads(answer.content)["status"] == status


def test_a_key_reads_its_own_merchant_and_only_with_the_scope(balanced: World) -> None:
    assert get(balanced, "stock", scopes=("orders:write",)).status_code == 401
    assert Client().get("/api/v1/stock").status_code == 401
    Sku.objects.filter(pk=balanced.northwind_skus["MUG"].pk).update(code="THEIRS")
    assert "THEIRS" not in get(balanced, "stock").content.decode()
    assert "THEIRS" in get(balanced, "stock", merchant=balanced.northwind).content.decode()


def test_many_skus_are_asked_for_as_often_as_few(balanced: World) -> None:
    chen = client_of(balanced.chen)

    def asked(path: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            answer = get(balanced, path[5:]) if path.startswith("/api/") else chen.get(path)
            assert answer.status_code == 200
        return len(caught)

    pages = ("/stock/availability", "/api/availability?channel=shop", "/api/stock")
    few = [asked(page) for page in pages]
    skus = Sku.objects.bulk_create(Sku(merchant=balanced.tilleul, code=f"N-{n:03}", name="N") for n in range(150))
    opening = [OpeningRow(sku.pk, balanced.bins()[n % 12].pk, 5) for n, sku in enumerate(skus)]
    open_stock(balanced.tilleul.pk, opening, document_id=78, actor=SYSTEM)
    assert [asked(page) for page in pages] == few
