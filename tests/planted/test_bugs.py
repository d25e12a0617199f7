"""The planted bugs fit the product as it is; whether they are found ``make planted`` tells."""

import ast
import re
from pathlib import Path

import pytest

from tests.planted import __main__ as planting
from tests.planted.bug import Bug, NotPlanted
from tests.planted.bugs import BUGS

ROOT = Path(__file__).parents[2]
NAMES = [one.name for one in BUGS]


@pytest.mark.parametrize("bug", BUGS, ids=NAMES)
def test_it_can_be_planted_and_still_is_python(bug: Bug) -> None:
    right = (ROOT / bug.file).read_text(encoding="utf-8")
    wrong = bug.planted(right)
    assert ast.dump(ast.parse(wrong)) != ast.dump(ast.parse(right))


@pytest.mark.parametrize("bug", BUGS, ids=NAMES)
def test_the_test_that_has_to_find_it_exists(bug: Bug) -> None:
    node = re.fullmatch(r"(tests/[\w/]+\.py)::(test_\w+)(?:\[.+\])?", bug.test)
    assert node is not None
    file, name = node.groups()
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_each_has_a_name_of_its_own() -> None:
    assert len(set(NAMES)) == len(NAMES)


def test_each_is_another_bug() -> None:
    assert len({(bug.file, bug.right, bug.wrong) for bug in BUGS}) == len(BUGS)


@pytest.mark.parametrize("source", ["", "a = 1\na = 1\n"])
def test_words_that_stand_not_exactly_once_are_not_replaced(source: str) -> None:
    with pytest.raises(NotPlanted, match="a bug: found"):
        Bug("a bug", "x.py", "a = 1", "a = 2", "tests/x.py::test_x").planted(source)


def test_a_copy_is_changed_and_mended(tmp_path: Path) -> None:
    source, copy = tmp_path / "source", tmp_path / "copy"
    for folder in (source, copy):
        folder.mkdir()
        (folder / "x.py").write_text("a = 1\n", encoding="utf-8")
    bug = Bug("a bug", "x.py", "a = 1", "a = 2", "tests/x.py::test_x")
    before = (source / "x.py").stat()
    bug.plant(copy)
    planted = (copy / "x.py").stat()
    assert (copy / "x.py").read_text(encoding="utf-8") == "a = 2\n"
    assert int(planted.st_mtime) != int(before.st_mtime)
    bug.mend(copy, source)
    assert (copy / "x.py").read_text(encoding="utf-8") == "a = 1\n"
    assert (copy / "x.py").stat().st_mtime_ns == before.st_mtime_ns


@pytest.mark.parametrize(
    ("wrong", "caught"),
    [
        pytest.param("return a - b", True, id="a bug that the test sees"),
        pytest.param("return b + a", False, id="one that it does not see"),
        pytest.param("return a + b)", False, id="one that leaves nothing to test"),
    ],
)
def test_only_a_test_that_fails_has_found_a_bug(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: str, caught: bool
) -> None:
    source, copy = tmp_path / "source", tmp_path / "copy"
    for folder in (source, copy):
        folder.mkdir()
        (folder / "x.py").write_text("def add(a, b):\n    return a + b\n", encoding="utf-8")
        told = "from x import add\n\ndef test_add():\n    assert add(1, 2) == 3\n"
        (folder / "test_x.py").write_text(told, encoding="utf-8")
    monkeypatch.setattr(planting, "ROOT", source)
    bug = Bug("a bug", "x.py", "return a + b", wrong, "test_x.py::test_add")
    assert planting.found(copy, bug) is caught
    assert (copy / "x.py").read_bytes() == (source / "x.py").read_bytes()
