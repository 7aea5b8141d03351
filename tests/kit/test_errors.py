import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from colisage.kit.errors import Malformed, NotAllowed, NotThere, Refused
from colisage.kit.problems import problem, problem_of


class TooHeavy(Refused):
    code = "too_heavy"
    status = 422
    text = _("There is nothing here.")


@pytest.mark.parametrize(
    ("refusal", "code", "status"),
    [
        (Refused, "refused", 409),
        (NotThere, "not_there", 404),
        (NotAllowed, "not_allowed", 403),
        (Malformed, "malformed", 422),
    ],
)
def test_every_refusal_has_a_stable_code_and_a_status(refusal: type[Refused], code: str, status: int) -> None:
    made = refusal()
    assert (made.code, made.status) == (code, status)
    with translation.override("en"):
        assert str(made)


def test_a_refusal_speaks_the_language_that_is_active_when_it_is_read() -> None:
    refusal = NotThere()
    with translation.override("en"):
        english = str(refusal)
    with translation.override("fr"):
        french = str(refusal)
    assert english == "There is nothing here."
    assert french != english


def test_places_are_filled_in_when_it_is_read() -> None:
    refusal = Refused("%(grams)s g are too heavy.", grams=31_000)
    assert str(refusal) == "31000 g are too heavy."


def test_a_percent_sign_without_places_stays_as_it_is() -> None:
    assert str(Refused("100 % full")) == "100 % full"


def test_a_problem_document_says_code_status_and_sentence() -> None:
    with translation.override("en"):
        assert problem_of(TooHeavy()) == {
            "type": "/problems/too_heavy",
            "title": "Unprocessable Entity",
            "status": 422,
            "detail": "There is nothing here.",
            "code": "too_heavy",
        }


def test_a_problem_document_names_members_by_pointer() -> None:
    document = problem("unknown_sku", status=422, detail="…", errors=[{"pointer": "/lines/0"}])
    assert document["errors"] == [{"pointer": "/lines/0"}]
