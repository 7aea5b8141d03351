"""Rules and what is watched over the API: written as they were read, tried before they are switched on."""

from typing import Any

import pytest

from colisage.automation.models import Rule, Watch
from colisage.automation.rules.signals import SIGNALS
from colisage.kit.models import AuditEntry
from tests.automation.conftest import MakeRule, Place
from tests.books import balanced
from tests.program import Make, code_of, program, stranger

__all__ = ["balanced", "program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")
MAY = ("rules:read", "rules:write")
RULE: dict[str, Any] = {
    "name": "Switzerland by hand",
    "moments": ["accepted"],
    "conditions": [{"fact": "country", "op": "in", "value": ["CH"]}],
    "effects": [{"does": "tag", "tag": "customs"}],
}


def made(ask: Any, **changes: Any) -> Any:
    answer = ask.post("rules", RULE | changes)
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_a_rule_is_written_tried_and_switched_on(program: Make, place: Place) -> None:
    order = place()
    ask = program(*MAY)
    rule = made(ask, conditions=[{"fact": "country", "op": "in", "value": ["FR"]}])
    assert (rule["state"], rule["sound"], rule["mode"], rule["position"]) == ("off", True, "all", 1)
    trial = ask.read(f"rules/{rule['id']}/trial", last="100")
    assert (trial["looked_at"], trial["matched"], trial["items"][0]["order_id"]) == (1, 1, order)
    assert "FR" in trial["items"][0]["because"]
    assert ask.post(f"rules/{rule['id']}/switch", {"on": True}).json()["state"] == "on"
    assert AuditEntry.objects.get(verb="rule_on").actor_kind == "key"


def test_a_rule_is_replaced_only_as_it_was_read(program: Make) -> None:
    ask = program(*MAY)
    path = f"rules/{made(ask)['id']}"
    tag = ask.get(path).headers["ETag"]
    other = RULE | {"name": "By hand", "stops": True}
    assert code_of(ask.send("PUT", path, other)) == (428, "etag_needed")
    answer = ask.send("PUT", path, other, If_Match=tag)
    assert (answer.status_code, answer.json()["stops"]) == (200, True)
    assert answer.headers["ETag"] == ask.get(path).headers["ETag"]
    assert code_of(ask.send("PUT", path, RULE, If_Match=tag)) == (412, "etag_differs")


def test_everything_that_is_wrong_with_a_rule_is_said_where_it_is(program: Make) -> None:
    wrong = RULE | {
        "moments": ["dreamt"],
        "conditions": [RULE["conditions"][0], {"fact": "channel", "op": "in", "value": ["nowhere"]}],
        "effects": [{"does": "fly"}, {"does": "tag"}],
    }
    answer = program(*MAY).post("rules", wrong)
    assert code_of(answer) == (422, "bad_rule")
    pointers = [one["pointer"] for one in answer.json()["errors"]]
    assert pointers == ["/moments", "/conditions/1", "/effects/0", "/effects/1"]
    assert not Rule.objects.exists()


def test_an_effect_keeps_only_the_parts_it_has(program: Make) -> None:
    rule = made(program(*MAY), effects=[{"does": "tag", "tag": "customs", "surprise": "x"}])
    assert rule["effects"] == [{"does": "tag", "tag": "customs"}]


def test_rules_are_moved_and_removed(program: Make, make_rule: MakeRule) -> None:
    first, second = make_rule(name="first"), make_rule(name="second")
    ask = program(*MAY)
    assert ask.post(f"rules/{second}/move", {"to": "up"}).json()["position"] == 1
    assert [one["id"] for one in ask.every("rules")] == [second, first]
    assert ask.send("DELETE", f"rules/{second}", Dry_Run="true").json()["outcome"] == "removed"
    assert len(ask.every("rules")) == 2
    assert ask.send("DELETE", f"rules/{second}").json() == {"outcome": "removed", "id": second}
    assert code_of(ask.get(f"rules/{second}")) == (404, "not_there")


def test_what_rules_are_made_of_is_told(program: Make) -> None:
    told = program(*MAY).read("rules/words")
    assert "accepted" in told["moments"]
    channel = next(one for one in told["facts"] if one["name"] == "channel")
    assert (channel["ops"], "shop" in channel["choices"]) == (["in", "not_in"], True)
    assert {"does": "tag", "parts": {"tag": []}}.items() <= next(
        one for one in told["effects"] if one["does"] == "tag"
    ).items()


def test_what_is_watched_is_read_and_replaced(program: Make) -> None:
    ask = program(*MAY)
    before = ask.get("watch")
    assert before.json()["weights"] == {name: signal.weight for name, signal in SIGNALS.items()}
    wanted = {"duplicates": True, "risk": True, "threshold": 60, "weights": {"bill_differs": 0}}
    assert code_of(ask.send("PUT", "watch", wanted)) == (428, "etag_needed")
    answer = ask.send("PUT", "watch", wanted, If_Match=before.headers["ETag"])
    assert (answer.status_code, answer.json()["weights"]["bill_differs"]) == (200, 0)
    assert answer.json()["weights"]["dear_first"] == SIGNALS["dear_first"].weight
    assert code_of(ask.send("PUT", "watch", wanted, If_Match=before.headers["ETag"])) == (412, "etag_differs")
    strange = wanted | {"weights": {"moon": 1}}
    assert code_of(ask.send("PUT", "watch", strange, If_Match="*")) == (422, "bad_watch")
    assert Watch.objects.get().threshold == 60


def test_strangers_find_no_rule(program: Make, stranger: Make) -> None:
    rule = made(program(*MAY))["id"]
    ask = stranger(*MAY)
    assert ask.read("rules")["items"] == []
    for method, path, body in (
        ("GET", f"rules/{rule}", None), ("PUT", f"rules/{rule}", RULE), ("DELETE", f"rules/{rule}", None),
        ("POST", f"rules/{rule}/switch", {"on": True}), ("POST", f"rules/{rule}/move", {"to": "up"}),
        ("GET", f"rules/{rule}/trial", None),
    ):  # fmt: skip
        assert code_of(ask.send(method, path, body, If_Match="*")) == (404, "not_there"), path
