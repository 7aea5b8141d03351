"""The doors of packagings: who sees and changes them, what is refused."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from colisage.boxing.actions.add_box_types import BoxCodeTaken, add_box_types
from colisage.boxing.actions.save_box_types import BoxRow, save_box_types
from colisage.boxing.models import BoxType
from colisage.boxing.queries import box_types_of
from colisage.boxing.rules import BearsNothing, CostsLessThanNothing, InnerLargerThanOuter, NoInside
from colisage.kit.actors import SYSTEM
from colisage.kit.errors import Refused
from colisage.kit.models import AuditEntry
from colisage.people.models import Membership
from tests.cast import World


def typed(world: World, **changes: Any) -> dict[str, Any]:
    return {
        "operator": world.nord.pk,
        "code": "C3",
        "name": "Carton moyen",
        "kind": "box",
        "inner_length_mm": 300,
        "inner_width_mm": 200,
        "inner_height_mm": 120,
        "outer_length_mm": 308,
        "outer_width_mm": 208,
        "outer_height_mm": 130,
        "empty_grams": 180,
        "max_grams": 15_000,
        "cost": "0.42",
        **changes,
    }


def row(code: str, **changes: Any) -> BoxRow:
    facts = {
        "code": code,
        "name": code,
        "inner_length_mm": 300,
        "inner_width_mm": 200,
        "inner_height_mm": 120,
        "outer_length_mm": 308,
        "outer_width_mm": 208,
        "outer_height_mm": 130,
        "empty_grams": 180,
        "max_grams": 15_000,
    }
    return BoxRow(**{**facts, **changes})


def client_of(person: Any, *, language: str = "en") -> Client:
    client = Client()
    client.force_login(person)
    client.cookies["language"] = language
    return client


@pytest.fixture
def chen(world: World) -> Client:
    return client_of(world.chen)


def text_of(answer: Any) -> str:
    return str(answer.content.decode()).replace("\u00a0", " ")


def test_a_packaging_is_added_and_then_used_by_plans(world: World, chen: Client) -> None:
    assert "No packaging yet" in text_of(chen.get(reverse("boxes")))
    assert chen.post(reverse("box-new"), typed(world)).headers["Location"] == reverse("boxes")
    [box] = box_types_of([world.nord.pk])[world.nord.pk]
    assert (box.code, box.cost_cents, box.outer_height_mm) == ("C3", 42, 130)
    deed = AuditEntry.objects.get()
    assert (deed.verb, deed.doc_id, deed.operator_id, deed.actor_name) == ("box_added", box.pk, world.nord.pk, "Chen")
    page = text_of(chen.get(reverse("boxes")))
    assert "1 packaging in use" in page
    assert "300 × 200 × 120 mm" in page


def test_a_cost_is_read_with_a_comma_in_french(world: World) -> None:
    chen = client_of(world.chen, language="fr")
    chen.post(reverse("box-new"), typed(world, cost="0,42"))
    box = BoxType.objects.get()
    assert box.cost_cents == 42
    assert 'value="0,42"' in text_of(chen.get(reverse("box-edit", args=[box.pk])))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"inner_height_mm": 131}, "the inside is larger than the outside"),
        ({"inner_length_mm": 0}, "greater than or equal to 1"),
        ({"outer_width_mm": ""}, "This field is required."),
        ({"inner_width_mm": "wide"}, "Enter a whole number."),
        ({"max_grams": 180}, "what it weighs full is more than what it weighs empty"),
        ({"empty_grams": -1}, "greater than or equal to 0"),
        ({"cost": "-1"}, "greater than or equal to 0"),
        ({"cost": "0.425"}, "no more than 2 decimal places"),
        ({"kind": "barrel"}, "barrel is not one of the available choices"),
        ({"code": " c2 "}, "There is a packaging C2 already."),
    ],
)
def test_an_impossible_packaging_is_refused_and_what_was_typed_is_kept(
    world: World, chen: Client, changes: dict[str, Any], said: str
) -> None:
    add_box_types(world.nord.pk, [row("C2")], actor=SYSTEM)
    answer = chen.post(reverse("box-new"), typed(world, **changes))
    assert answer.status_code == 422
    assert said.lower() in text_of(answer).lower()
    assert 'value="Carton moyen"' in text_of(answer)
    assert [box.code for box in BoxType.objects.all()] == ["C2"]
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"inner_length_mm": 309}, InnerLargerThanOuter),
        ({"inner_length_mm": 0}, NoInside),
        ({"outer_length_mm": 5_001}, NoInside),
        ({"max_grams": 180}, BearsNothing),
        ({"cost_cents": -1}, CostsLessThanNothing),
    ],
)
def test_one_impossible_packaging_refuses_them_all(
    world: World, changes: dict[str, Any], refusal: type[Refused]
) -> None:
    for save in (add_box_types, save_box_types):
        with pytest.raises(refusal):
            save(world.nord.pk, [row("A"), row("B", **changes)], actor=SYSTEM)
    assert not BoxType.objects.exists()


def test_a_code_is_given_once_whatever_its_case(world: World) -> None:
    with pytest.raises(BoxCodeTaken):
        add_box_types(world.nord.pk, [row("c3"), row("C3")], actor=SYSTEM)
    add_box_types(world.nord.pk, [row("C3")], actor=SYSTEM)
    add_box_types(world.boreal.pk, [row("C3")], actor=SYSTEM)
    assert BoxType.objects.count() == 2


def test_a_packaging_is_changed_and_only_a_change_is_a_deed(world: World, chen: Client) -> None:
    [pk, other] = add_box_types(world.nord.pk, [row("C3"), row("C4")], actor=SYSTEM)
    address = reverse("box-edit", args=[pk])
    assert "Change C3" in text_of(chen.get(address))
    chen.post(address, typed(world, name="Grand"))
    chen.post(address, typed(world, name="Grand"))
    assert BoxType.objects.get(pk=pk).name == "Grand"
    [deed] = AuditEntry.objects.filter(verb="box_changed")
    assert deed.data["changed"] == ["cost_cents", "name"]
    taken = chen.post(address, typed(world, code="C4"))
    assert (taken.status_code, BoxType.objects.get(pk=pk).code) == (422, "C3")
    assert BoxType.objects.get(pk=other).code == "C4"


def test_a_packaging_out_of_use_is_not_planned_with_until_it_is_used_again(world: World, chen: Client) -> None:
    [pk] = add_box_types(world.nord.pk, [row("C3")], actor=SYSTEM)
    address = reverse("box-use", args=[pk])
    chen.post(address, {"active": "0"})
    chen.post(address, {"active": "0"})
    assert box_types_of([world.nord.pk])[world.nord.pk] == []
    assert "out of use" in text_of(chen.get(reverse("boxes")))
    chen.post(address, {"active": "1"})
    assert len(box_types_of([world.nord.pk])[world.nord.pk]) == 1
    verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["box_added", "box_out_of_use", "box_into_use"]


def test_another_operators_packagings_are_not_there(world: World, chen: Client) -> None:
    [pk] = add_box_types(world.boreal.pk, [row("SECRET")], actor=SYSTEM)
    for client in (chen, client_of(world.dee)):
        assert "SECRET" not in text_of(client.get(reverse("boxes")))
        assert client.get(reverse("box-edit", args=[pk])).status_code == 404
        assert client.post(reverse("box-use", args=[pk]), {"active": "0"}).status_code == 404
    foreign = chen.post(reverse("box-new"), typed(world, operator=world.boreal.pk))
    assert foreign.status_code == 422
    assert BoxType.objects.count() == 1


def test_a_packer_looks_and_changes_nothing(world: World) -> None:
    [pk] = add_box_types(world.nord.pk, [row("C3")], actor=SYSTEM)
    bo = client_of(world.bo)
    page = text_of(bo.get(reverse("boxes")))
    assert "C3" in page
    assert reverse("box-new") not in page
    assert reverse("box-edit", args=[pk]) not in page
    for answer in (
        bo.get(reverse("box-new")),
        bo.post(reverse("box-new"), typed(world)),
        bo.post(reverse("box-edit", args=[pk]), typed(world)),
        bo.post(reverse("box-use", args=[pk]), {"active": "0"}),
    ):
        assert answer.status_code == 403


def test_who_manages_two_operators_says_for_which(world: World, chen: Client) -> None:
    Membership.objects.create(user=world.chen, operator=world.boreal, roles=["manager"])
    assert "Boréal 3PL" in text_of(chen.get(reverse("box-new")))
    chen.post(reverse("box-new"), typed(world, operator=world.boreal.pk))
    assert BoxType.objects.get().operator_id == world.boreal.pk
    assert "Boréal 3PL" in text_of(chen.get(reverse("boxes")))


def test_the_list_costs_as_many_statements_for_many_packagings(world: World, chen: Client) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            chen.get(reverse("boxes"))
        return len(seen)

    add_box_types(world.nord.pk, [row(f"A{n}") for n in range(3)], actor=SYSTEM)
    count()
    before = count()
    add_box_types(world.nord.pk, [row(f"B{n:02}") for n in range(60)], actor=SYSTEM)
    assert count() == before
    first = chen.get(reverse("boxes"))
    second = chen.get(reverse("boxes"), {"after": first.context["next"]})
    assert (len(first.context["rows"]), len(second.context["rows"])) == (50, 13)
