import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from colisage.ui.figures import badges, boxes, charts, icons, plans, svg, thumbs
from colisage.ui.figures.boxes import Placed


def numbers(markup: str, attribute: str) -> list[float]:
    return [float(value) for value in re.findall(rf' {attribute}="(-?[\d.]+)"', markup)]


def test_every_drawing_is_well_formed_and_carries_no_style() -> None:
    drawings = [
        icons.sprite(),
        *(icons.icon(name) for name in icons.ICONS),
        *(badges.badge(state) for state in badges.STATES),
        thumbs.thumb("mug"),
        charts.bars([("a", [1, 2], "3")], title="t", y_ticks=[(0, "0")]),
        charts.trend(charts.Trend(title="t", now=[(0, 1), (1, 2)], x_ticks=[(0, "a")], y_ticks=[(0, "0")])),
        charts.spark([1, 2, 3]),
        charts.gauge(1410, low=1590, high=1690, title="t"),
        boxes.packed_box((300, 200, 120), [Placed(0, 0, 0, 10, 10, 10, "1")], title="t"),
        plans.walk_plan([plans.Bin("A-1", 0, 0)], plans.Walk([(0, 0), (1, 1)]), title="t"),
        plans.shelf(3, levels=4, title="t"),
    ]
    for drawing in drawings:
        ET.fromstring(drawing)
        assert "style=" not in drawing
        assert "<script" not in drawing


def test_what_people_typed_cannot_leave_its_place() -> None:
    evil = '"><script>alert(1)</script>'
    for drawing in (
        boxes.packed_box((10, 10, 10), [Placed(0, 0, 0, 1, 1, 1, evil)], title=evil),
        charts.bars([(evil, [1], evil)], title=evil, y_ticks=[]),
        plans.walk_plan([plans.Bin(f"{evil} 1", 0, 0)], plans.Walk([], start=evil), title=evil),
        badges.badge("hold", text=evil),
        icons.icon("x", label=evil),
        svg.element("text", evil, x=evil),
    ):
        assert "<script" not in drawing
        ET.fromstring(drawing)


def test_where_a_walk_starts_is_written_whole_at_the_edge_of_the_paper() -> None:
    plan = plans.walk_plan([plans.Bin("A-1", 0, 0)], plans.Walk([(0, 0), (9, 9)], start="Départ"), title="t")
    (text,) = [one for one in ET.fromstring(plan).iter() if one.text == "Départ"]
    assert float(text.attrib["x"]) >= 6 * len("Départ") / 2


def test_an_icon_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="no icon"):
        icons.icon("unicorn")


def test_an_unknown_product_is_a_box() -> None:
    assert thumbs.thumb("unicorn") == thumbs.thumb("box")


def test_every_state_has_a_colour_a_shape_and_a_word() -> None:
    for name, look in badges.STATES.items():
        drawn = badges.badge(name)
        assert f'data-tone="{look.tone}"' in drawn
        assert "<svg" in drawn
        assert str(look.text) in drawn


def test_the_ring_fills_as_the_order_advances() -> None:
    life = [
        "to_check",
        "to_source",
        "ready",
        "released",
        "picking",
        "picked",
        "packed",
        "labelling",
        "labelled",
        "handed_over",
    ]
    shares = [int(re.findall(r'stroke-dasharray="(\d+) 100"', badges.badge(stage))[0]) for stage in life]
    assert all(before < after for before, after in pairwise(shares))


def test_bars_are_as_high_as_their_values() -> None:
    drawn = charts.bars([("a", [10], ""), ("b", [20], ""), ("c", [5, 15], "")], title="t", y_ticks=[])
    a, b, c1, c2 = numbers(drawn, "height")[-4:]
    assert b == pytest.approx(2 * a, abs=0.02)
    assert c1 + c2 == pytest.approx(b, abs=0.02)


@pytest.mark.parametrize("high", [0, 0.3, 1, 7, 61, 999, 12_345_678])
def test_ticks_are_few_round_and_inside(high: float) -> None:
    found = charts.ticks(high)
    assert 2 <= len(found) <= 6
    assert found[0] == 0
    assert found[-1] <= max(high, 1)


def test_empty_charts_draw_nothing_wrong() -> None:
    ET.fromstring(charts.bars([], title="t", y_ticks=[]))
    ET.fromstring(charts.trend(charts.Trend(title="t", now=[], x_ticks=[], y_ticks=[])))
    assert charts.spark([]) == ""
    assert plans.walk_plan([], plans.Walk([]), title="t") == ""


def test_a_reading_beyond_the_gauge_stays_on_it() -> None:
    drawn = charts.gauge(50_000, low=1590, high=1690, title="t")
    assert 'class="pin" x1="100%"' in drawn or "99" in drawn


def test_what_is_hidden_is_drawn_first() -> None:
    low, on_top = Placed(0, 0, 0, 10, 10, 10, "low"), Placed(0, 0, 10, 10, 10, 10, "top")
    behind, before = Placed(0, 0, 0, 10, 10, 10, "behind"), Placed(0, 10, 0, 10, 10, 10, "before")
    assert [p.label for p in boxes.from_back_to_front([on_top, low])] == ["low", "top"]
    assert [p.label for p in boxes.from_back_to_front([before, behind])] == ["behind", "before"]


def test_every_pair_that_meets_on_paper_is_drawn_in_order() -> None:
    items = [Placed(x, y, z, 10, 10, 10, f"{x}{y}{z}") for z in (0, 10, 20) for y in (20, 0, 10) for x in (10, 20, 0)]
    drawn = boxes.from_back_to_front(items)
    for late in range(len(drawn)):
        for early in range(late):
            if boxes._overlap(drawn[early], drawn[late]):
                assert not boxes._is_behind(drawn[late], drawn[early])


def test_a_small_box_and_a_crate_are_drawn_alike() -> None:
    small = boxes.packed_box((30, 20, 12), [], title="t", measured=False)
    crate = boxes.packed_box((3000, 2000, 1200), [], title="t", measured=False)
    assert small == crate


def test_levels_of_one_bay_and_bins_in_line_make_one_rack() -> None:
    bins = [plans.Bin(f"A-{bay:02}-{level}", 0, bay * 10) for bay in range(8) for level in range(4)]
    bins += [plans.Bin(f"B-{bay:02}-1", 40, bay * 10) for bay in range(8)]
    drawn = plans.walk_plan(bins, plans.Walk([(0, 0), (40, 70)]), title="t", lit="B")
    assert drawn.count("<rect") == 2
    assert drawn.count('class="rack on"') == 1


def test_the_walk_is_one_line_from_behind_to_ahead() -> None:
    drawn = plans.walk_plan([], plans.Walk([(0, 0), (10, 0), (10, 10), (20, 10)], walked=2), title="t")
    walked, ahead = re.findall(r'points="([^"]+)"', drawn)
    assert walked.split()[-1] == ahead.split()[0]
    assert len(walked.split()) + len(ahead.split()) == 5
