"""The main job, from a typed line or a filled form to the card in the channel."""

from sandbox.slack.sample import LIVEOPS
from sandbox.uplynk.faults import Fault, FaultKind
from sandbox.uplynk.scenes import CUP_FINAL, NBA_FINALS, SPORTS_WEST

from .conftest import Scene


def test_a_typed_change_is_made_and_announced(scene: Scene) -> None:
    line = '/failover set "NBA Finals" prioritized failback on now because rehearsal'
    delivery = scene.operator.types(line, channel=LIVEOPS)
    assert delivery.ok
    assert delivery.in_time

    scene.waits(lambda: "applied and verified" in scene.channel and scene.told(scene.operator))
    group = scene.world.group(NBA_FINALS)
    assert (group.mode, group.auto_failback) == ("prioritized", True)
    write = scene.world.journal.writes()[0]
    assert (write.method, write.body) == ("PATCH", {"mode": "prioritized", "auto_failback": True})
    assert all(one.signature == "ok" for one in scene.world.journal.requests())
    assert scene.attempts() == scene.writes() == 1

    (card,) = scene.cards
    assert "NBA Finals: applied and verified" in card
    assert "flat → prioritized, auto failback on" in card
    assert "@Operator" in card
    assert "rehearsal" in card
    assert len(scene.operator.private_messages()) == 1
    assert "applied and verified" in scene.told(scene.operator)


def test_the_card_says_the_same_in_one_line(http: Scene) -> None:
    http.operator.types("/failover set nba prioritized now because *bold* <!channel> @here")
    http.waits(lambda: "applied and verified" in http.channel)
    (message,) = http.slack.channel("C0AUDIT").messages()
    assert message.text == (
        "<@U0OPERATOR>: NBA Finals: flat → prioritized, auto failback off: applied and verified"
        ". Reason: ∗bold∗ &lt;!channel&gt; ＠here"
    )


def test_a_typed_change_shows_a_preview_first(scene: Scene) -> None:
    scene.operator.types('/failover set "Sports West" flat because too many moves')
    scene.waits(lambda: "Change Sports West?" in scene.told(scene.operator))
    preview = scene.told(scene.operator)
    assert "prioritized, auto failback off → flat" in preview
    assert "In flat the next source cannot be foretold" in preview
    assert scene.attempts() == 0

    scene.operator.presses("Apply", on=scene.operator.private_messages()[-1])
    scene.waits(lambda: "applied and verified" in scene.channel)
    scene.waits(lambda: "applied and verified" in scene.told(scene.operator))
    assert scene.world.group(SPORTS_WEST).mode == "flat"
    assert "[Apply]" not in scene.operator.sees()
    assert "too many moves" in scene.cards[0]


def test_a_preview_can_be_cancelled(http: Scene) -> None:
    http.operator.types('/failover set "Sports West" flat')
    http.waits(lambda: "[Cancel]" in http.told(http.operator))
    http.operator.presses("Cancel", on=http.operator.private_messages()[-1])
    http.waits(lambda: "Cancelled. Nothing was changed." in http.told(http.operator))
    assert http.attempts() == 0
    assert http.cards == []


def test_the_form_from_nothing_to_the_outcome(scene: Scene) -> None:
    person = scene.operator
    person.opens_form()
    scene.waits(lambda: "Choose a failover group" in person.sees())
    options = person.searches("group", "cup")
    assert [one["text"]["text"] for one in options] == ["Cup Final", "Cup Final Backup"]
    person.chooses("group", options[0]["value"])
    scene.waits(lambda: "# Cup Final" in person.sees())
    shown = person.sees()
    for expected in ("1. cup-a (active)", "2. cup-b", "prioritized, auto failback off", "never"):
        assert expected in shown

    person.fills("reason", "the final")
    person.chooses("failback", "on")
    scene.waits(lambda: "prioritized: auto failback off → on" in person.sees())
    assert "While auto failback is on nobody can activate a slicer by hand." in person.sees()
    assert "the final" in person.sees()
    person.chooses("mode", "flat")
    scene.waits(lambda: "prioritized, auto failback off → flat" in person.sees())
    assert "Auto failback: (" not in person.sees()
    assert scene.attempts() == 0

    assert person.submits().ok
    scene.waits(lambda: "Cup Final: applied and verified" in person.sees())
    scene.waits(lambda: "applied and verified" in scene.channel)
    assert scene.world.group(CUP_FINAL).mode == "flat"
    assert "the final" in scene.cards[0]
    assert scene.attempts() == 1


def test_the_order_is_rewritten_as_foretold(http: Scene) -> None:
    http.operator.types('/failover set "NBA Finals" prioritized')
    http.waits(lambda: "The order is rewritten to nba-b, nba-a, nba-c." in http.told(http.operator))
    http.operator.presses("Apply", on=http.operator.private_messages()[-1])
    http.waits(lambda: "applied and verified" in http.channel)
    slicers = sorted(http.world.group(NBA_FINALS).slicers, key=lambda one: one.order)
    assert [one.slicer_id for one in slicers] == ["nba-b", "nba-a", "nba-c"]


def test_what_already_holds_is_not_sent(http: Scene) -> None:
    http.operator.types("/failover set nba flat now")
    http.waits(lambda: "already so" in http.told(http.operator))
    assert http.attempts() == 0
    assert http.cards == []


def test_a_list_shows_a_change_at_once(http: Scene) -> None:
    http.operator.types("/failover list nba")
    http.waits(lambda: "NBA Finals: flat" in http.told(http.operator))
    http.operator.types("/failover set nba prioritized now")
    http.waits(lambda: "applied and verified" in http.channel)
    http.operator.types("/failover list nba")
    http.waits(lambda: "NBA Finals: prioritized" in http.told(http.operator))


def test_a_change_can_be_taken_back(http: Scene) -> None:
    http.operator.types("/failover set nba prioritized failback on now because a try")
    http.waits(lambda: "[Undo…]" in http.channel)
    http.admin.presses("Undo…", on=http.slack.channel("C0AUDIT").messages()[0])
    http.waits(lambda: "prioritized, auto failback on → flat" in http.told(http.admin))
    assert http.attempts() == 1
    http.admin.presses("Apply", on=http.admin.private_messages()[-1])
    http.waits(lambda: http.channel.count("applied and verified") == 2)
    assert "undo of change" in http.cards[1]
    assert "@Admin" in http.cards[1]
    group = http.world.group(NBA_FINALS)
    assert (group.mode, group.auto_failback) == ("flat", False)


def test_a_change_in_between_blocks_the_way_back(http: Scene) -> None:
    http.operator.types("/failover set nba prioritized now")
    http.waits(lambda: "[Undo…]" in http.channel)
    http.world.change_in_cms(NBA_FINALS, auto_failback=True)
    http.operator.presses("Undo…", on=http.slack.channel("C0AUDIT").messages()[0])
    http.waits(lambda: "You saw" in http.told(http.operator))
    assert "It is now" in http.told(http.operator)
    assert http.attempts() == 1


def test_every_press_hears_something_soon(http: Scene) -> None:
    http.operator.types("/failover list")
    http.waits(lambda: "NBA Finals" in http.told(http.operator))
    http.uplynk.faults.add(Fault(FaultKind.DELAY, seconds=3.0, method="GET"))
    http.operator.types("/failover status nba")
    http.waits(lambda: "Uplynk takes its time" in http.told(http.operator))
    http.waits(lambda: "# NBA Finals" in http.told(http.operator))
