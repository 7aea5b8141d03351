"""The catalogue: one SKU by hand, many by the file, and out again."""

import gzip
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from colisage.catalog.actions.save_skus import SkuRow, save_skus
from colisage.catalog.models import Barcode, CatalogImport, CatalogRefusedRow, Component, Sku
from colisage.catalog.rules import is_mistyped_gtin
from colisage.kit.actors import SYSTEM
from colisage.kit.models import AuditEntry
from colisage.network.models import StorageType
from colisage.people.models import User
from tests.cast import World


def client_of(person: User, *, language: str = "en") -> Client:
    client = Client(headers={"Accept-Language": language})
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def send(world: World, content: str | bytes, *, name: str = "skus.csv", language: str = "en") -> Any:
    data = content.encode() if isinstance(content, str) else content
    return client_of(world.chen, language=language).post(
        "/catalog/import", {"file": SimpleUploadedFile(name, data)}, follow=True
    )


def test_a_file_makes_and_changes_skus_and_gives_back_what_is_wrong(world: World) -> None:
    answer = send(
        world,
        "SKU;Désignation;EAN;poids (kg);longueur (cm);prix;fragile\n"
        "mug;Mug en grès émaillé;;0,4;;19,90;oui\n"
        "VASE;Vase soufflé;4006381333931;1,25;22;45;x\n"
        "BOL;Bol;4006381333930;;;12;non\n"
        ";Sans code;;;;1;\n"
        "POT;Pot;;lourd;;1;\n"
        "VASE;Encore;;;;1;\n"
        "PLAT;Plat;;;;1;peut-être\n",
        language="fr",
    )
    text = answer.content.decode()
    assert "2 références enregistrées" in text
    mug, vase = Sku.objects.get(code="MUG", merchant=world.tilleul), Sku.objects.get(code="VASE")
    assert (mug.name, mug.grams, mug.price_cents, mug.length_mm) == ("Mug en grès émaillé", 400, 1990, 120)
    assert (vase.grams, vase.length_mm, vase.fragile) == (1250, 220, True)
    assert Barcode.objects.get(sku=vase).code == "4006381333931"
    rows = CatalogRefusedRow.objects.order_by("number").values_list("number", "reason")
    assert list(rows) == [
        (4, "bad_barcode"), (5, "no_code"), (6, "bad_weight"), (7, "code_twice"), (8, "bad_yes_no"),
    ]  # fmt: skip
    run = CatalogImport.objects.get()
    back = client_of(world.chen, language="fr").get(f"/catalog/import/{run.pk}/refused.csv").content.decode("utf-8-sig")
    assert back.splitlines()[0].endswith(";Motif du refus")
    assert "Le dernier chiffre du code-barres ne correspond pas aux autres." in back
    corrected = back.replace("lourd", "1,1").replace("4006381333930", "5901234123457")
    send(world, corrected)
    assert Sku.objects.get(code="POT").grams == 1100


def test_a_barcode_names_one_sku_only(world: World) -> None:
    taken = Barcode.objects.get(sku=world.sku("MUG")).code
    send(world, f"sku,barcode\nNEW,{taken}\nA,5901234123457\nB,5901234123457\n")
    assert not Sku.objects.filter(code="NEW").exists()
    rows = CatalogRefusedRow.objects.values_list("number", "reason")
    assert list(rows) == [(2, "barcode_taken"), (4, "barcode_taken")]
    assert Barcode.objects.get(code="5901234123457").sku.code == "A"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"sku,name\n", "no row"),
        (b"name,price\nMug,1\n", "sku"),
        (b"sku,weight\nMUG,3\n", "unit"),
        (b"sku,SKU\nA,B\n", "same name"),
        (b"PK\x03\x04" + bytes(200), "not a table"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "not a table"),
        (gzip.compress(b"sku,name\nA,B\n", mtime=0)[:-6], "damaged"),
    ],
    ids=["empty", "header", "no code", "no unit", "twice", "zip", "png", "cut off"],
)
def test_a_file_of_no_use_is_refused_as_a_whole(world: World, content: bytes, said: str) -> None:
    before = Sku.objects.count()
    answer = send(world, content)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Sku.objects.count() == before
    assert not CatalogImport.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_every_encoding_and_separator_reads_the_same(world: World, encoding: str, mark: str) -> None:
    send(world, f"référence{mark}désignation\nÉTÉ{mark}Thé d’été\n".encode(encoding))
    assert Sku.objects.get(code="ÉTÉ").name == "Thé d’été"


def test_what_is_taken_out_can_be_sent_in_again_and_changes_nothing(world: World) -> None:
    save_skus(world.tilleul.pk, [SkuRow(code="=1+1", name="=HYPERLINK(1)", fragile=True)], actor=SYSTEM)
    before = list(Sku.objects.order_by("pk").values())
    file = client_of(world.chen).get("/catalog/export.csv").content
    assert b"'=1+1" in file
    answer = send(world, file)
    assert b"to correct" not in answer.content
    assert list(Sku.objects.order_by("pk").values()) == before


