"""The rules of the demo's first shop: one at work, one to be tried before it is switched on."""

from typing import Any, Final

from colisage.automation.actions.save_rule import save_rule
from colisage.automation.actions.save_watch import save_watch
from colisage.automation.actions.switch_rule import switch_rule
from colisage.kit.actors import SYSTEM

RULES: Final[tuple[tuple[bool, dict[str, Any]], ...]] = (
    (
        True,
        {
            "name": "Cadeaux", "moments": ["accepted", "changed"], "mode": "all", "stops": False,
            "conditions": [{"fact": "gift_note", "op": "yes", "value": None}],
            "effects": [{"does": "tag", "tag": "cadeau"}],
        },
    ),
    (
        False,
        {
            "name": "Gros montant d’un nouveau client", "moments": ["accepted"], "mode": "all", "stops": True,
            "conditions": [
                {"fact": "total", "op": "over", "value": 10_000, "currency": "EUR"},
                {"fact": "first_order", "op": "yes", "value": None},
            ],
            "effects": [{"does": "hold", "kind": "risk", "reason": "Appeler le client avant d’envoyer"}],
        },
    ),
)  # fmt: skip


def write_rules(merchant_id: int) -> None:
    """Write the rules, the first of them switched on, and have orders watched."""
    save_watch(
        merchant_id, duplicates=True, window_hours=24, risk=True, threshold=50, weights={}, dear_cents=20_000,
        many_units=5, actor=SYSTEM,
    )  # fmt: skip
    for on, raw in RULES:
        rule = save_rule(merchant_id, raw=raw, actor=SYSTEM)
        if on:
            switch_rule(merchant_id, rule_id=rule, state="on", actor=SYSTEM)
