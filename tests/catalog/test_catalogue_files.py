"""Files of SKUs as people really send them, and what becomes of each row; out, changed, and in again."""

import csv
import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from colisage.catalog.actions.import_catalogue import import_catalogue
from colisage.catalog.actions.save_skus import SkuRow, save_skus
from colisage.catalog.models import Barcode, CatalogImport, CatalogRefusedRow, Component, Sku
from colisage.catalog.queries.columns import Column, column_of, unused
from colisage.catalog.queries.files import LIMIT_BYTES, REASONS, open_catalogue, rows_of
from colisage.catalog.queries.storing import storage_of
from colisage.catalog.rules import counted, counted_text
from colisage.catalog.views import skus
from colisage.kit.actors import SYSTEM
from colisage.kit.models import AuditEntry
from tests.cast import World
from tests.catalog.test_catalogue import client_of, send


def fates() -> list[tuple[int, str]]:
    return list(CatalogRefusedRow.objects.order_by("number").values_list("number", "reason"))


def tilleuls(world: World) -> dict[str, Sku]:
    return {sku.code: sku for sku in Sku.objects.filter(merchant=world.tilleul)}


def exported(client: Client) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get("/catalog/export.csv").content.decode("utf-8-sig"))))


def written(rows: list[dict[str, str]], *, delimiter: str = ",") -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, fieldnames=list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("SKU", Column("code")),
        ("Référence article", Column("code")),
        ("Désignation", Column("name")),
        ("Code-barres", Column("barcodes")),
        ("EAN 13", Column("barcodes")),
        ("weight_g", Column("grams", 1)),
        ("Poids (en kg)", Column("grams", 1000)),
        ("Grams", Column("grams", 1)),
        ("Weight in kg", Column("grams", 1000)),
        ("weight", Column("grams", 0)),
        ("Longueur cm", Column("length_mm", 10)),
        ("HAUTEUR [mm]", Column("height_mm", 1)),
        ("width (m)", Column("width_mm", 1000)),
        ("Pays d’origine", Column("origin")),
        ("HS code", Column("hs_code")),
        ("weight (mm)", Column("grams", 0)),
        ("prix kg", None),
        ("couleur", None),
        ("", None),
    ],
)
def test_columns_are_known_by_what_people_call_them(name: str, column: Column | None) -> None:
    assert column_of(name) == column


def test_our_own_column_of_reasons_is_no_unknown_column() -> None:
    assert unused(["sku", "Motif du refus", "couleur", ""]) == ["couleur"]


@pytest.mark.parametrize(
    "pairs", [[("A", 1), ("B", 6)], [("BOX*2", 1)], [("A × 3", 1), ("3760001900019", 12)], [("deux mots", 2)]]
)
def test_codes_with_their_units_are_read_as_they_were_written(pairs: list[tuple[str, int]]) -> None:
    assert counted(counted_text(pairs).splitlines(), longest=80) == pairs
    assert counted(counted_text(pairs, mark=" | ").split("|"), longest=80) == pairs


