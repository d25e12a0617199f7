"""The shape of the project: sizes, names, docstrings, who imports whom, imports that do nothing.

The directions between rooms are import-linter's; here is what it cannot see: single files at the
root, the standard library, and folders that nobody told it of.
"""

import ast
import configparser
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PLAY = {"sandbox", "tests", "bench"}
MAX_MODULE_LINES = 300
MAX_FUNCTION_LINES = 50
MAX_PARAMETERS = 5
DRAWERS = {"util", "utils", "common", "misc", "helper", "helpers"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def contract_rooms() -> set[str]:
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter", encoding="utf-8")
    return set(config["importlinter"]["root_packages"].split())


def folders() -> set[str]:
    found = {path.relative_to(ROOT).parts[0] for path in ROOT.glob("[!.]*/**/*.py")}
    return {name for name in found if not (ROOT / name).is_symlink()}


def sources(*names: str) -> list[Path]:
    """Every Python file of these folders and of the root, sorted."""
    inside = [path for name in names for path in (ROOT / name).rglob("*.py")]
    return sorted([*inside, *ROOT.glob("*.py")])


EVERYTHING = sources(*folders())
PRODUCT = sources(*(folders() - PLAY))
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in EVERYTHING}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(TREES[path]) if isinstance(node, Function))


def imports(path: Path) -> set[str]:
    """The first names of everything that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add("." if node.level else (node.module or "").split(".")[0])
    return found


def too_long(path: Path) -> list[str]:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    found = [f"{name(path)}: {lines} lines"] if lines > MAX_MODULE_LINES else []
    for node in functions(path):
        length = (node.end_lineno or 0) - node.lineno + 1
        if length > MAX_FUNCTION_LINES:
            found.append(f"{name(path)}:{node.lineno} {node.name}: {length} lines")
    return found


def too_many_parameters(path: Path) -> list[str]:
    found = []
    for node in functions(path):
        taken = node.args.posonlyargs + node.args.args + node.args.kwonlyargs
        count = len([one for one in taken if one.arg not in ("self", "cls")])
        if count > MAX_PARAMETERS:
            found.append(f"{name(path)}:{node.lineno} {node.name}: {count} parameters")
    return found


def undescribed(path: Path) -> list[str]:
    """The module and its public classes, functions and methods that have no docstring."""
    found = [] if ast.get_docstring(TREES[path]) else [f"{name(path)}: the module"]
    scopes: list[ast.AST] = [TREES[path]]
    while scopes:
        for node in ast.iter_child_nodes(scopes.pop()):
            if not isinstance(node, ast.ClassDef | Function) or node.name.startswith("_"):
                continue
            if not ast.get_docstring(node):
                found.append(f"{name(path)}:{node.lineno} {node.name}")
            if isinstance(node, ast.ClassDef):
                scopes.append(node)
    return found


@pytest.mark.parametrize("path", EVERYTHING, ids=name)
def test_nothing_is_too_long(path: Path) -> None:
    assert too_long(path) == []


@pytest.mark.parametrize("path", sources(*(folders() - {"tests"})), ids=name)
def test_no_function_takes_too_much(path: Path) -> None:
    assert too_many_parameters(path) == []


@pytest.mark.parametrize("path", PRODUCT, ids=name)
def test_everything_public_is_described(path: Path) -> None:
    assert undescribed(path) == []


def test_no_folder_or_module_is_a_drawer_for_the_rest() -> None:
    parts = {part.removesuffix(".py") for path in EVERYTHING for part in name(path).split("/")}
    assert parts & DRAWERS == set()


def test_every_folder_is_known_to_the_import_contracts() -> None:
    assert folders() - contract_rooms() <= {"tests", "bench"}


def test_every_room_is_a_package() -> None:
    packages = {path.parent for path in EVERYTHING if name(path).split("/")[0] in contract_rooms()}
    assert [name(folder) for folder in packages if not (folder / "__init__.py").exists()] == []


@pytest.mark.parametrize("path", PRODUCT, ids=name)
def test_no_room_is_left_by_a_relative_import(path: Path) -> None:
    assert "." not in imports(path)


STANDARD = set(sys.stdlib_module_names)
ALLOWED_AT_THE_ROOT = {
    "settings": {"failover", "dotenv"},
}


def test_failover_stands_on_the_standard_library_alone() -> None:
    outside = {
        name(path): imports(path) - STANDARD - {"failover"} for path in sources("failover")
        if path.parent != ROOT
    }  # fmt: skip
    assert outside
    assert {path: found for path, found in outside.items() if found} == {}


@pytest.mark.parametrize("path", sorted(ROOT.glob("*.py")), ids=name)
def test_the_front_door_imports_only_what_it_may(path: Path) -> None:
    found = imports(path) - STANDARD
    if path.stem in ALLOWED_AT_THE_ROOT:
        assert found <= ALLOWED_AT_THE_ROOT[path.stem]
    else:
        assert path.stem == "bot", "a new file at the root: say here what it may import"
        assert found & PLAY == set()


def watch(root: Path, *modules: str) -> str:
    done = subprocess.run(
        [sys.executable, "-B", str(ROOT / "tests/watch_imports.py"), str(root), *modules],
        cwd=root,
        env={},
        capture_output=True,
        text=True,
        timeout=50,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_importing_does_nothing() -> None:
    paths = [path for path in EVERYTHING if name(path).split("/")[0] not in ("tests", "bench")]
    modules = [name(path).removesuffix(".py").replace("/", ".") for path in paths]
    assert watch(ROOT, *(module.removesuffix(".__init__") for module in modules)) == ""


@pytest.mark.parametrize(
    ("code", "finding"),
    [
        ("import os\nHOME = os.environ.get('HOME')", "environment"),
        ("import os\nHOME = os.getenv('HOME')", "environment"),
        ("def f():\n    return open('f', 'w')\nf().close()", "open"),
        ("import socket\nsocket.socket().close()", "socket.__new__"),
        ("import threading\nt = threading.Thread(target=int)\nt.start()\nt.join()", "thread"),
        ("import sqlite3\nsqlite3.connect(':memory:').close()", "sqlite3.connect"),
        ("import subprocess\nsubprocess.run(['true'])", "subprocess.Popen"),
    ],
)
def test_an_import_that_does_something_is_found(tmp_path: Path, code: str, finding: str) -> None:
    (tmp_path / "busy.py").write_text(code + "\n", encoding="utf-8")
    (tmp_path / "calm.py").write_text("import json\nimport busy\n", encoding="utf-8")
    assert f"busy.py: {finding}" in watch(tmp_path, "calm")


def test_the_measures_measure(monkeypatch: pytest.MonkeyPatch) -> None:
    path = ROOT / "settings.py"
    body = "\n".join(["    pass"] * MAX_FUNCTION_LINES)
    code = f"class A:\n  def b(self, c, d, e, f, *, g, h): ...\ndef i():\n{body}\n"
    monkeypatch.setitem(TREES, path, ast.parse(code))
    assert too_long(path) == ["settings.py:3 i: 51 lines"]
    assert too_many_parameters(path) == ["settings.py:2 b: 6 parameters"]
    assert undescribed(path) == [
        "settings.py: the module", "settings.py:1 A", "settings.py:3 i", "settings.py:2 b"
    ]  # fmt: skip
