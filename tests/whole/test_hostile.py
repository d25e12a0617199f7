"""Hostile lines and payloads: acknowledged in time, and harmless whatever they hold."""

import json
import random
from typing import Any
from urllib.parse import parse_qs, urlencode

from sandbox.slack.signing import SignedRequest

from .conftest import Scene

SEED = 20261123
FORM = "application/x-www-form-urlencoded"

PIECES = (
    "set", "nba", "flat", "prioritized", "failback", "on", "mode=", "because", "override",
    '"', "“", "„", "'", "\\", "\\\\", "<!channel>", "<@U0ADMIN>", "<https://evil.example|Apply>",
    "`rm -rf`", "*bold*", "_x_", "~y~", "&amp;", "&lt;", "\u202e", "\u200b", "\u0000", "\x1b[31m",
    "\n", "\r\n", "\t", "🏀" * 40, "É" * 300, "payload=", "payload", "{", "}", "[", "null", "-1",
    "9" * 400, "%00", "../..", "$(x)", "${x}", "';--", "<script>", "ssl_check=1", "a" * 2900,
)  # fmt: skip


def hostile_lines(count: int) -> list[str]:
    """Lines that may mean anything but a finished change of a group."""
    chance = random.Random(SEED)
    lines = []
    while len(lines) < count:
        words = chance.choices(PIECES, k=chance.randint(1, 9))
        lines.append(chance.choice(("", " ")).join(words))
    return lines


def test_200_hostile_lines(http: Scene) -> None:
    for line in hostile_lines(200):
        delivery = http.outsider.types(f"/failover {line}")
        assert delivery.in_time, line
        assert delivery.status == 200, line
        if http.outsider.view is not None:
            http.outsider.closes(whole_stack=True)
    unharmed(http)


def test_200_hostile_payloads(http: Scene) -> None:
    chance = random.Random(SEED)
    recorded = record(http)
    before = http.attempts()
    for _ in range(200):
        body: Any = chance.choice(recorded)
        for _ in range(chance.randint(1, 4)):
            body = mangled(body, chance)
        typed = isinstance(body, dict) and "command" in body
        content = body if typed else {"payload": json.dumps(body)}
        request = http.slack.signer.sign(urlencode(content).encode(), FORM)
        delivery = http.slack.send_raw(request)
        assert delivery.in_time, body
        assert delivery.status in (200, 400), body
    assert http.attempts() == before
    unharmed(http)


def record(http: Scene) -> list[dict[str, Any]]:
    """Real payloads of a viewer's command, form, choice and search, and of a pressed button."""
    http.viewer.types("/failover set nba prioritized now")
    http.viewer.opens_form("/failover nba")
    http.waits(lambda: "You can look" in http.viewer.sees())
    http.viewer.searches("group", "cup")
    http.viewer.chooses("group", http.viewer.searches("group", "cup")[0]["value"])
    http.viewer.types("/failover status nba")
    http.waits(lambda: "[Change…]" in http.told(http.viewer))
    http.viewer.presses("Change…", on=http.viewer.private_messages()[-1])
    bodies = []
    for delivery in http.slack.world.journal.deliveries():
        form = parse_qs(http.slack.request_of(delivery).body.decode(), keep_blank_values=True)
        flat = {name: values[0] for name, values in form.items()}
        bodies.append(json.loads(flat["payload"]) if "payload" in flat else flat)
    assert {body.get("type", "command") for body in bodies} >= {
        "command", "block_actions", "block_suggestion",
    }  # fmt: skip
    return bodies


JUNK: tuple[Any, ...] = (
    None, "", 0, -1, 1e300, True, [], {}, [[]], {"a": {}}, "x" * 5000, "<!channel>", "\x00",
    "apply_change", "failover_form", "view_submission", "block_actions", "U0ADMIN", "-",
    '{"draft": "x", "seen": "y"}', [{"action_id": "apply_change", "value": "{}"}],
)  # fmt: skip


def mangled(value: Any, chance: random.Random) -> Any:
    """A copy with one thing somewhere inside replaced, dropped or doubled."""
    if isinstance(value, dict) and value and chance.random() < 0.85:
        key = chance.choice(sorted(value))
        if chance.random() < 0.2:
            return {name: one for name, one in value.items() if name != key}
        return {**value, key: mangled(value[key], chance)}
    if isinstance(value, list) and value and chance.random() < 0.7:
        index = chance.randrange(len(value))
        return [*value[:index], mangled(value[index], chance), *value[index:]]
    return chance.choice(JUNK)


def test_what_is_not_signed_by_slack_is_not_let_in(http: Scene) -> None:
    delivery = http.operator.types("/failover set nba prioritized")
    http.waits(lambda: "[Apply]" in http.told(http.operator))
    signer, genuine = http.slack.signer, http.slack.request_of(delivery)
    forged: dict[str, SignedRequest] = {
        "no signature": genuine.without("X-Slack-Signature"),
        "no timestamp": genuine.without("X-Slack-Request-Timestamp"),
        "wrong": signer.wrong_signature(genuine),
        "tampered": signer.tampered(genuine, genuine.body + b"&text=set+nba+flat+now"),
        "stale": signer.stale(genuine, 301),
        "future": signer.stale(genuine, -400),
        "no number": signer.timestamped(genuine, "abc"),
        "huge": signer.timestamped(genuine, "9" * 5000),
    }
    for name, request in forged.items():
        assert http.slack.send_raw(request).status == 401, name
    unharmed(http)


def test_a_reason_with_the_word_payload_in_it(http: Scene) -> None:
    http.operator.types("/failover set nba prioritized now because the payload=bad {payload} fails")
    http.waits(lambda: "applied and verified" in http.channel)
    assert "the payload=bad {payload} fails" in http.cards[0]


def test_a_replayed_request_has_no_second_effect(http: Scene) -> None:
    delivery = http.operator.types("/failover set nba prioritized now")
    http.waits(lambda: "applied and verified" in http.channel)
    http.admin.types("/failover set nba flat now")
    http.waits(lambda: http.channel.count("applied and verified") == 2)
    replay = http.slack.request_of(delivery)
    for _ in range(3):
        assert http.slack.send_raw(replay).status == 200
    http.operator.types("/failover status nba")
    http.waits(lambda: "flat" in http.told(http.operator))
    assert http.attempts() == 2


def test_names_from_uplynk_are_harmless(http: Scene) -> None:
    http.operator.types('/failover set "<!channel>" flat now because <!here> <@U0ADMIN> *x*')
    http.waits(lambda: "No" in http.told(http.operator) or "applied" in http.channel)
    http.operator.types("/failover list evil")
    http.operator.types("/failover list")
    http.waits(lambda: "NBA Finals" in http.told(http.operator))
    unharmed(http, changed=True)


def unharmed(http: Scene, *, changed: bool = False) -> None:
    assert changed or http.attempts() == 0
    assert http.bot.get("/readyz")[0] == 200
    assert "Traceback" not in http.bot.log
    assert "unforeseen" not in http.bot.log
    assert not any(
        one.status and one.status >= 500 for one in http.slack.world.journal.deliveries()
    )
    assert http.slack.world.violations == []
