import re

import pytest

from colisage.ui.figures.badges import STATES
from tests.ui.conftest import HOME

SHEETS = {sheet.name: sheet.read_text() for sheet in (HOME / "static/ui").glob("*.css")}
TOKENS = {
    name: (light, dark)
    for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)", SHEETS["colisage.css"])
} | {"on-bar": ("#eef3fb",) * 2, "on-bar-2": ("#b5c4dc",) * 2, "white": ("#ffffff",) * 2}
BRANDS = re.findall(
    r"--brand: light-dark\((#\w+), (#\w+)\);\s*--on-brand: light-dark\((#\w+), (#\w+)\)", SHEETS["portal.css"]
)
TEXT = [
    *(("ink", ground) for ground in ("canvas", "surface", "sunken", "blue-soft")),
    *(("ink-2", g) for g in ("canvas", "surface", "sunken", "blue-soft", "kraft-soft", "warn-soft", "bad-soft")),
    *(("blue", ground) for ground in ("surface", "canvas", "sunken", "blue-soft")),
    *(("on-fill", ground) for ground in ("blue-fill", "blue-deep", "bad", "ok")),
    *((tone, g) for tone in ("ok", "warn", "bad", "road") for g in ("surface", f"{tone}-soft", "canvas")),
    *(("kraft-ink", ground) for ground in ("kraft-soft", "surface")),
    *((ink, "bar") for ink in ("on-bar", "on-bar-2")),
    *(("white", ground) for ground in ("ok-fill", "bad-fill")),
]
SHAPES = [
    *(("edge", ground) for ground in ("surface", "canvas")),
    *(("kraft", ground) for ground in ("surface", "sunken", "canvas")),
    ("blue", "canvas"),
    ("road", "surface"),
]


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(c * 2 for c in digits) if len(digits) == 3 else digits
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_black_on_white_measures_what_the_standard_says() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read_in_both_schemes(ink: str, ground: str) -> None:
    assert min(contrast(TOKENS[ink][i], TOKENS[ground][i]) for i in (0, 1)) >= 4.5


@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_shapes_can_be_seen_in_both_schemes(shape: str, ground: str) -> None:
    assert min(contrast(TOKENS[shape][i], TOKENS[ground][i]) for i in (0, 1)) >= 3


def test_every_merchant_s_brand_can_be_read() -> None:
    assert len(BRANDS) == 6
    for light, dark, on_light, on_dark in BRANDS:
        assert contrast(light, on_light) >= 4.5
        assert contrast(dark, on_dark) >= 4.5
        assert contrast(light, TOKENS["surface"][0]) >= 4.5
        assert contrast(dark, TOKENS["surface"][1]) >= 4.5


def test_every_tone_a_state_uses_is_in_the_sheet() -> None:
    tones = set(re.findall(r'\[data-tone="(\w+)"\]', SHEETS["colisage.css"]))
    assert {look.tone for look in STATES.values()} <= tones


def test_sheets_load_nothing_from_elsewhere() -> None:
    for name, sheet in SHEETS.items():
        assert "@import" not in sheet, name
        assert "url(" not in sheet, name
        assert "@font-face" not in sheet, name


def test_every_colour_used_is_a_token_that_exists() -> None:
    everything = "".join(SHEETS.values())
    known = set(re.findall(r"(--[\w-]+):", everything))
    assert set(re.findall(r"var\((--[\w-]+)", everything)) <= known


def test_scripts_stay_small_and_speak_to_nobody() -> None:
    for script in (HOME / "static/ui").glob("*.js"):
        source = script.read_text()
        assert len(source) < 9_000, script.name
        assert not re.search(r"https?://|\beval\(|innerHTML|new Function|\.style\b", source), script.name
