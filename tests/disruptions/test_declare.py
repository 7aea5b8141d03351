"""What may be declared, changed and ended; what cannot be is refused in words and leaves nothing."""

from typing import Any

import pytest
from django.utils import translation

from colisage.disruptions.problem import NoCause, UnknownCarrier, UnknownNode
from colisage.kit.models import AuditEntry
from colisage.network.actions.change_disruption import EndedAlready, change_disruption
from colisage.network.actions.declare_disruption import DisruptedAlready, EndsBeforeItStarts, OverAlready
from colisage.network.actions.end_disruptions import end_disruptions
from colisage.network.queries.disruptions import Disruption, causes_of
from tests.books import told
from tests.cast import World, day
from tests.disruptions.conftest import CHEN, Declare


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"what": "PARIS"}, UnknownNode),
        ({"kind": "carrier", "what": "pigeons"}, UnknownCarrier),
        ({"cause": {"fr": "  "}}, NoCause),
        ({"ends_on": day(-1)}, EndsBeforeItStarts),
        ({"starts_on": day(-3), "ends_on": day(-1)}, OverAlready),
    ],
)
def test_what_cannot_be_is_refused(declare: Declare, wrong: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        declare(**wrong)
    assert not Disruption.objects.exists()
    assert told("DisruptionBegan") == []


def test_neither_a_node_nor_an_operator_of_others_is_declared(world: World, declare: Declare) -> None:
    for party in ({"merchant_id": world.northwind.pk}, {"merchant_id": None, "operator_id": world.boreal.pk}):
        with pytest.raises(UnknownNode):
            declare(**party)


def test_the_same_thing_is_declared_once_for_a_day(world: World, declare: Declare) -> None:
    declare(starts_on=day(2), ends_on=day(4))
    for days in ({"starts_on": day(4)}, {"starts_on": day(0)}, {"starts_on": day(3), "ends_on": day(3)}):
        with pytest.raises(DisruptedAlready):
            declare(**days)
    declare(starts_on=day(0), ends_on=day(1))
    declare(starts_on=day(5))
    declare(starts_on=day(2), ends_on=day(4), merchant_id=None, operator_id=world.nord.pk)


def test_what_ended_may_be_declared_again(declare: Declare) -> None:
    end_disruptions([declare().pk], actor=CHEN)
    assert declare().state == "active"


def test_its_last_day_and_its_words_change(declare: Declare) -> None:
    first, later = declare(starts_on=day(0), ends_on=day(2)), declare(starts_on=day(5))
    change = {"cause": {"en": "Flood"}, "actor": CHEN}
    assert change_disruption(first.pk, ends_on=day(4), **change)
    assert not change_disruption(first.pk, ends_on=day(4), **change)
    for days, refusal in ((None, DisruptedAlready), (day(-1), EndsBeforeItStarts)):
        with pytest.raises(refusal):
            change_disruption(first.pk, ends_on=days, **change)
    assert Disruption.objects.get(pk=first.pk).ends_on == day(4)
    with translation.override("fr"):
        assert causes_of([first.pk]) == {first.pk: "Lyon\u00a0: Flood"}
    assert AuditEntry.objects.filter(verb="disruption_changed").count() == 1
    end_disruptions([later.pk], actor=CHEN)
    with pytest.raises(EndedAlready):
        change_disruption(later.pk, ends_on=None, **change)


@pytest.mark.parametrize(
    ("language", "said"), [("en", "“→ Belgium, Switzerland 20”"), ("fr", "«\xa0→ Belgique, Suisse 20\xa0»")]
)
def test_a_lane_that_is_declared_already_is_named_in_words(declare: Declare, language: str, said: str) -> None:
    declare("lane", "", countries=["CH", "BE"], prefixes=["20"])
    with translation.override(language), pytest.raises(DisruptedAlready) as refused:
        declare("lane", "", countries=["BE", "CH"], prefixes=["20"])
    with translation.override(language):
        assert said in str(refused.value)
