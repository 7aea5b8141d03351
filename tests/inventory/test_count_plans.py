"""Plans choose the bins of the day, once, by class or by risk; counting says how right the stock is."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from colisage.inventory.actions.adjust_stock import adjust_stock
from colisage.inventory.actions.count_bins import count_bins
from colisage.inventory.actions.finish_count import finish_count
from colisage.inventory.actions.note_units import note_units
from colisage.inventory.actions.plan_counts import plan_counts
from colisage.inventory.actions.save_count_plan import NotAPlan, save_count_plan
from colisage.inventory.actions.start_count import start_count
from colisage.inventory.models import CountPlan, CountRule, CountTask, StockCell
from colisage.inventory.queries.accuracy import accuracy, shrinkage
from colisage.inventory.queries.count_plans import active_plans, due_bins
from colisage.inventory.tasks import counts
from colisage.kit.actors import SYSTEM
from colisage.kit.errors import NotThere
from colisage.network.models import Place
from colisage.network.queries import place_of
from tests.books import find, move, spot_of, virtual, where
from tests.cast import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("balanced")]


def planned(world: World, method: str = "abc", bins: int = 2) -> CountPlan:
    pk = save_count_plan(
        world.nord.pk, node_id=world.lyon.pk, method=method, bins_a_day=bins, every=(30, 90, 180), actor=SYSTEM
    )
    return CountPlan.objects.select_related("node").get(pk=pk)


def counted(world: World, code: str, units: int) -> None:
    """Count the bin of a SKU, by somebody who is believed."""
    CountRule.objects.get_or_create(
        operator=world.nord, node=world.lyon,
        defaults={"tolerance": 50, "limit_units": 500, "limit_cents": 10**9},
    )  # fmt: skip
    place = where(world.sku(code), world.lyon).place_id
    made = count_bins(world.nord.pk, node_id=world.lyon.pk, bins=[(place, "hand")], actor=SYSTEM)
    begun = start_count(world.nord.pk, task_id=CountTask.objects.get(count=made).pk, actor=SYSTEM)
    note_units(
        world.nord.pk, round_id=begun, merchant_ids=[world.tilleul.pk], sku_id=world.sku(code).pk, units=units,
        actor=SYSTEM,
    )  # fmt: skip
    assert finish_count(world.nord.pk, round_id=begun, actor=SYSTEM) == "approved"


def pick(world: World, code: str, times: int) -> None:
    from colisage.inventory.actions.post_movements import post_movements  # noqa: PLC0415 -- moves as a pick does

    sku, bench = world.sku(code), spot_of(place_of(world.lyon.pk, kind="bench"))
    post_movements(
        [move(sku, 1, source=where(sku, world.lyon), target=bench, reason="pick") for _ in range(times)], actor=SYSTEM
    )


def test_a_plan_chooses_the_bins_of_the_day_once(world: World) -> None:
    plan = planned(world)
    assert active_plans() == [plan.pk]
    counts(0)
    assert CountTask.objects.count() == 2
    counts(0)
    assert CountTask.objects.count() == 2
    assert plan_counts([plan.pk], actor=SYSTEM, again=True)
    assert CountTask.objects.count() == 4
    CountPlan.objects.update(made_on=timezone.now().date() - timedelta(days=2))
    counts(0)
    assert CountTask.objects.count() == 5  # the world keeps five SKUs, each in a bin
    CountPlan.objects.update(made_on=None, active=False)
    assert plan_counts([plan.pk], actor=SYSTEM) == []


def test_what_is_picked_most_is_counted_first_and_not_again_before_its_time(world: World) -> None:
    pick(world, "PLUME", 9)
    pick(world, "MUG", 1)
    plan = planned(world, bins=12)
    due = due_bins(plan, now=timezone.now())
    assert [one.why for one in due] == ["class_a", "class_b", "class_c", "class_c", "class_c"]
    assert due[0].bin.place_id == where(world.sku("PLUME"), world.lyon).place_id
    counted(world, "PLUME", 11)
    assert due[0].bin.code not in {one.bin.code for one in due_bins(plan, now=timezone.now())}
    later = timezone.now() + timedelta(days=31)
    assert due[0].bin.code in {one.bin.code for one in due_bins(plan, now=later)}


def test_by_risk_a_short_pick_comes_first(world: World) -> None:
    sku = world.sku("CARTE")
    from colisage.inventory.actions.post_movements import post_movements  # noqa: PLC0415

    post_movements(
        [move(sku, 1, source=where(sku, world.lyon), target=virtual("loss"), reason="short_pick") for _ in range(4)],
        actor=SYSTEM,
    )
    for code in ("MUG", "TAPIS", "LAMPE", "PLUME"):
        counted(world, code, 20)
    due = due_bins(planned(world, "risk", bins=9), now=timezone.now())
    assert (due[0].bin.place_id, due[0].why) == (where(sku, world.lyon).place_id, "shorts")
    assert due[0].points >= 80


def test_a_plan_that_makes_no_sense_is_refused(world: World) -> None:
    facts = {"node_id": world.lyon.pk, "method": "abc", "bins_a_day": 5, "every": (30, 90, 180), "actor": SYSTEM}
    for wrong in ({"bins_a_day": 0}, {"every": (90, 30, 180)}, {"every": (0, 1, 2)}, {"method": "hand"}):
        with pytest.raises(NotAPlan):
            save_count_plan(world.nord.pk, **{**facts, **wrong})  # type: ignore[arg-type]
    with pytest.raises(NotThere):
        save_count_plan(world.boreal.pk, **facts)  # type: ignore[arg-type]
    assert not CountPlan.objects.exists()


def test_accuracy_is_the_share_of_bins_and_sorts_that_were_right(world: World) -> None:
    for code, units in (("MUG", 20), ("TAPIS", 20), ("LAMPE", 18), ("CARTE", 23)):
        counted(world, code, units)
    found = accuracy([world.lyon.pk], merchant_ids=[world.tilleul.pk], since=timezone.now() - timedelta(days=1))
    total = found.total
    assert (total.bins, total.bins_right, total.of_bins) == (4, 2, 0.5)
    assert (total.sorts, total.sorts_right) == (4, 2)
    assert (total.absolute, total.net, total.expected) == (5, 1, 80)
    assert dict(total.net_cents) == {"EUR": -2 * 12_900 + 3 * 250}
    assert dict(total.absolute_cents) == {"EUR": 2 * 12_900 + 3 * 250}
    assert found.nodes[world.lyon.pk].bins == 4
    assert len(found.weeks) == 1
    assert accuracy([], merchant_ids=[world.tilleul.pk], since=timezone.now()).total.of_bins is None


def test_shrinkage_is_what_went_missing_less_what_was_found(world: World) -> None:
    counted(world, "LAMPE", 18)
    counted(world, "CARTE", 23)
    for code, units, reason in (("MUG", 19, "theft"), ("MUG", 18, "sample"), ("TAPIS", 21, "found")):
        cell = StockCell.objects.get(sku=world.sku(code), node=world.lyon, sellable=True)
        adjust_stock(world.tilleul.pk, cell_id=cell.pk, counted=units, reason=reason, actor=SYSTEM)
    find(world.sku("PLUME"), 50, at=where(world.sku("PLUME"), world.lyon))  # for no reason that counts
    [euro] = shrinkage([world.lyon.pk], merchant_ids=[world.tilleul.pk], since=timezone.now() - timedelta(days=1))
    assert euro.currency == "EUR"
    assert euro.reasons == {
        "count": (2 - 3, 2 * 12_900 - 3 * 250), "theft": (1, 1_800), "found": (-1, -8_900),
    }  # fmt: skip
    assert euro.cents == sum(cents for _units, cents in euro.reasons.values()) == euro.nodes[world.lyon.pk][1]
    assert euro.rate is not None
    assert 0 < euro.rate < 1
    others = shrinkage([world.lyon.pk], merchant_ids=[world.northwind.pk], since=timezone.now() - timedelta(days=1))
    assert others == []


def test_plans_and_numbers_are_seen_at_the_desk(world: World, client: Client) -> None:
    client.cookies["language"] = "en"
    client.force_login(world.chen)
    facts = {"node": world.lyon.pk, "method": "abc", "bins_a_day": 3, "a_days": 30, "b_days": 90, "c_days": 180,
             "active": "on"}  # fmt: skip
    assert client.post("/stock/counts/plans", facts).status_code == 302
    for wrong in ({"a_days": 100}, {"bins_a_day": "9" * 20}, {"node": world.montreal.pk}, {"method": "\x00"}):
        assert client.post("/stock/counts/plans", {**facts, **wrong}).status_code == 422
    assert b"1 plan chooses bins every day" in client.get("/stock/counts/plans").content
    plan = CountPlan.objects.get()
    assert b"3 bins due in Lyon" in client.get(f"/stock/counts/plans/{plan.pk}").content
    assert client.post(f"/stock/counts/plans/{plan.pk}/now").status_code == 302
    assert CountTask.objects.count() == 3
    CountTask.objects.all().delete()
    counted(world, "MUG", 20)
    page = client.get("/stock/counts/numbers?days=30").content.decode()
    assert "100% of the bins counted were right" in page
    assert client.get("/stock/counts/numbers?days=nonsense").status_code == 200
    client.force_login(world.ada)
    assert client.get("/stock/counts/plans").status_code == 403
    assert client.post(f"/stock/counts/plans/{plan.pk}/now").status_code == 404
    assert client.get("/stock/counts/numbers").status_code == 200
    client.force_login(world.dee)
    assert client.get(f"/stock/counts/plans/{plan.pk}").status_code == 404


def test_numbers_ask_as_much_for_few_counts_as_for_many(world: World, client: Client) -> None:
    client.force_login(world.chen)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/stock/counts/numbers").status_code == 200
            assert client.get(f"/stock/counts/plans/{plan.pk}").status_code == 200
        return len(queries)

    plan = planned(world, "risk", bins=100)
    counted(world, "MUG", 19)
    few = asked()
    storage = world.bins()[0]
    places = Place.objects.bulk_create(
        Place(node=world.lyon, zone_id=storage.zone_id, kind="bin", code=f"Q-{n:03}-1", walk=n) for n in range(60)
    )
    for n, place in enumerate(places):
        find(world.sku("CARTE"), 1 + n % 3, at=spot_of(place))
    for code, units in (("TAPIS", 18), ("LAMPE", 25), ("PLUME", 20)):
        counted(world, code, units)
    assert asked() == few
