import pytest

from colisage.portal.queries import ANSWERS, VERBS, WHAT
from colisage.portal.rules import PROBLEMS, answer, reached, same_number, same_postcode


@pytest.mark.parametrize(
    ("stages", "parcels", "code"),
    [
        ([], [], "received"),
        (["ready"], [], "received"),
        (["waiting", "ready"], [], "waiting"),
        (["picking", "packed"], [], "preparing"),
        (["handed_over"], ["in_transit"], "on_its_way"),
        (["handed_over", "ready"], ["in_transit"], "partly_left"),
        (["handed_over"], ["out_for_delivery"], "today"),
        (["handed_over"], ["delayed"], "late"),
        (["handed_over"], ["ready_for_pickup"], "collect"),
        (["problem"], ["failed"], "failed"),
        (["problem"], ["returning"], "going_back"),
        (["delivered"], ["delivered"], "delivered"),
        (["delivered", "cancelled"], ["delivered"], "delivered"),
        (["delivered", "handed_over"], ["delivered", "in_transit"], "partly_delivered"),
        (["handed_over"], ["delivered", "in_transit"], "partly_delivered"),
        (["cancelled"], [], "cancelled"),
    ],
)
def test_an_order_has_one_answer(stages: list[str], parcels: list[str], code: str) -> None:
    assert answer(state="open", stages=stages, parcels=parcels) == code
    assert code in ANSWERS
    assert 1 <= reached(code) <= 4


def test_a_hold_a_cancellation_and_history_are_said() -> None:
    assert answer(state="open", stages=["ready"], parcels=[], held=True) == "held"
    assert answer(state="cancelled", stages=["ready"], parcels=[]) == "cancelled"
    assert answer(state="closed", stages=[], parcels=[], history=True) == "closed"


def test_numbers_and_postcodes_are_compared_as_people_write_them() -> None:
    assert same_number("1001", "#1001")
    assert same_number(" #ab-1 ", "AB-1")
    assert not same_number("100", "#1001")
    assert same_postcode("h2x 1y4", "H2X1Y4")
    assert not same_postcode("", "")


def test_every_problem_has_its_words() -> None:
    assert set(WHAT) == set(PROBLEMS)
    assert {f"problem_{what}" for what in PROBLEMS} <= set(VERBS)
