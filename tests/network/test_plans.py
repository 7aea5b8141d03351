from django.utils.translation import override

from colisage.network.queries.plans import lay_out
from colisage.network.rules import AislePattern, bins_of_aisle


def pattern(**changes: object) -> AislePattern:
    facts = {"aisle": "A", "bays": 10, "levels": 4, "x_mm": 0, "y_mm": 0, "bay_mm": 1_200, **changes}
    return AislePattern(**facts)  # type: ignore[arg-type]


def test_codes_of_an_aisle_sort_as_they_stand() -> None:
    for facts in ({}, {"bays": 120}, {"first_bay": 95, "bays": 10}, {"levels": 12}):
        codes = [one.code for one in bins_of_aisle(pattern(**facts))]
        assert codes == sorted(codes)
        assert len(set(codes)) == pattern(**facts).count


def test_bins_of_one_spot_are_one_bay() -> None:
    with override("en"):
        plan = lay_out([(one.code, one.x_mm, one.y_mm) for one in bins_of_aisle(pattern())])
    assert len(plan.bays) == 10
    assert (plan.bays[0].title, plan.bays[0].text) == ("A·01: 4 bins", "A-01-")
    assert [name.name for name in plan.aisles] == ["A"]


def test_every_bay_lies_within_the_drawing() -> None:
    aisles = [pattern(aisle=letter, x_mm=3_200 * n, y_mm=-5_000, bays=40) for n, letter in enumerate("ABCDEFGH")]
    across = pattern(aisle="Z", along="x", y_mm=60_000, bays=30)
    bins = [(b.code, b.x_mm, b.y_mm) for one in [*aisles, across] for b in bins_of_aisle(one)]
    plan = lay_out(bins)
    assert all(bay.x >= 0 and bay.x + bay.width <= plan.width for bay in plan.bays)
    assert all(bay.y >= 0 and bay.y + bay.height <= plan.height for bay in plan.bays)
    assert all(bay.width > 0 and bay.height > 0 for bay in plan.bays)


def test_one_bin_and_none_can_be_drawn() -> None:
    assert lay_out([("A", 0, 0)]).bays[0].title == "A"
    assert lay_out([]).bays == ()
