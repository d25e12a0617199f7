"""Two pairs of eyes: asked in the channel, approved, declined, withdrawn, expired, overtaken."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from sandbox.rig import POLICY
from sandbox.slack.people import SimulatedPerson
from sandbox.slack.sample import SPORTS_DESK
from sandbox.uplynk.scenes import CUP_FINAL

from .conftest import Scene, Start
from .database import everything_is_told, let_requests_expire
from .test_refusals import recorded

PROTECT = POLICY + '[[protect]]\ngroups = ["Cup*", "NBA*", "Sports*"]\n'
LINE = '/failover activate "Cup Final" cup-b'
WAITS, VERIFIED = "waits for a second person", "applied and verified"


@pytest.fixture
def protected(start: Start) -> Scene:
    """A scene in which a change of most groups needs a second person."""
    return start(policy=PROTECT)


def active(scene: Scene) -> str:
    return scene.world.group(CUP_FINAL).active_slicer_id


def asks(scene: Scene, line: str = LINE, person: SimulatedPerson | None = None) -> None:
    """A request, with its card in the channel."""
    count = len(scene.cards)
    (person or scene.operator).types(f"{line} now because encoder swap")
    scene.waits(lambda: len(scene.cards) == count + 1)
    scene.shows(WAITS, "[Approve] [Decline…] [Withdraw]")
    scene.hears(person or scene.operator, WAITS)


@pytest.mark.parametrize("socket_mode", [False, True], ids=["http", "socket"])
def test_asked_and_approved(start: Start, socket_mode: bool) -> None:
    scene = start(policy=PROTECT, socket_mode=socket_mode)
    scene.operator.types(f"{LINE} because encoder swap")
    preview = scene.hears(scene.operator, "[Ask for approval]")
    assert "A second person has to approve this within 15 min" in preview
    assert "[Apply]" not in preview
    scene.presses(scene.operator, "Ask for approval")

    card = scene.shows(f"Cup Final: {WAITS}", "[Approve] [Decline…] [Withdraw]")
    assert "active cup-a → cup-b" in card
    assert "Viewers move from cup-a to cup-b at once, on 1 channel." in card
    assert "encoder swap" in card
    assert "0 of 1" in card
    assert "(in 15 min)" in card
    assert "Who can approve: @Admin, @Approver" in card
    assert f"{WAITS} (0 of 1 approvals, ends at " in scene.card.text
    told = scene.hears(scene.operator, WAITS)
    assert "Nothing is sent to Uplynk before one other person agrees" in told
    assert "[Withdraw]" in told
    assert scene.attempts() == 0

    scene.presses_card(scene.approver, "Approve")
    card = scene.shows(f"Cup Final: {VERIFIED}", "*Approved by*\n| @Approver", "[Undo…]")
    assert "[Approve]" not in card
    assert "(approved by <@U0APPROVER>)" in scene.card.text
    scene.hears(scene.approver, "Thank you. The change is under way")
    scene.hears(scene.operator, VERIFIED)
    assert WAITS not in scene.operator.sees()
    assert active(scene) == "cup-b"
    assert scene.attempts() == len(scene.cards) == 1


def test_nobody_approves_their_own_and_nobody_without_the_role(protected: Scene) -> None:
    asks(protected)
    card = protected.card
    protected.operator.presses("Approve", on=card)
    protected.hears(protected.operator, "You asked for this change yourself")
    protected.operator.presses("Decline…", on=card)
    protected.waits(
        lambda: "You asked for this change yourself" in protected.modal(protected.operator)
    )
    protected.viewer.presses("Approve", on=card)
    protected.hears(protected.viewer, "you need the role approver or admin")
    protected.viewer.presses("Decline…", on=card)
    protected.waits(
        lambda: "you need the role approver or admin" in protected.modal(protected.viewer)
    )
    assert "[Decline]" not in protected.modal(protected.viewer)
    protected.approver.presses("Withdraw", on=card)
    protected.hears(protected.approver, "Only whoever asked for a change can withdraw it.")
    assert WAITS in protected.cards[0]
    assert protected.attempts() == 0

    asks(protected, "/failover set nba prioritized", protected.admin)
    protected.presses_card(protected.admin, "Approve")
    protected.hears(protected.admin, "somebody else has to approve it")
    assert protected.attempts() == 0


def test_declined_with_a_reason(protected: Scene) -> None:
    asks(protected)
    protected.presses_card(protected.approver, "Decline…")
    protected.waits(lambda: "Why not?" in protected.modal(protected.approver))
    assert "Cup Final: active cup-a → cup-b" in protected.modal(protected.approver)
    protected.approver.fills("reason", "   ")
    protected.approver.submits()
    protected.waits(lambda: "! Say why" in protected.modal(protected.approver))
    assert WAITS in protected.cards[0]

    protected.approver.fills("reason", "not during the match, <!channel>")
    assert protected.approver.submits().ok
    protected.waits(lambda: "Declined. Nothing was changed." in protected.modal(protected.approver))
    card = protected.shows("Cup Final: declined, nothing changed", "@Approver who declined")
    assert "“not during the match, <!channel>”" in card
    assert "[Approve]" not in card
    assert "declined, nothing changed (by <@U0APPROVER>: not during" in protected.card.text
    told = protected.hears(protected.operator, "declined, nothing changed")
    assert "not during the match" in told
    assert protected.attempts() == 0
    assert recorded(protected) == [("refused", "U0OPERATOR")]


def test_a_form_that_was_closed_declines_nothing(protected: Scene) -> None:
    asks(protected)
    protected.presses_card(protected.approver, "Decline…")
    protected.waits(lambda: "Why not?" in protected.modal(protected.approver))
    protected.approver.closes()
    protected.presses_card(protected.approver, "Approve")
    protected.shows(VERIFIED)


def test_withdrawn_in_private_or_at_the_card(protected: Scene) -> None:
    asks(protected)
    stale = protected.card
    protected.presses(protected.operator, "Withdraw")
    card = protected.shows("Cup Final: withdrawn, nothing changed")
    assert "[Approve]" not in card
    protected.hears(protected.operator, "withdrawn, nothing changed")
    protected.approver.presses("Approve", on=stale, stale=True)
    told = protected.hears(protected.approver, "withdrawn by @Operator already")
    assert "Your press changed nothing." in told

    asks(protected)
    protected.presses_card(protected.operator, "Withdraw")
    protected.waits(lambda: protected.channel.count("withdrawn, nothing changed") == 2)
    assert protected.attempts() == 0
    assert active(protected) == "cup-a"


def test_of_two_who_approve_at_once_the_slower_hears_who_was_first(protected: Scene) -> None:
    asks(protected)
    card = protected.card
    both = (protected.approver, protected.admin)
    with ThreadPoolExecutor(len(both)) as pool:
        pressed = list(pool.map(lambda one: one.presses("Approve", on=card, stale=True), both))
    assert all(delivery.ok for delivery in pressed)
    protected.shows(VERIFIED)
    protected.waits(lambda: all(protected.told(one) for one in both))
    told = {one.id: protected.told(one) for one in both}
    (first,) = [one for one, text in told.items() if "Thank you" in text]
    (slower,) = [text for one, text in told.items() if one != first]
    name = {"U0APPROVER": "@Approver", "U0ADMIN": "@Admin"}[first]
    assert f"This request was approved already, by {name}; how it stands: " in slower
    assert f"*Approved by*\n| {name}" in protected.cards[0]
    assert protected.attempts() == 1


def test_where_two_have_to_agree_one_of_them_is_not_enough(start: Start) -> None:
    scene = start(policy=PROTECT + "approvals = 2\n")
    asks(scene)
    scene.presses_card(scene.approver, "Approve")
    scene.hears(scene.approver, "One more person has to approve before anything is sent.")
    scene.shows("1 of 2: @Approver")
    scene.presses_card(scene.approver, "Approve")
    scene.hears(scene.approver, "You have approved this already")
    assert scene.attempts() == 0
    scene.presses_card(scene.admin, "Approve")
    scene.shows(VERIFIED, "@Approver, @Admin")
    assert scene.attempts() == 1


def test_a_request_outlives_the_process(protected: Scene) -> None:
    asks(protected)
    protected.waits(lambda: everything_is_told(protected.rig.folder))
    protected.bot.kill()
    protected.rig.start_bot()
    asks(protected, '/failover slate "Cup Final Backup" on')
    assert WAITS in protected.cards[0]
    assert protected.attempts() == 0, "waiting is not started anew"
    protected.approver.presses("Approve", on=protected.slack.channel("C0AUDIT").messages()[0])
    protected.waits(lambda: VERIFIED in protected.cards[0])
    protected.waits(lambda: VERIFIED in protected.operator.sees())
    assert active(protected) == "cup-b"
    assert len(protected.cards) == 2


def test_a_request_that_nobody_decides_ends_by_itself(protected: Scene) -> None:
    asks(protected)
    stale = protected.card
    protected.waits(lambda: everything_is_told(protected.rig.folder))
    protected.bot.kill()
    let_requests_expire(protected.rig.folder)
    protected.rig.start_bot()
    card = protected.shows("Cup Final: expired, nothing changed", "It was not approved in time.")
    assert "[Approve]" not in card
    assert "[Try again]" in card
    protected.hears(protected.operator, "expired, nothing changed")
    protected.approver.presses("Approve", on=stale, stale=True)
    protected.hears(protected.approver, "its time is over, and nothing was sent")
    assert protected.attempts() == 0
    assert active(protected) == "cup-a"

    protected.presses_card(protected.operator, "Try again")
    protected.presses(protected.operator, "Ask for approval")
    protected.waits(lambda: len(protected.cards) == 2)
    protected.shows(WAITS)


def test_a_group_that_changed_meanwhile_is_not_written(protected: Scene) -> None:
    asks(protected)
    protected.world.change_in_cms(CUP_FINAL, active_slicer_id="cup-c")
    protected.presses_card(protected.approver, "Approve")
    card = protected.shows("Cup Final: not changed", "@Approver")
    assert "The group changed between the request and its approval." in card
    told = protected.hears(protected.operator, "You saw")
    for column in ("It is now", "You want", "viewers see cup-a", "viewers see cup-c"):
        assert column in told
    assert protected.attempts() == 0

    protected.presses(protected.operator, "Ask for approval")
    protected.waits(lambda: len(protected.cards) == 2)
    protected.shows(WAITS, "active cup-c → cup-b")
    assert protected.attempts() == 0, "one press does not make up for the second person"
    protected.presses_card(protected.approver, "Approve")
    protected.shows(VERIFIED)
    assert active(protected) == "cup-b"


def test_whoever_asked_must_still_have_the_role(protected: Scene) -> None:
    asks(protected)
    protected.slack.changes_usergroup(SPORTS_DESK, ())
    protected.presses_card(protected.approver, "Approve")
    told = "whoever had asked for it no longer had the role operator or admin"
    protected.shows("Cup Final: not changed", told)
    protected.hears(protected.operator, told)
    assert protected.attempts() == 0


def test_an_admin_may_set_it_aside_loudly(protected: Scene) -> None:
    override = f"{LINE} now override protect because the feed is black"
    protected.operator.types(override)
    protected.hears(protected.operator, "To set a rule aside you need the role admin.")
    assert protected.cards == []
    protected.admin.types(override)
    card = protected.shows(VERIFIED, "Override", "rule protect was set aside")
    assert "the feed is black" in card
    assert protected.card.text.startswith("<@U0ADMIN>: OVERRIDE of protect: Cup Final: ")
    assert "[Approve]" not in card
    assert active(protected) == "cup-b"


def test_where_only_riskier_moves_need_it_the_safe_direction_is_one_press(start: Start) -> None:
    scene = start(policy=PROTECT + 'risk = "riskier"\n')
    safe = (
        "/failover set nba prioritized",
        LINE,
        '/failover order "Cup Final" cup-c',
        '/failover set "Sports East" failback off',
    )
    for number, line in enumerate(safe, start=1):
        scene.operator.types(f"{line} now")
        scene.waits(lambda n=number: scene.channel.count(VERIFIED) == n)
    assert scene.attempts() == len(safe)

    risky = {
        '/failover set "Sports West" flat': "to flat, where the next source is left to chance",
        '/failover slate "Cup Final Backup" on': "viewers see the slate",
        '/failover order "Sports East" -east-b': "no other eligible slicer is left to take over",
    }
    for number, (line, why) in enumerate(risky.items(), start=1):
        scene.operator.types(f"{line} now")
        scene.waits(lambda n=number: len(scene.cards) == len(safe) + n)
        scene.shows(WAITS, "This lessens the group's protection:", why)
    assert scene.attempts() == len(safe)
    scene.presses_card(scene.approver, "Approve")
    scene.shows(VERIFIED)
    scene.presses_card(scene.operator, "Undo…")
    scene.presses(scene.operator, "Apply")
    scene.waits(lambda: scene.channel.count(VERIFIED) == len(safe) + 2)
    assert scene.attempts() == len(safe) + 2


def test_the_same_press_delivered_again_is_one_approval(protected: Scene) -> None:
    asks(protected)
    delivery = protected.presses_card(protected.approver, "Approve")
    for _ in range(3):
        assert protected.slack.office.deliver_again(delivery).ok
    protected.shows(VERIFIED)
    protected.waits(lambda: "approved already" in protected.approver.sees())
    assert protected.attempts() == len(protected.cards) == 1
