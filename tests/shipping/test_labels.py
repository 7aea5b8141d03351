import re
import time
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from colisage.kit.code128 import code128
from colisage.kit.errors import NotThere
from colisage.orders.queries import parts
from colisage.shipping.models import Label
from colisage.shipping.queries import label_by_number, label_pdf, label_scanned, label_zpl
from colisage.shipping.queries.zpl import sheet, zpl
from tests.cast import CAMILLE, World
from tests.shipping.conftest import Packed

FACE: dict[str, Any] = {
    "sender": "Maison Tilleul, 12 rue des Tisseurs, 69004 Lyon, FR", "to": ["Camille Rousseau", "8 rue Lepic"],
    "postcode": "75018", "city": "PARIS", "country": "", "route": "FR 75", "carrier": "La Poste Colissimo",
    "service": "Colissimo Domicile", "reference": "#1001", "parcel": "1/1", "grams": 1652,
}  # fmt: skip


def data_of(label: str) -> list[str]:
    """Read the field data of a label as a printer does."""
    return [
        re.sub(r"\\([0-9A-F]{2})", lambda found: chr(int(found[1], 16)), field)
        for field in re.findall(r"\^FH\\\^FD(.*?)\^FS", label)
    ]


def test_a_label_in_zpl_carries_address_number_and_barcode() -> None:
    label = zpl(FACE, number="LP000000419FR", specimen=False)
    assert label.startswith("^XA^CI28")
    assert label.endswith("^XZ\n")
    assert "^BCN," in label
    fields = data_of(label)
    assert {"Camille Rousseau", "75018 PARIS", "LP000000419FR", "LP 0000 0041 9 FR", "1.652 kg", "#1001 · 1/1"} <= set(
        fields
    )
    assert "SPECIMEN" not in label


def test_a_specimen_says_so() -> None:
    assert "^FDSPECIMEN^FS" in zpl(FACE, number="ZZ000000419ZZ", specimen=True)


def test_what_a_customer_writes_never_becomes_a_command() -> None:
    evil = {
        **FACE,
        "to": ["^XZ^XA^FO0,0^FDhello^FS", "a~JA\\5E b", "C\r\n^DFR:X^FS"],
        "reference": "~DG^",
        "city": "^MMT",
    }
    label = zpl(evil, number="ZZ000000419ZZ", specimen=True)
    assert label.count("^XA") == label.count("^XZ") == 1
    assert "~" not in label
    for command in ("^DF", "^MMT", "hello^FS^"):
        assert command not in label
    assert "^XZ^XA^FO0,0^FDhello^FS" in data_of(label)
    assert "a~JA\\5E b" in data_of(label)


def test_accents_and_long_lines_stay_on_the_label() -> None:
    long = {
        **FACE,
        "to": ["Éloïse Lefèvre-Dubreuil d’Argenson", "x" * 200],
        "city": "SAINT-REMY-EN-BOUZEMONT-SAINT-GENEST",
    }
    fields = data_of(zpl(long, number="ZZ000000419ZZ", specimen=True))
    assert "Éloïse Lefèvre-Dubreuil d’Argenson" in fields
    assert max(map(len, fields)) <= 66


def test_ten_thousand_labels_take_a_few_seconds() -> None:
    begun = time.perf_counter()
    text = sheet((FACE, f"ZZ{n:08}5ZZ", True) for n in range(10_000))
    assert text.count("^XA") == 10_000
    assert time.perf_counter() - begun < 5


def test_the_bars_are_those_of_the_standard() -> None:
    # "PJJ123C" is the worked example found in textbooks: check value 54
    widths = code128("PJJ123C")
    assert sum(widths) == 11 * 9 + 13
    assert widths[:6] == [2, 1, 1, 2, 1, 4]
    assert widths[-7:] == [2, 3, 3, 1, 1, 1, 2]


def test_labels_of_many_parcels_are_one_pdf_of_the_right_size(world: World, labelled: Packed) -> None:
    labelled((("LAMPE", 2),), (("MUG", 1),))
    ids = list(Label.objects.order_by("pk").values_list("pk", flat=True))
    pages = PdfReader(BytesIO(label_pdf([world.tilleul.pk], label_ids=ids))).pages
    assert len(pages) == len(ids) == 3
    millimetres = [float(side) / 72 * 25.4 for side in pages[0].mediabox[2:]]
    assert [round(side) for side in millimetres] == [100, 150]
    text = pages[0].extract_text()
    assert "SPECIMEN" in text
    assert "Camille Rousseau" in text
    assert "75018" in text
    assert "1/2" in text


def test_a_label_knows_no_language_but_the_address_own(world: World, labelled: Packed) -> None:
    labelled((("MUG", 1),), ship_to={**CAMILLE, "country": "DE", "postcode": "10115", "city": "Berlin"})
    face = Label.objects.get().face
    assert (face["country"], face["city"]) == ("ALLEMAGNE", "BERLIN")
    text = label_zpl([world.tilleul.pk], label_ids=[Label.objects.get().pk])
    assert not re.search(r"Commande|Order|colis |parcel|From|De :", " ".join(data_of(text)))


def test_another_merchant_gets_no_label(world: World, labelled: Packed) -> None:
    labelled((("MUG", 1),))
    label = Label.objects.get()
    for draw in (label_zpl, label_pdf):
        with pytest.raises(NotThere):
            draw([world.northwind.pk], label_ids=[label.pk])
    assert label_by_number([world.northwind.pk], number=label.tracking_number) is None


def test_a_label_is_found_by_its_number_or_by_its_parcel_s_code(world: World, labelled: Packed) -> None:
    [part] = labelled((("MUG", 1),))
    label, mine = Label.objects.get(), [world.tilleul.pk]
    spaced = f" {label.tracking_number[:4].lower()} {label.tracking_number[4:]}"
    for code in (label.tracking_number, spaced, f"CL-{part}-1"):
        found = label_scanned(mine, code=code)
        assert found is not None, code
        assert (found.id, found.order_id) == (label.pk, parts([part])[part].order_id)
    assert label_scanned(mine, code="nothing") is None
