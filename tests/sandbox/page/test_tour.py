"""The guided first minute, walked with the real bot; and each step's sign for itself."""

from pathlib import Path
from typing import Any

import pytest

from blocks.ids import APPLY
from sandbox.page import tour
from sandbox.page.stage import Stage
from sandbox.page.tour import Seen
from sandbox.slack.model import ApiCall, Delivery
from sandbox.slack.sample import AUDIT, LIVEOPS, VIEWER
from sandbox.uplynk.journal import Applied, Source
from sandbox.uplynk.scenes import CUP_FINAL

from .on_stage import on_stage, rig_of, types, waits


def done(stage: Stage) -> list[str]:
    return [step["id"] for step in stage.parts()["tour"]["steps"] if step["done"]]


def test_the_first_minute(tmp_path: Path) -> None:
    with on_stage(tmp_path) as stage:
        steps = {step["id"]: step for step in stage.parts()["tour"]["steps"]}
        assert all(set(step) == {"id", "title", "text", "try", "done"} for step in steps.values())
        assert done(stage) == []

        types(stage, steps["look"]["try"]["type"])
        waits(stage, lambda: done(stage) == ["look"])

        assert steps["lose"]["try"] == {"group": CUP_FINAL}
        stage.turn({"do": "kill", "slicer": "cup-c"})
        assert done(stage) == ["look"]
        stage.turn({"do": "kill", "slicer": "cup-a"})
        assert done(stage) == ["look", "lose"]

        operator = rig_of(stage).slack.person("U0OPERATOR")
        types(stage, steps["preview"]["try"]["type"])
        waits(stage, lambda: done(stage) == ["look", "lose", "preview"])
        waits(stage, lambda: "Change NBA Finals?" in operator.sees())
        operator.presses("Apply", on=operator.private_messages()[-1])
        waits(stage, lambda: done(stage) == ["look", "lose", "preview", "apply"])
        assert "applied and verified" in rig_of(stage).slack.channel(AUDIT).text()

        types(stage, steps["preview"]["try"]["type"], steps["refused"]["try"]["person"])
        waits(stage, lambda: len(done(stage)) == 5)
        waits(stage, lambda: len(rig_of(stage).world.journal.writes()) == 1)
        assert stage.parts()["tour"]["generation"] == 1

        stage.turn({"do": "scene", "scene": "quiet"})
        assert stage.wait() == ""
        assert done(stage) == []
        assert stage.parts()["tour"]["generation"] == 2


def delivery(**fields: Any) -> Delivery:
    plain: dict[str, Any] = {
        "number": 1, "kind": "command", "person": "U0OPERATOR", "transport": "http",
        "request": {}, "status": 200, "body": "", "seconds": 0.5, "in_time": True, "at": 10.0,
    }  # fmt: skip
    return Delivery(**plain | fields)


def call(at: float = 11.0, ok: bool = True, **arguments: Any) -> ApiCall:
    return ApiCall(1, "response_url", arguments, "", 200, ok, "", 1.0, 1, False, "", at)


def seen(*entries: Delivery | ApiCall | Applied) -> Seen:
    return Seen(
        [one for one in entries if isinstance(one, Delivery)],
        [one for one in entries if isinstance(one, ApiCall)],
        [one for one in entries if isinstance(one, Applied)],
    )


STATUS = delivery(request={"text": "status"})
BUTTONS = [{"type": "actions", "elements": [{"type": "button", "action_id": APPLY}]}]
PRESS = delivery(kind="block_actions", request={"actions": [{"action_id": APPLY}]})
CARD = {"channel": AUDIT, "text": "U: applied and verified"}
ASKS = delivery(person=VIEWER, request={"text": "set nba flat"})
NO = {"text": "not changed", "blocks": [{"text": {"text": "For this you need the role admin."}}]}


def moved(source: Source) -> Applied:
    return Applied(source, CUP_FINAL, {}, {})


@pytest.mark.parametrize(
    ("sign", "entries", "taken"),
    [
        (tour.looked_around, [], False),
        (tour.looked_around, [STATUS], True),
        (tour.looked_around, [delivery(request={"text": "list"})], False),
        (tour.looked_around, [delivery(request={"text": "status"}, status=None)], False),
        (tour.lost_a_slicer, [moved(Source.HEALTH), moved(Source.CMS), moved(Source.API)], False),
        (tour.lost_a_slicer, [moved(Source.FAILOVER)], True),
        (tour.previewed, [call(blocks=BUTTONS)], True),
        (tour.previewed, [call(ok=False, blocks=BUTTONS)], False),
        (tour.previewed, [call(blocks=[{"type": "divider"}], text="Apply")], False),
        (tour.applied, [PRESS], False),
        (tour.applied, [call(**CARD)], False),
        (tour.applied, [PRESS, call(**CARD)], True),
        (tour.applied, [PRESS, call(at=9.0, **CARD)], False),
        (tour.applied, [PRESS, call(**CARD | {"channel": LIVEOPS})], False),
        (tour.applied, [PRESS, call(**CARD | {"text": "failed, nothing changed"})], False),
        (tour.refused, [ASKS], False),
        (tour.refused, [ASKS, call(**NO)], True),
        (tour.refused, [ASKS, call(at=9.0, **NO)], False),
        (tour.refused, [delivery(request={"text": "set nba flat"}), call(**NO)], False),
        (tour.refused, [delivery(person=VIEWER, kind="view_submission"), call(**NO)], True),
    ],
)  # fmt: skip
def test_signs(sign: Any, entries: list[Any], taken: bool) -> None:
    assert sign(seen(*entries)) is taken
