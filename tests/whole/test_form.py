"""The form under bad conditions: a slow or dead Uplynk, late triggers, races, double submits."""

from sandbox.slack.faults import Fault as SlackFault
from sandbox.slack.faults import FaultKind as SlackKind
from sandbox.slack.people import SimulatedPerson
from sandbox.uplynk.faults import Fault, FaultKind, When
from sandbox.uplynk.scenes import CUP_FINAL, NBA_FINALS, default_scene, many_groups

from .conftest import Scene, Start


def open_form(scene: Scene, person: SimulatedPerson, word: str = "") -> None:
    person.opens_form(f"/failover {word}".strip())
    scene.waits(lambda: "Reading the failover groups" not in person.sees())


def test_it_opens_at_once_while_uplynk_takes_its_time(http: Scene) -> None:
    http.uplynk.faults.add(Fault(FaultKind.DELAY, seconds=4.0, method="GET"))
    http.operator.opens_form("/failover nba")
    # The call is written down once it is answered, and by then the form may be in front already.
    (opened,) = http.waits(lambda: http.slack.world.journal.calls("views.open"))
    assert opened.ok
    assert "Reading the failover groups from Uplynk" in http.operator.sees()
    http.waits(lambda: "# NBA Finals" in http.operator.sees(), 20)


def test_it_says_so_when_uplynk_is_down_and_offers_a_way_on(http: Scene) -> None:
    number = http.uplynk.faults.add(Fault(FaultKind.STATUS, status=401, method="GET", times=None))
    http.operator.opens_form("/failover nba")
    http.waits(lambda: "did not accept the bot's credentials" in http.operator.sees(), 20)
    assert "Nothing was changed" in http.operator.sees()
    http.uplynk.faults.remove(number)
    http.operator.presses("Try again")
    http.waits(lambda: "# NBA Finals" in http.operator.sees())


def test_a_trigger_that_is_too_old_leads_to_a_fresh_button(http: Scene) -> None:
    http.slack.fault(SlackFault(SlackKind.ERROR, method="views.open", error="expired_trigger_id"))
    http.operator.types("/failover nba")
    http.waits(lambda: "[Open the form]" in http.told(http.operator))
    http.operator.presses("Open the form", on=http.operator.private_messages()[-1])
    http.waits(lambda: "# NBA Finals" in http.operator.sees())


def test_an_unknown_and_an_ambiguous_group(http: Scene) -> None:
    open_form(http, http.operator, "nbb finals")
    assert "Did you mean “NBA Finals”" in http.operator.sees()
    http.operator.closes()
    open_form(http, http.operator, "sports")
    assert "Several groups could be meant" in http.operator.sees()


def test_type_ahead_over_thousands_of_groups(start: Start) -> None:
    world = default_scene(owner="sandbox-owner-5b1c9d")
    for group in many_groups(3000, owner="sandbox-owner-5b1c9d").groups():
        world.add_group(group)
    scene = start(uplynk=world)
    open_form(scene, scene.operator)
    assert len(scene.operator.searches("group", "")) == 100
    found = [one["text"]["text"] for one in scene.operator.searches("group", "group 299")]
    assert found[0].startswith("Group 299")
    assert scene.operator.searches("group", "no such thing") == []
    assert all(one.in_time for one in scene.slack.world.journal.deliveries())


def test_a_group_that_changed_since_is_not_overwritten(scene: Scene) -> None:
    open_form(scene, scene.operator, '"Cup Final"')
    scene.operator.chooses("mode", "flat")
    scene.waits(lambda: "→ flat" in scene.operator.sees())
    scene.world.change_in_cms(CUP_FINAL, active_slicer_id="cup-b")
    scene.operator.submits()
    scene.waits(lambda: "The group changed since you saw it" in scene.operator.sees())
    shown = scene.operator.sees()
    for column in ("You saw", "It is now", "You want", "viewers see cup-a", "viewers see cup-b"):
        assert column in shown
    assert scene.attempts() == 0
    assert scene.cards == []

    scene.operator.presses("Apply to it as it is now")
    scene.waits(lambda: "applied and verified" in scene.channel)
    scene.waits(lambda: "applied and verified" in scene.operator.sees())
    assert scene.attempts() == 1


