"""The page's server: who is let in, what is served, and how it stops."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from sandbox.page.guards import LONGEST_BODY
from sandbox.page.server import PageServer
from sandbox.rig import API_KEY, OWNER, Rig
from tests.sandbox.page.browser import Browser, SmallStage

POLICY_HEADER = (
    "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'none'"
)


@pytest.mark.parametrize("path", ["/theme.css", "/wire/9", "/live?person=U0NOBODY", "/nothing"])
def test_every_answer_carries_the_headers(browser: Browser, path: str) -> None:
    headers = browser.get(path).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Security-Policy"] == POLICY_HEADER
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in headers
    assert "Python" not in headers["Server"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("index.html", "text/html; charset=utf-8"),
        ("a.css", "text/css; charset=utf-8"),
        ("deep/a.js", "text/javascript; charset=utf-8"),
        ("a.svg", "image/svg+xml"),
    ],
)
def test_files_have_their_types(stage: SmallStage, tmp_path: Path, name: str, kind: str) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / name).write_bytes(b"content")
    with PageServer(stage, tmp_path) as page:
        answer = Browser(page).get("/" if name == "index.html" else f"/{name}")
    assert (answer.status, answer.headers["Content-Type"]) == (200, kind)
    assert answer.body == b"content"


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.js",
        "/%2e%2e/secret.js",
        "/..%2fsecret.js",
        "//secret.js",
        "/deep/../../secret.js",
        "/link.js",
        "/notes.toml",
        "/deep",
        "/a%00.js",
        f"/{'a' * 5000}.js",
        "/%ff%fe.js",
        "/C:%5csecret.js",
    ],
)
def test_nothing_outside_is_served(stage: SmallStage, tmp_path: Path, path: str) -> None:
    root = tmp_path / "static"
    (root / "deep").mkdir(parents=True)
    (tmp_path / "secret.js").write_text("secret")
    (root / "notes.toml").write_text("secret")
    (root / "link.js").symlink_to(tmp_path / "secret.js")
    with PageServer(stage, root) as page:
        answer = Browser(page).get(path)
    assert answer.status == 404
    assert set(answer.json()) == {"error"}


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "evil.example:{port}", "", "[::1]"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_name_that_was_bound_to_this_machine_is_refused(
    browser: Browser, stage: SmallStage, host: str, method: str
) -> None:
    headers = {
        "Host": host.format(port=browser.page.port), "Content-Type": "application/json",
    }  # fmt: skip
    path = "/world" if method == "POST" else "/live?person=U0OPERATOR"
    answer = browser.ask(method, path, b"{}" if method == "POST" else None, headers)
    assert answer.status == 403
    assert stage.turned == []


def test_localhost_is_this_machine_too(browser: Browser, stage: SmallStage) -> None:
    host = f"localhost:{browser.page.port}"
    answer = browser.post("/world", {"do": "x"}, Host=host, Origin=f"http://{host}")
    assert answer.status == 200
    assert stage.turned == [{"do": "x"}]


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1:{port}"]
)
@pytest.mark.parametrize("path", ["/act", "/world"])
def test_other_sites_pages_are_refused(
    browser: Browser, stage: SmallStage, rig: Rig, origin: str, path: str
) -> None:
    body = {"person": "U0OPERATOR", "do": "type", "line": "hello", "channel": "C0LIVEOPS"}
    answer = browser.post(path, body, Origin=origin.format(port=browser.page.port))
    assert answer.status == 403
    assert stage.turned == []
    assert rig.slack_world.messages("C0LIVEOPS") == []


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "json"])
def test_only_json_is_taken(browser: Browser, stage: SmallStage, kind: str) -> None:
    answer = browser.ask("POST", "/world", b'{"do": "x"}', {"Content-Type": kind})
    assert answer.status == 415
    assert stage.turned == []


def test_too_much_is_refused(browser: Browser, stage: SmallStage) -> None:
    assert browser.post("/world", {"do": "x" * LONGEST_BODY}).status == 413
    assert browser.post("/world", {"do": "x" * (LONGEST_BODY - 10)}).status == 200
    assert len(stage.turned) == 1


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Length": "9" * 5000}, 413),
        ({"Content-Length": "-1"}, 411),
        ({"Content-Length": "²"}, 411),
        ({"Transfer-Encoding": "chunked"}, 411),
    ],
)
def test_a_length_that_is_none_is_refused(
    browser: Browser, headers: dict[str, str], status: int
) -> None:
    line = socket.create_connection(("127.0.0.1", browser.page.port), timeout=5)
    with line:
        lines = [f"{name}: {value}" for name, value in headers.items()]
        head = ["POST /world HTTP/1.1", f"Host: 127.0.0.1:{browser.page.port}",
                "Content-Type: application/json", *lines, "", ""]  # fmt: skip
        line.sendall("\r\n".join(head).encode())
        line.shutdown(socket.SHUT_WR)
        answer = line.makefile("rb").read().decode()
    assert answer.startswith(f"HTTP/1.1 {status} ")


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[" * 60_000, b'{"do": "\\ud800"}', b'"\xff"', b"[1]", b"null"]
)
@pytest.mark.parametrize("path", ["/act", "/world"])
def test_odd_bodies_are_refused(
    browser: Browser, stage: SmallStage, path: str, body: bytes
) -> None:
    answer = browser.ask("POST", path, body, {"Content-Type": "application/json"})
    assert (answer.status, set(answer.json())) == (400, {"error"})
    assert stage.turned == []


@pytest.mark.parametrize(
    ("request_line", "status"),
    [("DELETE / HTTP/1.1", 501), ("nonsense", 400), ("GET / HTTP/9.9", 505)],
)
def test_errors_of_the_protocol_are_json(browser: Browser, request_line: str, status: int) -> None:
    line = socket.create_connection(("127.0.0.1", browser.page.port), timeout=5)
    with line:
        line.sendall(f"{request_line}\r\nHost: 127.0.0.1:{browser.page.port}\r\n\r\n".encode())
        head, _, body = line.makefile("rb").read().decode().partition("\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ")
    assert set(json.loads(body)) == {"error"}


def test_a_knob_answers_what_the_stage_says(browser: Browser, stage: SmallStage) -> None:
    assert browser.post("/world", {"do": "kill"}).json() == {"ok": True}
    stage.refuses = ValueError("`now` must be one of well, slow.")
    answer = browser.post("/world", {"do": "weather"})
    assert (answer.status, answer.json()) == (400, {"error": "`now` must be one of well, slow."})
    stage.refuses = KeyError("cup-z")
    answer = browser.post("/world", {"do": "kill"})
    assert (answer.status, "cup-z" in answer.json()["error"]) == (404, True)


def test_a_fault_of_our_own_is_told_without_its_innards(
    browser: Browser, stage: SmallStage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.refuses = RuntimeError("/some/where/inside.py")
    answer = browser.post("/world", {"do": "kill"})
    assert answer.status == 500
    assert answer.json() == {"error": "Something in the sandbox went wrong."}
    assert "inside.py" in caplog.text


@pytest.mark.parametrize("number", ["2", "x", "-1", "", "%C2%B2", "9" * 5000, "1/2"])
def test_a_request_of_the_wire_that_is_not_there(
    browser: Browser, stage: SmallStage, number: str
) -> None:
    stage.details = {1: {"request": {}, "answer": {"status": 200}}}
    assert browser.ask("GET", "/wire/1").json() == stage.details[1]
    assert browser.get(f"/wire/{number}").status == 404


def test_a_stop_ends_everything_at_once(stage: SmallStage) -> None:
    page = PageServer(stage).start()
    browser = Browser(page)
    idle = socket.create_connection(("127.0.0.1", page.port), timeout=10)
    with idle, browser.watching("U0OPERATOR") as one, browser.watching("U0VIEWER") as other:
        assert one.batch()["all"]
        assert other.batch()["all"]
        page.stop()
        assert one.batch() is None
        assert other.batch() is None
        assert idle.recv(1) == b""
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", page.port), timeout=1).close()


def test_no_answer_holds_a_secret(browser: Browser, stage: SmallStage, rig: Rig) -> None:
    secrets = rig.secrets()
    leak = " ".join(secrets)
    stage.said["stage"] = {"problem": leak}
    stage.entries = [{"n": 1, "what": leak}]
    stage.details = {1: {"request": {"headers": {"Authorization": f"Bearer {leak}"}}}}
    group = rig.world.groups()[0]
    rig.world.change_in_cms(group.id, allowed_owners=(OWNER,), name=f"key {API_KEY}")
    answers = [browser.get("/wire/1").body.decode()]
    stage.refuses = ValueError(leak)
    answers.append(browser.post("/world", {"do": "x"}).body.decode())
    answers.append(browser.act(leak, "type").body.decode())
    answers.append(browser.act("U0OPERATOR", leak).body.decode())
    with browser.watching("U0OPERATOR") as watching:
        watching.batch()
        browser.act("U0OPERATOR", "type", line=leak, channel="C0LIVEOPS")
        watching.until(lambda known: watching.messages("C0LIVEOPS"))
        answers.append(watching.raw)
    assert answers[-1].count("***") > len(secrets)
    assert [one for one in secrets if any(one in answer for answer in answers)] == []