def test_yes_can_become_no_again(world: World) -> None:
    send(world, "sku,fragile\nMUG,no\n")
    assert not Sku.objects.get(code="MUG", merchant=world.tilleul).fragile


def test_a_sku_is_made_and_changed_by_hand(world: World) -> None:
    chen = client_of(world.chen)
    told = {
        "code": "THE-250",
        "kind": "unit",
        "name": "Thé",
        "grams": "250",
        "price": "12.50",
        "rotation": "fifo",
        "active": "on",
    }
    answer = chen.post("/catalog/new", {**told, "barcodes": "5901234123457\nCASE-6 × 6", "origin": "France"})
    assert answer.status_code == 302
    sku = Sku.objects.get(code="THE-250")
    assert (sku.grams, sku.price_cents, sku.origin, sku.stackable) == (250, 1250, "FR", False)
    assert dict(Barcode.objects.filter(sku=sku).values_list("code", "units")) == {"5901234123457": 1, "CASE-6": 6}
    chen.post(f"/catalog/{sku.pk}", {**told, "name": "Thé vert", "grams": "", "barcodes": "CASE-6 × 12"})
    sku.refresh_from_db()
    assert (sku.name, sku.grams) == ("Thé vert", None)
    assert dict(Barcode.objects.filter(sku=sku).values_list("code", "units")) == {"CASE-6": 12}
    assert AuditEntry.objects.filter(verb="sku_changed", doc_id=sku.pk).latest("pk").data["name"] == ["Thé", "Thé vert"]


def test_how_a_sku_is_kept_is_chosen_from_the_types_there_are(world: World) -> None:
    cold = StorageType.objects.get(code="cold")
    told = {"code": "BEURRE", "kind": "unit", "name": "Beurre", "rotation": "fifo", "active": "on"}
    chen, bo = client_of(world.chen), client_of(world.bo)
    for wrong in ("0", "-1", str(10**30), "cold", "\x00", "1.0"):
        answer = chen.post("/catalog/new", {**told, "storage": wrong})
        assert answer.status_code == 422, wrong
    assert not Sku.objects.filter(code="BEURRE").exists()
    assert chen.post("/catalog/new", {**told, "storage": str(cold.pk)}).status_code == 302
    sku = Sku.objects.get(code="BEURRE")
    assert sku.storage_id == cold.pk
    page = client_of(world.chen, language="fr").get(f"/catalog/{sku.pk}").content.decode()
    assert f'<option value="{cold.pk}" selected>réfrigéré</option>' in page
    assert bo.post(f"/catalog/{sku.pk}", {**told, "storage": ""}).status_code == 403
    sku.refresh_from_db()
    assert sku.storage_id == cold.pk
    chen.post(f"/catalog/{sku.pk}", {**told, "storage": ""})
    sku.refresh_from_db()
    assert sku.storage_id is None
    deed = AuditEntry.objects.filter(verb="sku_changed", doc_id=sku.pk).latest("pk")
    assert deed.data == {"storage_id": [cold.pk, None]}


def test_a_bundle_is_made_of_skus_of_the_shop(world: World) -> None:
    chen = client_of(world.chen)
    told = {"code": "DUO", "kind": "bundle", "name": "Duo", "rotation": "fifo", "active": "on"}
    for wrong in ("NOTHING", "COFFRET × 2", "DUO"):
        answer = chen.post("/catalog/new", {**told, "recipe": f"MUG\n{wrong}"})
        assert answer.status_code == 422
        assert not Sku.objects.filter(code="DUO").exists()
    chen.post("/catalog/new", {**told, "recipe": "mug × 2\nCARTE"})
    found = Component.objects.filter(parent__code="DUO").values_list("sku__code", "quantity")
    assert sorted(found) == [("CARTE", 1), ("MUG", 2)]


