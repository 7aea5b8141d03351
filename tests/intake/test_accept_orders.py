from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from msgspec.structs import replace

from colisage.catalog.models import Sku
from colisage.intake.actions.accept_orders import Incoming, Verdict, accept_orders, fingerprint
from colisage.intake.ports import REASONS, DraftAddress, DraftLine, OrderDraft
from colisage.intake.rules import address_faults, difference, holds_of, refusal
from colisage.kit.actors import SYSTEM
from colisage.network.queries import channels_of
from colisage.orders.models import Hold, Order, OrderLine
from colisage.orders.rules import HOLD_REASONS
from tests.books import stand
from tests.cast import World

HOME = DraftAddress(name="Camille", line1="8 rue Lepic", postcode="75018", city="Paris", country="FR")


def draft(*lines: tuple[str, int], **changes: Any) -> OrderDraft:
    wanted = tuple(DraftLine(sku, n, 1_000) for sku, n in lines or (("MUG", 1),))
    facts: dict[str, Any] = {
        "external_ref": "A-1",
        "number": "#1",
        "placed_at": datetime(2026, 11, 20, tzinfo=UTC),
        "currency": "EUR",
        "lines": wanted,
        "total_cents": sum(line.total_cents for line in wanted),
        "ship_to": HOME,
        "payment": "paid",
    }
    return OrderDraft(**{**facts, **changes})


@pytest.mark.usefixtures("balanced")
class TestAccepting:
    def accept(self, world: World, *drafts: OrderDraft, **changes: Any) -> list[Verdict]:
        channel = channels_of(world.tilleul.pk)["shop"]
        return accept_orders([Incoming(channel, d) for d in drafts], actor=SYSTEM, **changes)

    def test_each_draft_gets_its_verdict_in_its_place(self, world: World) -> None:
        drafts = [
            draft(external_ref="A"),
            draft(("NOPE", 1), ("MUG", 1), external_ref="B"),
            draft(external_ref="A"),
            draft(external_ref="C", lines=(), total_cents=0),
            draft(external_ref="D", total_cents=5),
        ]
        verdicts = self.accept(world, *drafts)
        assert [(v.outcome, v.reason, v.lines) for v in verdicts] == [
            ("accepted", "", ()),
            ("refused", "unknown_sku", (0,)),
            ("duplicate", "", ()),
            ("refused", "no_line", ()),
            ("refused", "amounts_do_not_balance", ()),
        ]
        assert verdicts[2].order_id == verdicts[0].order_id

    def test_every_reason_has_a_sentence(self, world: World) -> None:
        verdicts = self.accept(world, draft(("NOPE", 1)), draft(total_cents=1), draft(lines=(), total_cents=0))
        assert {v.reason for v in verdicts} <= set(REASONS)

    def test_where_the_channel_cannot_be_asked_an_unknown_sku_holds_the_order(self, world: World) -> None:
        (verdict,) = self.accept(world, draft(("NOPE", 1), ("MUG", 2)), hold_unknown_skus=True)
        assert verdict.holds == (("unknown_sku", "unknown_sku"),)
        assert Hold.objects.get().kind == "unknown_sku"
        assert OrderLine.objects.get(sku_code="NOPE").sku_id is None
        assert stand(world.sku("MUG"), world.lyon) == (20, 2)

    @pytest.mark.parametrize("told", [{"requires_shipping": False}, {"served_by": "elsewhere"}])
    @pytest.mark.parametrize("sku", ["", "shopify:101"])
    @pytest.mark.parametrize("hold", [True, False])
    def test_what_is_not_sent_from_here_needs_no_sku(
        self,
        world: World,
        told: dict[str, Any],
        sku: str,
        hold: bool,  # noqa: FBT001
    ) -> None:
        card = DraftLine(sku=sku, quantity=1, unit_price_cents=5_000, name="Carte cadeau", **told)
        mug = DraftLine(sku="MUG", quantity=2, unit_price_cents=1_000)
        both = replace(draft(external_ref="A"), lines=(mug, card), total_cents=7_000)
        only = replace(draft(external_ref="B"), lines=(card,), total_cents=5_000)
        verdicts = self.accept(world, both, only, hold_unknown_skus=hold)
        assert [(v.outcome, v.holds) for v in verdicts] == [("accepted", ()), ("accepted", ())]
        assert stand(world.sku("MUG"), world.lyon) == (20, 2)

    def test_a_negative_price_is_called_so(self, world: World) -> None:
        line = DraftLine(sku="MUG", quantity=1, unit_price_cents=-5)
        [verdict] = self.accept(world, replace(draft(), lines=(line,), total_cents=0))
        assert verdict.reason == "negative_amount"

    def test_what_is_not_sold_any_more_is_unknown(self, world: World) -> None:
        Sku.objects.filter(code="MUG").update(active=False)
        assert self.accept(world, draft())[0].reason == "unknown_sku"

    def test_the_past_is_held_for_nothing(self, world: World) -> None:
        (verdict,) = self.accept(world, draft(ship_to=None, payment="unknown"), quiet=True, reserves=False)
        assert verdict.holds == ()
        assert Order.objects.get().quiet

    def test_the_same_reference_with_other_content_is_refused(self, world: World) -> None:
        self.accept(world, draft())
        assert self.accept(world, draft(("MUG", 2)))[0].reason == "order_came_differently"

    def test_a_bundle_is_sold_by_the_recipe_of_the_day(self, world: World) -> None:
        self.accept(world, draft(("coffret", 2)))
        assert stand(world.sku("MUG"), world.lyon) == (20, 2)
        assert stand(world.sku("CARTE"), world.lyon) == (20, 4)

    def test_drafts_of_two_merchants_are_told_apart(self, world: World) -> None:
        channels = [channels_of(world.tilleul.pk)["shop"], channels_of(world.northwind.pk)["api"]]
        verdicts = accept_orders([Incoming(c, draft()) for c in channels], actor=SYSTEM)
        assert [v.outcome for v in verdicts] == ["accepted", "accepted"]
        assert set(OrderLine.objects.values_list("merchant_id", "sku__merchant_id")) == {
            (world.tilleul.pk, world.tilleul.pk),
            (world.northwind.pk, world.northwind.pk),
        }

    def test_no_drafts_are_no_trouble(self, world: World) -> None:
        assert self.accept(world) == []


