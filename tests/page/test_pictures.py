"""The README's pictures can still be taken, and they are the ones that it shows."""

import re
from pathlib import Path

from playwright.sync_api import Browser

from .pictures import DOCS, PICTURES, take_all

README = DOCS.parent / "README.md"
LARGEST = 300 * 1024
BEGINNING = b"\x89PNG\r\n\x1a\n"


def test_each_can_be_taken(browser: Browser, tmp_path: Path) -> None:
    take_all(browser, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(PICTURES)
    for path in tmp_path.iterdir():
        assert path.read_bytes().startswith(BEGINNING)
        assert path.stat().st_size < LARGEST


def test_the_readme_shows_exactly_these() -> None:
    shown = re.findall(r"docs/([\w.-]+\.png)", README.read_text(encoding="utf-8"))
    assert sorted(shown) == sorted(PICTURES)
    assert {path.name for path in DOCS.glob("*.png")} == set(PICTURES)
