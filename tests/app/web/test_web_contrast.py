"""Contrast of the tokens, computed: text 4.5 to 1, what is told by a line or a bar 3 to 1, in both themes.

Source: WCAG 2.2, 1.4.3 and 1.4.11; relative luminance and contrast ratio as defined there.
"""

import re
from pathlib import Path

import pytest

import actionday.app.web as web

CSS = Path(web.__file__).parent / "assets" / "css"
TOKENS = {
    name: (light, dark)
    for name, light, dark in re.findall(
        r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", (CSS / "tokens.css").read_text("utf-8")
    )
}
TONES = ("done", "running", "care", "failed", "open", "machine")
GROUNDS = ("bg", "surface", "sunken", "weak")
TEXTS = [
    *((ink, ground) for ink in ("ink", "ink2", "ink3", "link", *TONES) for ground in GROUNDS),
    *((tone, f"{tone}-bg") for tone in TONES),
    *(("link", f"{tone}-bg") for tone in TONES),
    ("ink", "mark"),
    ("navink", "nav"),
    ("navink2", "nav"),
]
LINES = [
    *((line, ground) for line in ("control", "series", "link") for ground in GROUNDS),
    ("focus-out", "focus-in"),
]
THEMES = ("light", "dark")


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str, theme: str) -> float:
    """Return the ratio between two tokens; "on" is white in both themes."""
    colours = [TOKENS.get(name, ("#FFFFFF", "#FFFFFF"))[THEMES.index(theme)] for name in (one, other)]
    dark, light = sorted(map(luminance, colours))
    return (light + 0.05) / (dark + 0.05)


def test_the_ratio_is_that_of_the_standard() -> None:
    assert luminance("#FFFFFF") == pytest.approx(1)
    assert luminance("#000000") == 0
    assert contrast("ink", "on", "light") == pytest.approx(16.46, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
def test_text_and_lines_are_told_from_their_ground(theme: str) -> None:
    weak = [f"{ink} on {ground}" for ink, ground in (*TEXTS, ("on", "accent"), ("on", "hover")) if contrast(ink, ground, theme) < 4.5]  # fmt: skip
    weak += [f"{line} beside {ground}" for line, ground in LINES if contrast(line, ground, theme) < 3]
    assert weak == []


@pytest.mark.parametrize("theme", THEMES)
def test_the_bar_of_what_is_chosen_is_told_from_the_ground_of_it(theme: str) -> None:
    rules = "".join(path.read_text("utf-8") for path in CSS.glob("*.css"))
    bars = set(re.findall(r"inset -?3px 0 0 var\(--([\w-]+)\)", rules))
    assert bars
    assert all(contrast(bar, "weak", theme) >= 3 for bar in bars), bars


@pytest.mark.parametrize("theme", THEMES)
def test_one_of_the_two_rings_of_the_focus_is_seen_on_any_ground(theme: str) -> None:
    for ground in (*GROUNDS, "nav", "accent", *(f"{tone}-bg" for tone in TONES)):
        assert max(contrast(ring, ground, theme) for ring in ("focus-out", "focus-in")) >= 3, ground
