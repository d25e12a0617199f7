"""The wire log: what is in it, in which order, under which numbers, and that it holds no secret."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.page.mask import Mask
from sandbox.page.stage import Stage
from sandbox.page.wire import SHOWN
from sandbox.papers import KEPT_BYTES, KEPT_EXCHANGES, HeadLines, Papers, Shelf, short
from sandbox.slack.sample import AUDIT, LIVEOPS
from sandbox.uplynk.scenes import NBA_FINALS

from .on_stage import on_stage, rig_of, types, waits

LINE = '/failover set "NBA Finals" prioritized failback on because rehearsal'
FIELDS = {
    "n", "at", "from", "to", "method", "path", "what", "signature", "status", "ms", "problem",
    "person",
}  # fmt: skip


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One on which a change was previewed and applied, and a form opened."""
    with on_stage(tmp_path_factory.mktemp("wire")) as stage:
        operator = rig_of(stage).slack.person("U0OPERATOR")
        types(stage, LINE)
        waits(stage, lambda: "Change NBA Finals?" in operator.sees())
        operator.presses("Apply", on=operator.private_messages()[-1])
        waits(stage, lambda: "applied and verified" in rig_of(stage).slack.channel(AUDIT).text())
        operator.opens_form()
        waits(stage, lambda: operator.view and "Choose a failover group" in operator.sees())
        yield stage


def entry(stage: Stage, **wanted: Any) -> dict[str, Any]:
    """The newest entry with these fields."""
    found = [row for row in stage.wire() if all(row[key] == wanted[key] for key in wanted)]
    assert found, stage.wire()
    return dict(found[-1])


def test_both_sides_are_in_one_list_by_time(stage: Stage) -> None:
    rows = stage.wire()
    assert all(set(row) == FIELDS for row in rows)
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)
    assert len({row["n"] for row in rows}) == len(rows)
    ways = {(row["from"], row["to"]) for row in rows}
    assert ways == {("slack", "bot"), ("bot", "slack"), ("bot", "uplynk")}


def test_what_slack_delivers(stage: Stage) -> None:
    typed = entry(stage, what=f"slash command · {LINE}")
    assert (typed["method"], typed["path"], typed["status"]) == ("POST", "/slack/events", 200)
    assert (typed["signature"], typed["problem"]) == ("verified", "")
    assert typed["person"] == "U0OPERATOR"
    assert entry(stage, what="block_actions · Apply")["status"] == 200
    letter = stage.wire_detail(typed["n"])
    assert letter["request"]["headers"]["X-Slack-Signature"] == "v0=***"
    assert letter["request"]["headers"]["X-Slack-Request-Timestamp"].isdigit()
    assert letter["request"]["body"]["text"] == LINE.removeprefix("/failover ")
    assert letter["request"]["body"]["token"] == "***"
    assert letter["request"]["body"]["response_url"].endswith("/response/***")
    assert letter["answer"]["status"] == 200


def test_what_the_bot_calls(stage: Stage) -> None:
    posted = entry(stage, path="chat.postMessage")
    assert posted["what"].startswith("#failover-audit · <@U0OPERATOR>: NBA Finals")
    assert posted["signature"] == "bearer token"
    letter = stage.wire_detail(posted["n"])
    assert letter["request"]["headers"]["Authorization"] == "Bearer xoxb-***"
    assert letter["request"]["body"]["channel"] == AUDIT
    assert letter["answer"]["body"]["ok"] is True
    assert letter["answer"]["headers"]["Content-Type"].startswith("application/json")
    preview = entry(stage, path="response_url", what="answers the person")
    assert preview["signature"] == "in the URL"
    assert entry(stage, path="views.open")["what"]


def test_what_the_bot_asks_of_uplynk(stage: Stage) -> None:
    write = entry(stage, method="PATCH")
    assert write["path"] == f"/api/v4/failover-groups/{NBA_FINALS}"
    assert write["what"] == "writes NBA Finals · mode and failback"
    assert (write["signature"], write["status"], write["ms"] > 0) == ("verified", 204, True)
    letter = stage.wire_detail(write["n"])
    assert letter["request"]["body"] == {"mode": "prioritized", "auto_failback": True}
    assert letter["answer"] == {"status": 204, "headers": letter["answer"]["headers"], "body": ""}
    assert "Date" in letter["answer"]["headers"]
    read = entry(stage, what="reads NBA Finals")
    body = stage.wire_detail(read["n"])["answer"]["body"]
    assert body["name"] == "NBA Finals"
    assert body["owner"] == "***"


def test_nothing_of_it_holds_a_secret(stage: Stage) -> None:
    rows = stage.wire()
    letters = [stage.wire_detail(row["n"]) for row in rows]
    told = json.dumps([rows, letters, stage.parts()])
    for secret in rig_of(stage).secrets():
        assert secret not in told
    signatures = [letter["request"]["headers"].get("X-Slack-Signature") for letter in letters]
    assert set(signatures) == {None, "v0=***"}