# Pure checks.


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({}, []),
        ({"name": ""}, ["no_name"]),
        ({"name": "", "company": "SARL Lepic"}, []),
        ({"line1": ""}, ["no_address"]),
        ({"line1": "", "line2": "BP 4"}, []),
        ({"city": ""}, ["no_city"]),
        ({"country": ""}, ["unknown_country"]),
        ({"country": "ZZ"}, ["unknown_country"]),  # the shape of a code, and no country
        ({"postcode": ""}, ["no_postcode"]),
        ({"postcode": "7501"}, ["bad_postcode"]),
        ({"postcode": " 75018 "}, []),
        ({"postcode": "", "country": "IE"}, []),
        ({"postcode": "H2X 1Y4", "country": "CA"}, []),
        ({"postcode": "h2x1y4", "country": "CA"}, []),
        ({"postcode": "H2O 1Y4", "country": "CA"}, ["bad_postcode"]),
        ({"postcode": "1234 AB", "country": "NL"}, []),
        ({"postcode": "SW1A 1AA", "country": "GB"}, []),
        ({"postcode": "whatever", "country": "JP"}, []),
    ],
)
def test_what_is_missing_from_an_address_is_named(changes: dict[str, str], faults: list[str]) -> None:
    assert list(address_faults(replace(HOME, **changes))) == faults


def test_every_hold_has_a_sentence() -> None:
    worst = draft(ship_to=DraftAddress(line1="x"), payment="pending")
    reasons = {reason for _, reason in holds_of(worst)} | set(address_faults(None))
    assert reasons == {"no_name", "no_city", "unknown_country", "not_paid", "no_address"}
    assert reasons <= set(HOLD_REASONS)


def test_an_order_of_nothing_to_send_needs_no_address() -> None:
    line = DraftLine("EBOOK", 1, 1_000, requires_shipping=False)
    assert list(holds_of(draft(lines=(line,), ship_to=None))) == []


@pytest.mark.parametrize(
    ("changes", "off"),
    [
        ({}, 0),
        ({"total_cents": 1_200, "shipping_cents": 200}, 0),
        ({"total_cents": 900, "discount_cents": 100}, 0),
        ({"total_cents": 1_000, "tax_cents": 167}, 0),
        ({"total_cents": 1_200, "tax_cents": 200, "prices_include_tax": False}, 0),
        ({"total_cents": 1_001}, 1),
    ],
)
def test_amounts_add_up_to_the_cent(changes: dict[str, Any], off: int) -> None:
    assert difference(draft(**changes)) == off


def test_clocks_may_differ_by_a_day_but_not_by_a_year() -> None:
    now = timezone.now()
    assert refusal(draft(placed_at=now + timedelta(days=1)), now=now) is None
    assert refusal(draft(placed_at=now + timedelta(days=365)), now=now) == "bad_date"


def test_money_that_there_is_not_is_refused() -> None:
    assert refusal(draft(currency="TND"), now=timezone.now()) is None
    assert refusal(draft(currency="ZZZ"), now=timezone.now()) == "unknown_currency"


def test_a_fingerprint_tells_apart_what_matters_and_nothing_else() -> None:
    one = fingerprint(draft())
    assert fingerprint(draft(number="#2", customer_note="hello", source_rows=(4,))) == one
    for change in (
        draft(("MUG", 2)),
        draft(currency="USD"),
        draft(email="x@y.example"),
        draft(ship_to=replace(HOME, line1="9 rue Lepic")),
    ):
        assert fingerprint(change) != one