def test_bad_words_on_the_form_are_said_and_keep_what_was_typed(world: World) -> None:
    told = {"code": "mug", "kind": "unit", "name": "Autre", "rotation": "fifo", "grams": "-3", "origin": "Nulle part"}
    answer = client_of(world.chen).post("/catalog/new", {**told, "barcodes": "4006381333930"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Autre" in text
    assert "4006381333930 does not fit" in text
    assert "No country has this name" in text
    again = client_of(world.chen).post("/catalog/new", {**told, "grams": "3", "origin": ""})
    assert "code mug already" in again.content.decode()


def test_who_does_not_manage_sees_and_changes_nothing(world: World) -> None:
    ada, mug = client_of(world.ada), world.sku("MUG")
    assert ada.get(f"/catalog/{mug.pk}").status_code == 200
    assert ada.post(f"/catalog/{mug.pk}", {"name": "X", "rotation": "fifo"}).status_code == 403
    assert ada.get("/catalog/new").status_code == 403
    assert ada.get("/catalog/import").status_code == 403


def test_who_does_not_manage_is_shown_a_form_that_takes_nothing(world: World) -> None:
    page = client_of(world.ada).get(f"/catalog/{world.sku('MUG').pk}").content.decode()
    assert "disabled" in page
    assert "Save" not in page
    assert "New SKU" not in client_of(world.ada).get("/catalog/").content.decode()


def test_a_recipe_belongs_to_a_bundle_or_a_kit_and_names_each_sku_once(world: World) -> None:
    chen = client_of(world.chen)
    told = {"code": "DUO", "name": "Duo", "rotation": "fifo", "active": "on"}
    for kind, recipe, said in (
        ("unit", "MUG", "Only bundles and kits"),
        ("bundle", "", "Say what is in it"),
        ("kit", "MUG\nmug × 2", "on each line, once"),
    ):
        answer = chen.post("/catalog/new", {**told, "kind": kind, "recipe": recipe})
        assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert not Sku.objects.filter(code="DUO").exists()


def test_a_date_is_one_of_a_lot_or_of_a_unit(world: World) -> None:
    chen = client_of(world.chen)
    told = {"code": "HONEY", "name": "Honey", "kind": "unit", "rotation": "fefo", "active": "on", "tracks_expiry": "on"}
    answer = chen.post("/catalog/new", told)
    assert (answer.status_code, "A date belongs to a lot" in answer.content.decode()) == (422, True)
    assert not Sku.objects.filter(code="HONEY").exists()
    assert chen.post("/catalog/new", {**told, "tracks_lots": "on"}).status_code == 302
    assert Sku.objects.get(code="HONEY").tracks_expiry


def test_a_barcode_that_is_known_stays_right_and_one_of_another_sku_is_refused(world: World) -> None:
    chen, mug = client_of(world.chen), world.sku("MUG")
    told = {"name": "Mug", "rotation": "fifo", "active": "on"}
    odd = "1234567890123"  # a code of the merchant's own: its last digit checks nothing
    Barcode.objects.create(merchant=world.tilleul, sku=mug, code=odd)
    assert chen.post(f"/catalog/{mug.pk}", {**told, "barcodes": odd}).status_code == 302
    answer = chen.post(f"/catalog/{world.sku('TAPIS').pk}", {**told, "barcodes": odd.replace("123", "M")})
    assert answer.status_code == 302
    answer = chen.post(f"/catalog/{world.sku('TAPIS').pk}", {**told, "barcodes": odd})
    assert answer.status_code == 422
    Sku.objects.filter(pk=world.sku("TAPIS").pk).update(name="Tapis")
    Barcode.objects.create(merchant=world.tilleul, sku=mug, code="OURS")
    answer = chen.post(f"/catalog/{world.sku('TAPIS').pk}", {**told, "barcodes": "OURS"})
    assert "Another SKU has the barcode OURS" in answer.content.decode()
    assert Sku.objects.get(pk=world.sku("TAPIS").pk).name == "Tapis"


def test_another_merchants_catalogue_is_not_there(world: World) -> None:
    dee = client_of(world.dee)
    assert dee.get(f"/catalog/{world.sku('MUG').pk}").status_code == 404
    assert f"/catalog/{world.sku('MUG').pk}" not in dee.get("/catalog/").content.decode()
    send(world, "sku,name\nSECRET,Secret\n")
    run = CatalogImport.objects.get()
    assert dee.get(f"/catalog/import/{run.pk}").status_code == 404
    assert "SECRET" not in dee.get("/catalog/export.csv").content.decode()


@pytest.mark.parametrize("view", ["", "unmeasured", "inactive"])
def test_the_list_asks_as_often_for_many_as_for_few(world: World, view: str) -> None:
    chen = client_of(world.chen)

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert chen.get(f"/catalog/?view={view}").status_code == 200
        return len(queries)

    save_skus(world.tilleul.pk, [SkuRow(code="ONE", name="One")], actor=SYSTEM)
    Sku.objects.filter(code="PLUME").update(active=False)
    asked()
    few = asked()
    save_skus(world.tilleul.pk, [SkuRow(code=f"N{n:03}", name="Many") for n in range(60)], actor=SYSTEM)
    assert asked() == few


def test_pages_follow_each_other_by_code(world: World) -> None:
    save_skus(world.tilleul.pk, [SkuRow(code=f"n{n:03}", name="Many") for n in range(60)], actor=SYSTEM)
    first = client_of(world.chen).get("/catalog/?text=many").content.decode()
    assert "n049" in first
    assert "n050" not in first
    second = client_of(world.chen).get("/catalog/?text=many&after=N049:1").content.decode()
    assert "n050" in second


def test_the_command_tells_what_became_of_the_rows(world: World, tmp_path: Any) -> None:
    file = tmp_path / "skus.csv"
    file.write_text("sku,name\nX1,One\n,None\n")
    out = io.StringIO()
    call_command("import_skus", file, merchant="tilleul", json=True, stdout=out)
    assert out.getvalue().strip() == '{"rows": 2, "saved": 1, "refused": 1}'


@pytest.mark.parametrize(
    ("code", "wrong"),
    [("4006381333931", False), ("4006381333930", True), ("96385074", False), ("96385075", True), ("MUG", False)],
)
def test_a_check_digit_tells_a_mistyped_code(code: str, wrong: bool) -> None:  # noqa: FBT001
    assert is_mistyped_gtin(code) == wrong