@pytest.mark.parametrize("line", ["A × 0", "A × 9999999", "x" * 81, "a\x01b", "A\na"])
def test_nonsense_is_no_code_with_units(line: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        counted(line.split("\n"), longest=80)


WHOLE: dict[str, tuple[bytes, str]] = {
    "only blank lines": (b"\r\n\r\n;;\r\n", "empty"),
    "two columns for the code": (b"sku,reference\nA,B\n", "say the same thing: sku, reference"),
    "grams and kilograms": (b"sku,weight_g,poids (kg)\nA,1,2\n", "say the same thing: weight_g, poids (kg)"),
    "a length without unit": (b"sku,longueur\nA,2\n", "Say the unit in the name of these columns"),
    "an archive named .csv": (b"", "not a table"),
    "a workbook": (b"PK\x03\x04" + bytes(26) + b"xl/workbook.xml" + bytes(99), "workbook"),
    "a page of the web": (b"<!doctype html><table><tr><td>sku", "not a table"),
    "more than 30 MB": (b"sku,name\n" + b"A,bbbbbbbbbbbbbbbbbbbbbbb\n" * (LIMIT_BYTES // 25), "exceeds 30 MB"),
}


@pytest.mark.parametrize("claim", WHOLE)
def test_a_file_that_cannot_be_right_changes_nothing(world: World, claim: str) -> None:
    content, said = WHOLE[claim]
    if claim == "an archive named .csv":
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("skus.csv", "sku,name\nA,B\n")
        content = packed.getvalue()
    before = list(Sku.objects.order_by("pk").values())
    answer = send(world, content)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert list(Sku.objects.order_by("pk").values()) == before
    assert not CatalogImport.objects.exists()


def test_a_file_is_asked_for_and_an_empty_one_is_refused_in_ones_language(world: World) -> None:
    chen = client_of(world.chen, language="fr")
    assert chen.post("/catalog/import", {}).status_code == 422
    answer = chen.post("/catalog/import", {"file": SimpleUploadedFile("vide.csv", b"")})
    assert "Le fichier est vide" in answer.content.decode()


def test_more_rows_than_somebody_waits_for_are_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(skus, "MOST_ROWS", 3)
    answer = send(world, "sku\n" + "".join(f"N{n}\n" for n in range(4)))
    assert "more than 3 rows" in answer.content.decode()
    assert send(world, "sku\n" + "".join(f"N{n}\n" for n in range(3))).status_code == 200


ROWS: dict[str, tuple[bytes, str]] = {
    "a character of no text": (b"sku,name\nA,Un nom assez long\0 pour un texte\n", "unreadable_characters"),
    "a cell too few": (b"sku,name,price\nA,B\n", "too_few_cells"),
    "a cell too many": (b"sku,name\nA,B,C\n", "too_many_cells"),
    "an open quotation mark": (b'sku,name\nA,"Plat\n', "unclosed_quote"),
    "a code of two lines": (b'sku,name\n"A\nB",C\n', "bad_code"),
    "a code too long": (b"sku\n" + b"x" * 101 + b"\n", "bad_code"),
    "a name too long": (b"sku,name\nA," + b"x" * 301 + b"\n", "too_long"),
    "a kind of its own": (b"sku,kind\nA,palette\n", "bad_kind"),
    "another kind": (b"sku,kind,recipe\nMUG,bundle,CARTE\n", "kind_stays"),
    "a thousand grams or one": (b'sku,weight_g\nA,"1,234"\n', "bad_weight"),
    "a weight with its unit": (b"sku,weight_g\nA,380 g\n", "bad_weight"),
    "no number": (b"sku,weight_g\nA,NaN\n", "bad_weight"),
    "endless": (b"sku,length_mm\nA,inf\n", "bad_size"),
    "a power": (b"sku,length_mm\nA,1e3\n", "bad_size"),
    "less than nothing": (b"sku,weight_g\nA,-3\n", "bad_weight"),
    "heavier than a lorry": (b"sku,weight_kg\nA,2000.1\n", "bad_weight"),
    "longer than a lorry": (b"sku,length_cm\nA,2001\n", "bad_size"),
    "forty digits": (b"sku,height_mm\nA," + b"9" * 40 + b"\n", "bad_size"),
    "a third of a cent": (b"sku,price\nA,1.333\n", "bad_price"),
    "a price below nothing": (b"sku,cost\nA,-1\n", "bad_price"),
    "nowhere": (b"sku,origin\nA,Atlantide\n", "bad_origin"),
    "perhaps": (b"sku,fragile\nA,maybe\n", "bad_yes_no"),
    "a rotation of its own": (b"sku,rotation\nA,random\n", "bad_rotation"),
    "a storage type of its own": (b"sku,storage\nA,lukewarm\n", "no_such_storage"),
    "a barcode twice in a cell": (b"sku,barcode\nA,X1 | x1\n", "bad_barcodes"),
    "a mistyped barcode": (b"sku,barcode\nA,X1 | 4006381333930\n", "bad_barcode"),
    "a bundle of nothing": (b"sku,kind\nA,bundle\n", "no_recipe"),
    "a recipe of a mug": (b"sku,recipe\nMUG,CARTE\n", "recipe_of_unit"),
    "a recipe of a new unit": (b"sku,recipe\nA,CARTE\n", "recipe_of_unit"),
    "a recipe of nothing known": (b"sku,kind,recipe\nA,bundle,NOTHING\n", "no_such_component"),
    "a bundle in a bundle": (b"sku,kind,recipe\nA,bundle,COFFRET\n", "no_such_component"),
    "a bundle in itself": (b"sku,kind,recipe\nA,bundle,A\n", "no_such_component"),
    "a date of nothing": (b"sku,tracks_expiry\nA,yes\n", "date_of_nothing"),
    "a date of a mug without lots": (b"sku,tracks expiry\nMUG,yes\n", "date_of_nothing"),
    "a recipe one cannot read": (b"sku,kind,recipe\nA,bundle,MUG | MUG\n", "bad_recipe"),
}


@pytest.mark.parametrize("claim", ROWS)
def test_a_row_that_cannot_be_right_comes_back_and_changes_nothing(world: World, claim: str) -> None:
    content, reason = ROWS[claim]
    before = list(Sku.objects.order_by("pk").values())
    answer = send(world, content, language="fr")
    assert answer.status_code == 200
    assert fates() == [(2, reason)]
    assert list(Sku.objects.order_by("pk").values()) == before
    back = client_of(world.chen, language="fr").get(f"/catalog/import/{CatalogImport.objects.get().pk}/refused.csv")
    with override("fr"):
        assert str(REASONS[reason]) in back.content.decode("utf-8-sig")


def test_a_formula_stays_a_text_and_goes_back_harmless(world: World) -> None:
    send(world, "sku,name,weight_g\n=1+1,@SUM(A1),12\nBAD,=HYPERLINK(1),x\n")
    assert Sku.objects.get(code="=1+1").name == "@SUM(A1)"
    chen = client_of(world.chen)
    row = next(row for row in exported(chen) if "1+1" in row["sku"])
    assert (row["sku"], row["name"]) == ("'=1+1", "'@SUM(A1)")
    back = chen.get(f"/catalog/import/{CatalogImport.objects.get().pk}/refused.csv").content.decode("utf-8-sig")
    assert "BAD,'=HYPERLINK(1),x" in back
    send(world, written(exported(chen)))
    assert Sku.objects.filter(name="@SUM(A1)").count() == 1


def test_columns_of_no_use_are_said(world: World) -> None:
    answer = send(world, "sku,wieght_g,couleur\nMUG,3,bleu\n")
    assert "2 columns were not used: wieght_g, couleur." in answer.content.decode()
    assert "not used" not in send(world, "sku,name\nMUG,Mug\n").content.decode()


def test_a_column_name_with_a_character_of_no_text_is_kept_without_it(world: World) -> None:
    assert send(world, b"sku,na\0me\nA,Un nom assez long pour un texte\n").status_code == 200
    assert CatalogImport.objects.get().columns == ["sku", "na\ufffdme"]


def test_a_size_of_nothing_says_nothing(world: World) -> None:
    send(world, "sku,weight_g,length_mm,width_mm,height_mm\nMUG,0,0,\u00a0,0.0\nNEW,0,0,0,0\n")
    mug, new = tilleuls(world)["MUG"], tilleuls(world)["NEW"]
    assert (mug.grams, mug.length_mm) == (380, 120)
    assert (new.grams, new.length_mm) == (None, None)
    page = client_of(world.chen).get("/catalog/?view=unmeasured").content.decode()
    assert "NEW" in page
    assert "MUG" not in page


def test_the_same_file_again_changes_nothing_and_is_not_recorded(world: World) -> None:
    file = written(exported(client_of(world.chen)), delimiter=";")
    before = [list(model.objects.order_by("pk").values()) for model in (Sku, Barcode, Component)]
    deeds = AuditEntry.objects.count()
    assert "6 SKUs saved" in send(world, file).content.decode()
    assert [list(model.objects.order_by("pk").values()) for model in (Sku, Barcode, Component)] == before
    assert AuditEntry.objects.count() == deeds


def test_what_is_taken_out_can_be_changed_and_sent_in_again(world: World) -> None:
    chen = client_of(world.chen)
    mug = world.sku("MUG")
    Barcode.objects.create(merchant=world.tilleul, sku=mug, code="CASE*6", units=6)
    rows = {row["sku"]: row for row in exported(chen)}
    assert rows["COFFRET"]["recipe"] == "MUG | CARTE × 2"
    assert rows["MUG"]["barcode"].endswith(" | CASE*6 × 6")
    rows["MUG"] |= {
        "name": "Mug, “petit”; bleu\nnuit",
        "barcode": "4006381333931 | CASE*6 × 12",
        "weight_g": "401",
        "price": "19.90",
        "hs_code": "6912.00",
        "origin": "PT",
        "fragile": "no",
        "stackable": "no",
        "keep_upright": "yes",
        "hazardous": "yes",
        "tracks_lots": "yes",
        "tracks_serials": "yes",
        "tracks_expiry": "yes",
        "rotation": "fefo",
        "storage": "cold",
        "active": "no",
    }
    rows["COFFRET"] |= {"recipe": "CARTE × 3 | TAPIS", "cost": "4"}
    send(world, written(list(rows.values())))
    assert fates() == []
    assert exported(chen) == [{**row, "name": row["name"].replace("\n", " ")} for row in _as_money(rows)]
    assert dict(Barcode.objects.filter(sku=mug).values_list("code", "units")) == {"4006381333931": 1, "CASE*6": 12}
    deed = AuditEntry.objects.get(doc_id=mug.pk, verb="sku_changed")
    assert deed.data["grams"] == [380, 401]
    page = client_of(world.chen).get(f"/catalog/{mug.pk}").content.decode()
    assert "Weight, g: 380 → 401" in page
    assert "Price: €18.00 → €19.90" in page
    assert "Fragile: yes → no" in page
    assert "How it is kept: — → cold" in page
    assert "Fragile\u00a0: oui → non" in client_of(world.chen, language="fr").get(f"/catalog/{mug.pk}").content.decode()


@pytest.mark.parametrize(
    ("column", "cell"),
    [("storage", "cold"), ("Storage type", "COLD"), ("stockage", "Réfrigéré"), ("type de stockage", "refrigere")],
)
def test_how_a_sku_is_kept_is_read_in_both_languages(world: World, column: str, cell: str) -> None:
    send(world, f"sku;{column}\nMUG;{cell}\nTAPIS;\n")
    assert fates() == []
    assert (kept(world, "MUG"), kept(world, "TAPIS")) == ("cold", "")
    send(world, f"sku;{column}\nMUG;\nTAPIS;ambient\n")
    assert (kept(world, "MUG"), kept(world, "TAPIS")) == ("cold", "ambient")


def kept(world: World, code: str) -> str:
    sku = world.sku(code)
    return storage_of([world.tilleul.pk], sku_ids=[sku.pk]).get(sku.pk, "")


def _as_money(rows: dict[str, dict[str, str]]) -> Iterator[dict[str, str]]:
    for row in rows.values():
        yield {**row, "cost": f"{float(row['cost']):.2f}"}


def test_a_bundle_may_stand_above_what_is_in_it(world: World) -> None:
    send(world, "sku;nature;composition\nDUO;lot;new × 2 | MUG\nNEW;;\n", language="fr")
    assert fates() == []
    found = Component.objects.filter(parent__code="DUO").order_by("pk").values_list("sku__code", "quantity")
    assert list(found) == [("NEW", 2), ("MUG", 1)]


def test_a_file_moves_no_barcode_from_one_sku_to_another(world: World) -> None:
    taken = Barcode.objects.get(sku=world.sku("MUG")).code
    send(world, f"sku,barcode\nTAPIS,{taken}\nmug,{taken} | M2\nA,M2\n")
    assert fates() == [(2, "barcode_taken"), (4, "barcode_taken")]
    assert set(Barcode.objects.filter(sku=world.sku("MUG")).values_list("code", flat=True)) == {taken, "M2"}


def test_capitals_and_accents_make_no_second_sku(world: World) -> None:
    send(world, "sku,name\nthé,Un\nTHÉ,Deux\n")
    assert fates() == [(3, "code_twice")]
    send(world, "sku,name\nTHÉ,Trois\n")
    assert list(Sku.objects.filter(code__in=("thé", "THÉ")).values_list("name", flat=True)) == ["Trois"]


def test_a_file_touches_its_own_merchant_only(world: World) -> None:
    before = list(Sku.objects.filter(merchant=world.northwind).order_by("pk").values())
    send(world, "sku,name\nMUG,Autre\nSECRET,Secret\n")
    assert list(Sku.objects.filter(merchant=world.northwind).order_by("pk").values()) == before
    run = CatalogImport.objects.get()
    for url in (f"/catalog/import/{run.pk}", f"/catalog/import/{run.pk}/refused.csv"):
        assert client_of(world.dee).get(url).status_code == 404


def test_only_who_manages_sends_a_file(world: World) -> None:
    file = SimpleUploadedFile("skus.csv", b"sku,name\nMUG,X\n")
    assert client_of(world.ada).post("/catalog/import", {"file": file}).status_code == 403
    assert tilleuls(world)["MUG"].name == "Mug en grès bleu"
    assert client_of(world.ada).get("/catalog/export.csv").status_code == 200
    assert Client().get("/catalog/export.csv").status_code == 302


def test_a_sku_taken_out_of_use_is_not_made_again_but_used_again(world: World) -> None:
    send(world, "sku,in use\nPLUME,no\n")
    told = {"code": "plume", "kind": "unit", "name": "Autre", "rotation": "fifo", "active": "on"}
    answer = client_of(world.chen).post("/catalog/new", told)
    assert (answer.status_code, "code plume already" in answer.content.decode()) == (422, True)
    assert tilleuls(world)["PLUME"].name == "Édredon de plume"
    send(world, "sku,actif\nplume,oui\n")
    assert tilleuls(world)["PLUME"].active


def _statements(call: Any) -> int:
    with CaptureQueriesContext(connection) as asked:
        call()
    return len(asked)


def test_saving_and_taking_out_ask_as_often_for_many_as_for_few(world: World) -> None:
    def rows(start: int, count: int) -> list[SkuRow]:
        return [SkuRow(code=f"S{n}", name="S", barcodes=((f"B{n}", 1),)) for n in range(start, start + count)]

    chen = client_of(world.chen)
    few = _statements(lambda: save_skus(world.tilleul.pk, rows(0, 3), actor=SYSTEM))
    out = _statements(lambda: chen.get("/catalog/export.csv"))
    assert _statements(lambda: save_skus(world.tilleul.pk, rows(3, 60), actor=SYSTEM)) == few
    assert _statements(lambda: chen.get("/catalog/export.csv")) == out


def test_a_file_asks_as_often_for_many_rows_as_for_few(world: World) -> None:
    def file(start: int, count: int) -> io.BytesIO:
        told = "".join(f"N{n},B{n},unit,\n" for n in range(start, start + count))
        return io.BytesIO(f"sku,barcode,kind,recipe\n{told}D{start},,bundle,MUG\n,,,\n,,unit,\n".encode())

    def taken(start: int, count: int) -> int:
        source = file(start, count)
        return _statements(
            lambda: import_catalogue(world.tilleul.pk, source=source, file_name="f", currency="EUR", actor=SYSTEM)
        )

    assert taken(0, 3) == taken(10, 200)


@pytest.mark.parametrize(
    ("text", "days", "reason"),
    [
        ("30", 30, ""),
        ("0", 0, ""),
        ("", None, ""),
        *((noise, None, "bad_days") for noise in ("-1", "4000", "0000004000", "soon", "9" * 400)),
    ],
)
def test_the_days_before_a_date_are_a_whole_number(text: str, days: int | None, reason: str) -> None:
    table = open_catalogue(io.BytesIO(f"sku;jours avant péremption\nMIEL;{text}\n".encode()))
    [read] = rows_of(table, currency="EUR")
    assert (read.row.days_left if read.row else None, read.reason) == (days, reason)