def test_numbers_stay_and_asking_again_is_free(stage: Stage) -> None:
    before = {row["n"]: row for row in stage.wire()}
    assert stage.wire() is stage.wire()
    types(stage, "/failover whoami")
    after = {row["n"]: row for row in stage.wire()}
    assert len(after) > len(before)
    assert {n: after[n] for n in before} == before
    assert min(set(after) - set(before)) > max(before)


def test_a_request_without_an_answer_is_shown_and_then_completed(stage: Stage) -> None:
    stage.turn({"do": "weather", "side": "uplynk", "now": "slow"})
    types(stage, '/failover set "Sports West" flat')
    waits(stage, lambda: stage.wire()[-1]["problem"] == "delay (weather)")
    stage.turn({"do": "weather", "side": "uplynk", "now": "well"})
    slow = stage.wire()[-1]
    assert (slow["to"], slow["status"], slow["ms"]) == ("uplynk", None, 0)
    assert stage.wire_detail(slow["n"])["answer"] == {"status": None, "headers": {}, "body": ""}
    waits(stage, lambda: entry(stage, n=slow["n"])["status"] == 200)
    assert entry(stage, n=slow["n"])["ms"] > 1_900
    assert stage.wire_detail(slow["n"])["answer"]["body"]["name"] == "Sports West"


def test_a_dead_bot_is_nobody_who_listens(tmp_path: Path) -> None:
    with on_stage(tmp_path) as stage:
        stage.turn({"do": "bot", "now": "kill"})
        told = rig_of(stage).slack.person("U0OPERATOR").types("/failover list", channel=LIVEOPS)
        assert told.failure == "dispatch_failed"
        refused = entry(stage, what="slash command · /failover list")
        assert (refused["status"], refused["problem"]) == (None, "nobody listens")


def test_socket_mode_is_called_so(tmp_path: Path) -> None:
    with on_stage(tmp_path, socket=True) as stage:
        types(stage, "/failover whoami")
        told = entry(stage, what="slash command · /failover whoami")
        assert (told["path"], told["signature"]) == ("Socket Mode", "in the URL")
        opened = entry(stage, path="apps.connections.open")
        url = stage.wire_detail(opened["n"])["answer"]["body"]["url"]
        assert "ticket=***" in url
        assert rig_of(stage).secrets()[2] not in json.dumps(stage.wire_detail(opened["n"]))
        stage.turn({"do": "bot", "now": "kill"})


def test_only_the_newest_are_kept_and_long_ones_are_cut(tmp_path: Path) -> None:
    with on_stage(tmp_path, scene="crowd") as stage:
        types(stage, "/failover list")
        waits(stage, lambda: "of 2000" in rig_of(stage).slack.person("U0OPERATOR").sees())
        listing = entry(stage, what="all groups")
        body = stage.wire_detail(listing["n"])["answer"]["body"]
        assert body.endswith("bytes, too long to keep)")
        first = stage.wire()[0]["n"]
        for _ in range(2):
            for _ in range(SHOWN):
                rig_of(stage).slack.event({"type": "nothing"})
            rows = stage.wire()
        assert len(rows) == SHOWN
        with pytest.raises(KeyError):
            stage.wire_detail(first)


def test_the_mask() -> None:
    mask = Mask(["xoxb-secret", "key+1", "key+12"])
    assert mask.any({"a key+12": ["key+1", 7, None, True]}) == {"a ***": ["***", 7, None, True]}
    assert mask.any({"token": "anything", "tokens": 3}) == {"token": "***", "tokens": 3}
    assert mask.text("/x?msg=abc&sig=def") == "/x?msg=***&sig=***"
    headers = {"authorization": "Bearer xapp-1-A", "Cookie": "d=1", "X": "key+1"}
    masked = {"authorization": "Bearer xapp-***", "Cookie": "***", "X": "***"}
    assert mask.headers(headers.items()) == masked


def test_papers() -> None:
    assert short(b"x" * KEPT_BYTES) == b"x" * KEPT_BYTES
    assert short("x" * (KEPT_BYTES + 1)) == "(8,193 bytes, too long to keep)"
    head = HeadLines(b"HTTP/1.1 200 OK\r\nDate: now\r\nX: a: b\r\n\r\n")
    assert list(head.items()) == [("Date", "now"), ("X", "a: b")]
    shelf = Shelf()
    for number in range(KEPT_EXCHANGES + 1):
        shelf.put(number, Papers(body=str(number)))
    assert shelf.get(0) == Papers()
    assert shelf.get(KEPT_EXCHANGES).body == str(KEPT_EXCHANGES)