def test_a_preview_that_went_stale_is_asked_about_again(http: Scene) -> None:
    http.operator.types("/failover set nba prioritized")
    http.waits(lambda: "[Apply]" in http.told(http.operator))
    http.world.change_in_cms(NBA_FINALS, active_slicer_id="nba-c")
    http.operator.presses("Apply", on=http.operator.private_messages()[-1])
    http.waits(lambda: "You saw" in http.told(http.operator))
    assert http.attempts() == 0
    http.operator.presses("Apply to it as it is now", on=http.operator.private_messages()[-1])
    http.waits(lambda: "applied and verified" in http.channel)


def test_a_double_submit_is_one_change(scene: Scene) -> None:
    open_form(scene, scene.operator, '"Cup Final"')
    scene.operator.chooses("mode", "flat")
    scene.waits(lambda: "→ flat" in scene.operator.sees())
    delivery = scene.operator.submits()
    again = [scene.slack.office.deliver_again(delivery) for _ in range(3)]
    assert all(one.ok for one in again)
    scene.waits(lambda: "applied and verified" in scene.channel)
    assert scene.attempts() == 1
    assert len(scene.cards) == 1


def test_a_double_press_and_a_repeated_command_are_one_change_each(scene: Scene) -> None:
    scene.operator.types("/failover set nba prioritized")
    scene.waits(lambda: "[Apply]" in scene.told(scene.operator))
    delivery = scene.operator.presses("Apply", on=scene.operator.private_messages()[-1])
    scene.slack.office.deliver_again(delivery)
    scene.waits(lambda: "applied and verified" in scene.channel)
    typed = scene.operator.types("/failover set nba flat now")
    scene.slack.office.deliver_again(typed)
    scene.waits(lambda: scene.channel.count("applied and verified") == 2)
    assert scene.attempts() == 2
    assert len(scene.cards) == 2


def test_quick_edits_end_with_the_last_one(http: Scene) -> None:
    open_form(http, http.operator, '"Cup Final"')
    for mode in ("flat", "prioritized", "flat", "prioritized", "flat"):
        http.operator.chooses("mode", mode)
    http.waits(lambda: "Preview: *prioritized, auto failback off → flat*" in http.operator.sees())
    assert "Auto failback: (" not in http.operator.sees()


def test_a_closed_form_still_ends_in_a_private_answer(http: Scene) -> None:
    open_form(http, http.operator, '"Cup Final"')
    http.operator.chooses("mode", "flat")
    http.waits(lambda: "→ flat" in http.operator.sees())
    http.uplynk.faults.add(Fault(FaultKind.DELAY, When.BEFORE, seconds=1.0, method="WRITE"))
    http.operator.submits()
    http.operator.closes()
    http.waits(lambda: "applied and verified" in http.told(http.operator))
    http.waits(lambda: "applied and verified" in http.channel)


def test_try_again_in_the_form_tries_again(http: Scene) -> None:
    http.uplynk.faults.add(Fault(FaultKind.STATUS, status=429, method="WRITE"))
    open_form(http, http.operator, '"Cup Final"')
    http.operator.chooses("mode", "flat")
    http.waits(lambda: "→ flat" in http.operator.sees())
    http.operator.submits()
    http.waits(lambda: "failed, nothing changed" in http.operator.sees())
    http.operator.presses("Try again")
    http.waits(lambda: "[Apply change]" in http.operator.sees())
    http.operator.chooses("mode", "flat")
    http.waits(lambda: "→ flat" in http.operator.sees())
    http.operator.submits()
    http.waits(lambda: "applied and verified" in http.operator.sees())
    assert http.attempts() == 2
    http.waits(lambda: len(http.cards) == 2)


def test_submitting_what_already_holds_changes_nothing(http: Scene) -> None:
    open_form(http, http.operator, '"Cup Final"')
    http.operator.submits()
    http.waits(lambda: "already so" in http.operator.sees())
    assert http.attempts() == 0
    assert http.cards == []


def test_a_group_chosen_but_not_yet_shown_is_not_changed(scene: Scene) -> None:
    open_form(scene, scene.operator, '"Cup Final"')
    scene.operator.chooses("mode", "flat")
    scene.waits(lambda: "→ flat" in scene.operator.sees())
    scene.operator.searches("group", "nba")
    scene.slack.fault(SlackFault(SlackKind.SLOW, method="views.update", times=1, seconds=1.5))
    scene.operator.chooses("group", NBA_FINALS)
    assert "# Cup Final" in scene.operator.sees()
    scene.operator.submits()
    scene.waits(lambda: "# NBA Finals" in scene.operator.sees())
    assert scene.attempts() == 0
    assert scene.cards == []
