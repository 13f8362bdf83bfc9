"""Fonts for the papers: the built ones, else those that the build would copy."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PLACES = (
    ROOT / "src/bihuan/ui/static/built/fonts",
    ROOT / "node_modules/@expo-google-fonts/noto-serif-sc",
)


@pytest.fixture(scope="session")
def fonts() -> Path:
    """A folder with the house's font."""
    found = next((place for place in PLACES if any(place.rglob("*.ttf"))), None)
    if found is None:
        pytest.skip("the house's font is not there: run ./dev assets")
    return found
