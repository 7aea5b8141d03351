"""Why stock is corrected: a usual list, each merchant's own, and no correction against its direction."""

import pytest
from django.test import Client
from django.utils import translation

from colisage.inventory.actions.adjust_stock import UnknownReason, WrongDirection, adjust_stock
from colisage.inventory.actions.save_reason import ReasonTaken, UnnamedReason, save_reason, use_reason
from colisage.inventory.models import AdjustmentReason, StockCell, StockMovement
from colisage.inventory.queries.reasons import adjustment_choices, reason_words, shrinking
from colisage.kit.actors import SYSTEM
from colisage.kit.errors import NotThere
from tests.cast import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("balanced")]


def correct(world: World, counted: int, reason: str) -> int:
    cell = StockCell.objects.get(sku=world.sku("MUG"), node=world.lyon)
    return adjust_stock(world.tilleul.pk, cell_id=cell.pk, counted=counted, reason=reason, actor=SYSTEM)


def own(world: World, **changes: object) -> str:
    facts = {"name_fr": "Prêtée au studio", "name_en": "Lent to the studio", "direction": "out", "shrinkage": False}
    return save_reason(world.tilleul.pk, actor=SYSTEM, **{**facts, **changes})  # type: ignore[arg-type]


def test_a_merchants_own_reason_is_used_and_told_in_both_languages(world: World) -> None:
    code = own(world)
    assert correct(world, 17, code) == -3
    assert StockMovement.objects.get(doc_kind="adjustment").reason == code
    for language, name in (("fr", "Prêtée au studio"), ("en", "Lent to the studio")):
        with translation.override(language):
            assert (code, name) in adjustment_choices(world.tilleul.pk)
            assert reason_words([world.tilleul.pk])[code] == name
    assert code not in shrinking([world.tilleul.pk])


@pytest.mark.parametrize(("reason", "counted"), [("found", 19), ("lost", 21), ("theft", 25), ("sample", 22)])
def test_a_correction_against_the_direction_of_its_reason_is_refused(world: World, reason: str, counted: int) -> None:
    with pytest.raises(WrongDirection):
        correct(world, counted, reason)
    assert not StockMovement.objects.filter(doc_kind="adjustment").exists()


def test_the_reason_of_another_merchant_or_of_the_house_is_unknown(world: World) -> None:
    foreign = save_reason(
        world.northwind.pk, name_fr="", name_en="Loaned", direction="out", shrinkage=True, actor=SYSTEM
    )
    for reason in (foreign, "pick", "count", "", "own_\x00"):
        with pytest.raises(UnknownReason):
            correct(world, 19, reason)


def test_a_reason_not_used_any_more_is_refused_and_its_past_keeps_its_name(world: World) -> None:
    code = own(world)
    correct(world, 19, code)
    for each in (code, "theft"):
        use_reason(world.tilleul.pk, code=each, active=False, actor=SYSTEM)
        assert each not in dict(adjustment_choices(world.tilleul.pk))
        with pytest.raises(UnknownReason):
            correct(world, 18, each)
    assert code in reason_words([world.tilleul.pk])
    use_reason(world.tilleul.pk, code="theft", active=True, actor=SYSTEM)
    assert correct(world, 18, "theft") == -1
    with pytest.raises(NotThere):
        use_reason(world.tilleul.pk, code="nonsense", active=False, actor=SYSTEM)


def test_a_reason_has_a_name_and_is_there_once(world: World) -> None:
    own(world)
    with pytest.raises(ReasonTaken):
        own(world, name_fr="Autre")
    for wrong in ({"name_fr": " ", "name_en": ""}, {"direction": "sideways"}, {"name_fr": "", "name_en": "…"}):
        with pytest.raises(UnnamedReason):
            own(world, **wrong)
    assert AdjustmentReason.objects.count() == 1


def test_reasons_are_kept_at_the_desk_by_managers(world: World, client: Client) -> None:
    client.cookies["language"] = "en"
    client.force_login(world.chen)
    said = {"name_fr": "Prêtée au studio", "name_en": "", "direction": "out"}
    assert client.post("/stock/reasons", said).status_code == 302
    assert client.post("/stock/reasons", said).status_code == 422
    assert client.post("/stock/reasons", {**said, "name_fr": "\x00"}).status_code == 422
    assert b"for 13 reasons" in client.get("/stock/reasons").content
    assert client.post("/stock/reasons/use", {"code": "theft", "use": "0"}).status_code == 302
    assert b"for 12 reasons" in client.get("/stock/reasons").content
    assert client.post("/stock/reasons/use", {"code": "\x00nothing", "use": "0"}).status_code == 404
    page = client.get(f"/stock/{world.sku('MUG').pk}").content.decode()
    assert "Prêtée au studio" in page
    assert "stolen" not in page
    client.force_login(world.ada)
    assert client.get("/stock/reasons").status_code == 200
    assert client.post("/stock/reasons", said).status_code == 403
    assert client.post("/stock/reasons/use", {"code": "lost", "use": "0"}).status_code == 403
