"""The pages of rules: written row by row without a script, tried before they are switched on, for managers alone."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from colisage.automation.models import Rule
from tests.automation.conftest import MakeRule, Place
from tests.automation.test_rules import SWISS, judged, tags
from tests.cast import World
from tests.screens import seen_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(world: World, enter: Any) -> Client:
    client: Client = enter(world.chen)
    return client


WRITTEN = {
    "name": "Big and Swiss", "moments": ["accepted"], "mode": "all", "press": "save",
    "c0-fact": "country", "c0-op": "in", "c0-text": "Suisse, lu",
    "c1-fact": "total", "c1-op": "over", "c1-text": "1 500,50", "c1-currency": "chf",
    "e0-does": "hold", "e0-kind": "risk", "e0-reason": "Ask customs",
}  # fmt: skip


def test_a_rule_is_written_row_by_row_and_kept_switched_off(desk: Client) -> None:
    page = desk.post(reverse("rule-new"), {"name": "x", "press": "condition", "fact": "total", "mode": "all"})
    assert b'name="c0-fact" value="total"' in page.content
    assert b'name="c0-currency"' in page.content
    page = desk.post(reverse("rule-new"), {**WRITTEN, "press": "no-condition:0"})
    assert b'value="1 500,50"' in page.content
    assert b'value="country"' not in page.content.split(b'id="fact"')[0]
    assert not Rule.objects.exists()
    page = desk.post(reverse("rule-new"), WRITTEN)
    rule = Rule.objects.get()
    assert page.headers["Location"] == reverse("rule-trial", args=[rule.pk])
    assert (rule.state, rule.conditions, rule.effects) == (
        "off",
        [
            {"fact": "country", "op": "in", "value": ["CH", "LU"]},
            {"fact": "total", "op": "over", "value": 150_050, "currency": "CHF"},
        ],
        [{"does": "hold", "kind": "risk", "reason": "Ask customs"}],
    )
    shown = desk.get(reverse("rule", args=[rule.pk])).content.decode()
    assert 'value="CH, LU"' in shown
    assert 'value="1500.50"' in shown


def test_a_condition_that_was_chosen_and_not_added_is_asked_for_and_never_left_out(desk: Client) -> None:
    page = desk.post(reverse("rule-new"), {**WRITTEN, "fact": "postcode"})
    assert (page.status_code, Rule.objects.exists()) == (422, False)
    assert b'name="c2-fact" value="postcode"' in page.content
    desk.post(reverse("rule-new"), {**WRITTEN, "fact": "fragile", "does": "call"})
    rule = Rule.objects.get()
    assert [(one["fact"], one["op"]) for one in rule.conditions[2:]] == [("fragile", "yes")]
    assert rule.effects[1:] == [{"does": "call"}]


def test_a_rule_is_tried_switched_on_moved_and_removed(
    world: World, desk: Client, make_rule: MakeRule, place: Place
) -> None:
    rule = make_rule(("country", "in", ["CH"]), on=False, name="Swiss")
    later = make_rule(name="Later")
    swiss, other = place(ship_to=SWISS), place()
    page = desk.get(reverse("rule-trial", args=[rule])).content.decode()
    assert "It would have acted on 1 of the last 2 orders" in page
    assert reverse("order", args=[swiss]) in page
    assert reverse("order", args=[other]) not in page
    assert tags(swiss) == []
    desk.post(reverse("rule-switch", args=[rule]), {"state": "on"})
    judged(world, swiss)
    assert tags(swiss) == ["seen"]
    assert (
        "Rule “Swiss”: because the country of delivery is CH: tag “seen” added"
        in desk.get(reverse("order", args=[swiss])).content.decode()
    )
    desk.post(reverse("rule-move", args=[later]), {"to": "up"})
    assert list(Rule.objects.order_by("position").values_list("name", flat=True)) == ["Later", "Swiss"]
    desk.post(reverse("rule-switch", args=[rule]), {"state": "removed"})
    assert "Swiss" not in desk.get(reverse("rules")).content.decode()
    assert desk.get(reverse("rule", args=[rule])).status_code == 404


BAD: list[tuple[dict[str, Any], str]] = [
    ({"name": ""}, "Give the rule a name"),
    ({"moments": []}, "Choose when the rule looks"),
    ({"c0-fact": "moon"}, "Nobody knows this"),
    ({"c0-op": "over"}, "cannot be compared so"),
    ({"c0-text": " , "}, "Write at least one value"),
    ({"c0-text": "x" * 101}, "100 characters"),
    ({"c0-text": "\x00"}, "Write at least one value"),
    ({"c1-text": "much"}, "Write an amount"),
    ({"c1-text": "-5"}, "Write an amount"),
    ({"c1-text": "9" * 30}, "Write an amount"),
    ({"c1-currency": "€"}, "Choose the currency"),
    ({"c2-fact": "country", "c2-op": "in", "c2-text": "FR"}, "No order meets all of this"),
    ({"c2-fact": "total", "c2-op": "under", "c2-text": "1500", "c2-currency": "CHF"}, "No order meets all"),
    ({"c2-fact": "node", "c2-op": "any", "c2-chosen": ["LYON"]}, "known only once it is chosen"),
    ({"c2-fact": "channel", "c2-op": "in", "c2-chosen": ["elsewhere"]}, "Not known"),
    ({"e0-does": "explode"}, "A rule cannot do this"),
    ({"e0-reason": ""}, "is missing"),
    ({"e0-kind": "boredom"}, "is missing"),
    ({"e0-reason": "x" * 61}, "is too long"),
    ({f"c{n}-fact": "gift_note" for n in range(30)} | {f"c{n}-op": "yes" for n in range(30)}, "at most 20 conditions"),
    ({f"c{n}-fact": "gift_note" for n in range(4_000)}, "at most 20 conditions"),
]


@pytest.mark.parametrize(("said", "answer"), BAD, ids=lambda case: str(case)[:40])
def test_what_cannot_be_a_rule_is_said_and_loses_nothing(desk: Client, said: dict[str, Any], answer: str) -> None:
    page = desk.post(reverse("rule-new"), {**WRITTEN, **said})
    assert page.status_code == 422
    assert answer in page.content.decode()
    assert "e0-does" in page.content.decode()
    assert not Rule.objects.exists()


def test_of_two_who_change_a_rule_the_second_sees_the_first_and_loses_nothing(
    world: World, desk: Client, enter: Any, make_rule: MakeRule
) -> None:
    pk = make_rule(("country", "in", ["CH"]), name="Swiss")
    url = reverse("rule", args=[pk])
    first, second = desk, enter(world.chen)
    seen = seen_of(second.get(url))
    added = second.post(url, {**WRITTEN, "seen": seen, "press": "condition", "fact": "units"})
    assert seen_of(added) == seen  # of the wording that was read, also when a row is added
    assert first.post(url, {**WRITTEN, "name": "First", "seen": seen_of(first.get(url))}).status_code == 302
    page = second.post(url, {**WRITTEN, "name": "Second", "e0-reason": "Typed with care", "seen": seen})
    text = page.content.decode()
    assert page.status_code == 422
    assert Rule.objects.get(pk=pk).name == "First"
    assert "Chen changed what stands here (" in text  # who, and what stands now
    assert "<strong>First</strong>" in text
    assert "Ask customs" in text
    assert 'value="Second"' in text  # and what was typed
    assert 'value="Typed with care"' in text
    more = {**WRITTEN, "name": "Second", "told": "1", "seen": seen_of(page), "press": "condition", "fact": "units"}
    assert "Chen changed what stands here (" in second.post(url, more).content.decode()  # also when a row is added
    assert second.post(url, {**WRITTEN, "name": "Second", "seen": seen_of(page)}).status_code == 302
    assert Rule.objects.get(pk=pk).name == "Second"


def test_switching_and_moving_a_rule_is_not_changing_it(desk: Client, make_rule: MakeRule) -> None:
    pk, other = make_rule(("country", "in", ["CH"]), name="Swiss", on=False), make_rule(name="Other")
    url = reverse("rule", args=[pk])
    seen = seen_of(desk.get(url))
    desk.post(reverse("rule-switch", args=[pk]), {"state": "on"})
    desk.post(reverse("rule-move", args=[other]), {"to": "up"})
    assert desk.post(url, {**WRITTEN, "seen": seen}).status_code == 302


def test_what_was_typed_for_a_rule_that_was_removed_becomes_a_new_one(desk: Client, make_rule: MakeRule) -> None:
    pk = make_rule(name="Gone")
    url = reverse("rule", args=[pk])
    seen = seen_of(desk.get(url))
    desk.post(reverse("rule-switch", args=[pk]), {"state": "removed"})
    page = desk.post(url, {**WRITTEN, "seen": seen})
    text = page.content.decode()
    assert page.status_code == 422
    assert "removed meanwhile" in text
    assert 'value="Big and Swiss"' in text
    assert f'action="{reverse("rule-new")}"' in text
    assert not Rule.objects.exclude(state="removed").exists()


def test_rules_are_for_managers_of_their_merchant(world: World, enter: Any, make_rule: MakeRule) -> None:
    rule = make_rule(name="Secret")
    for person, code in ((world.dee, 404), (world.ada, 403)):
        client = enter(person)
        for name in ("rule", "rule-trial"):
            assert client.get(reverse(name, args=[rule])).status_code == code
        assert client.post(reverse("rule-switch", args=[rule]), {"state": "off"}).status_code == code
        assert "Secret" not in client.get(reverse("rules")).content.decode()
    assert Rule.objects.get().state == "on"


def test_the_pages_ask_as_much_for_many_rules_and_orders_as_for_few(
    desk: Client, make_rule: MakeRule, place: Place
) -> None:
    counts = []
    for many in (2, 12):
        rules = [make_rule(("first_order", "no", None), on=False) for _ in range(many)]
        for _ in range(many):
            place()
        counts.append([])
        for url in (reverse("rules"), reverse("rule-trial", args=[rules[0]])):
            with CaptureQueriesContext(connection) as asked:
                assert desk.get(url).status_code == 200
            counts[-1].append(len(asked))
    assert counts[0] == counts[1]
