import io
from datetime import date

import pytest
from pypdf import PdfReader

from colisage.kit.actors import Actor
from colisage.kit.typst import printable
from colisage.orders.models import OrderLine
from colisage.packing.actions.make_parcels import make_parcels
from colisage.packing.models import Parcel
from colisage.packing.queries import slip_pdf
from tests.cast import World
from tests.packing.conftest import Picked


def pages(content: bytes) -> list[str]:
    return [
        page.extract_text().replace("\xa0", " ").replace("\u202f", " ") for page in PdfReader(io.BytesIO(content)).pages
    ]


def test_a_slip_speaks_the_customers_language(world: World, picked: Picked, bo: Actor) -> None:
    french = picked((("MUG", 2),), gift_note="Bon anniversaire Léa !")
    english = picked((("CARTE", 1),), language="en")
    [one] = make_parcels(french)
    [other] = make_parcels(english)
    [page] = pages(slip_pdf([world.tilleul.pk], parcel_ids=[one]))
    assert "Bon de colisage" in page
    assert "Maison Tilleul" in page
    assert "Camille Rousseau" in page
    assert "Bon anniversaire Léa !" in page
    assert "Mug en grès bleu" in page
    assert "Packing slip" in pages(slip_pdf([world.tilleul.pk], parcel_ids=[other]))[0]


def fonts(content: bytes) -> str:
    """Name the fonts with which a document is set."""
    found = (page["/Resources"]["/Font"] for page in PdfReader(io.BytesIO(content)).pages)  # type: ignore[index]
    return " ".join(str(one["/BaseFont"]) for each in found for one in (font.get_object() for font in each.values()))


def test_words_in_other_letters_and_signs_are_printed(world: World, picked: Picked) -> None:
    plain = make_parcels(picked((("CARTE", 1),), gift_note="Bravo"))
    assert "Noto" not in fonts(slip_pdf([world.tilleul.pk], parcel_ids=plain))
    made = make_parcels(picked((("CARTE", 1),), gift_note="ขอบคุณ 😀🎁 धन्यवाद"))
    printed = fonts(slip_pdf([world.tilleul.pk], parcel_ids=made))
    assert {name for name in ("NotoSansThai", "NotoEmoji", "NotoSansDevanagari") if name in printed} == {
        "NotoSansThai", "NotoEmoji", "NotoSansDevanagari",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("language", "said"),
    [("fr", "[…] remplace des caractères qui n’ont pas pu être imprimés ici."), ("en", "[…] stands for letters that")],
)
def test_what_no_font_here_prints_is_replaced_and_said(
    world: World, picked: Picked, monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    monkeypatch.setattr("colisage.kit.typst._CJK_FONTS", "nobody_has_this")
    made = make_parcels(picked((("CARTE", 1),), gift_note="Merci 谢谢！ à ＬＥＡ", language=language))
    [page] = pages(slip_pdf([world.tilleul.pk], parcel_ids=made))
    assert "“Merci […] à LEA”" in page or "« Merci […] à LEA »" in page
    assert said in page
    other = make_parcels(picked((("CARTE", 1),), gift_note="Merci […] ＬＥＡ", language=language))
    [page] = pages(slip_pdf([world.tilleul.pk], parcel_ids=other))
    assert said not in page


def test_where_the_fonts_are_nothing_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("colisage.kit.typst._CJK_FONTS", "colisage")  # any package that is here
    told = {"gift": "谢谢", "lines": [{"name": "本"}]}
    assert printable(told) is told
    monkeypatch.setattr("colisage.kit.typst._CJK_FONTS", "nobody_has_this")
    assert printable(told) == {"gift": "[…]", "lines": [{"name": "[…]"}]}


def test_many_slips_are_one_file_with_a_page_each(world: World, picked: Picked) -> None:
    made = make_parcels(picked(*[(("CARTE", 1),)] * 5))
    assert len(pages(slip_pdf([world.tilleul.pk], parcel_ids=made))) == 5


def test_the_slip_says_what_travels_in_the_other_parcel(world: World, picked: Picked) -> None:
    first, _second = make_parcels(picked((("TAPIS", 1), ("MUG", 1))))
    text = " ".join(pages(slip_pdf([world.tilleul.pk], parcel_ids=[first])))
    assert "Dans le colis 2" in text


def test_another_merchants_parcels_are_left_out(world: World, picked: Picked) -> None:
    made = make_parcels(picked((("CARTE", 1),)))
    assert "Camille" not in " ".join(pages(slip_pdf([world.northwind.pk], parcel_ids=made)))


def test_hostile_names_are_only_text(world: World, picked: Picked) -> None:
    made = make_parcels(
        picked((("CARTE", 1),), customer_name='#read("/etc/passwd") $x$', ship_to=None, gift_note="*#[] \\")
    )
    assert '#read("/etc/passwd")' in " ".join(pages(slip_pdf([world.tilleul.pk], parcel_ids=made)))
    assert Parcel.objects.count() == 1


def test_what_the_customer_asked_for_is_on_the_slip(world: World, picked: Picked) -> None:
    said = {"purchase_reference": "BC-2026/17", "customer_note": "Sonner chez Œuvrard", "gift_note": "Bravo",
            "wanted_on": date(2026, 12, 4)}  # fmt: skip
    made = make_parcels(picked((("MUG", 1),), **said))
    OrderLine.objects.update(personalisation="Gravure : Léa & Tom")
    [page] = pages(slip_pdf([world.tilleul.pk], parcel_ids=made))
    for words in (
        "Gravure : Léa & Tom",
        "Votre référence : BC-2026/17",
        "Livraison souhaitée le ",
        "4 décembre",
        "Sonner chez Œuvrard",
        "Bravo",
    ):
        assert words in page


def test_a_wish_in_one_long_word_stays_on_the_page(world: World, picked: Picked) -> None:
    made = make_parcels(picked((("CARTE", 1),), gift_note="G" * 400))
    OrderLine.objects.update(personalisation="W" * 400)
    found = PdfReader(io.BytesIO(slip_pdf([world.tilleul.pk], parcel_ids=made))).pages[0]
    text = found.extract_text()
    assert (text.count("W"), text.count("G")) == (400, 400)
    assert max(len(line) for line in text.splitlines()) < 100
