"""Every action through the form: chosen, previewed, submitted, verified, announced."""

from sandbox.slack.people import SimulatedPerson
from sandbox.uplynk.scenes import CUP_FINAL, NBA_FINALS, SPORTS_EAST, SPORTS_WEST, WEATHER

from .conftest import Scene
from .test_form import open_form


def chooses(scene: Scene, person: SimulatedPerson, action: str, shown: str) -> None:
    """Choose an action and wait for its inputs."""
    person.chooses("what", action)
    scene.waits(lambda: shown in person.sees())


def submits(scene: Scene, person: SimulatedPerson) -> None:
    assert person.submits().ok
    scene.waits(lambda: "applied and verified" in person.sees())
    scene.waits(lambda: "applied and verified" in scene.channel)


def test_a_slicer_is_activated(scene: Scene) -> None:
    person = scene.operator
    open_form(scene, person, '"Cup Final"')
    person.fills("reason", "encoder swap")
    chooses(scene, person, "activate", "Preview: Choose a slicer.")
    assert "encoder swap" in person.sees()
    person.chooses("slicer", "cup-b")
    scene.waits(lambda: "Preview: active cup-a → cup-b" in person.sees())
    assert "Viewers move from cup-a to cup-b at once, on 1 channel." in person.sees()
    submits(scene, person)
    assert scene.world.group(CUP_FINAL).active_slicer_id == "cup-b"
    assert "encoder swap" in scene.cards[0]
    assert scene.attempts() == 1


def test_a_slicer_is_activated_under_auto_failback(http: Scene) -> None:
    person = http.operator
    open_form(http, person, '"Sports East"')
    chooses(http, person, "activate", "Slicer: ")
    assert "Auto failback is on: it is turned off first, and stays off." in person.sees()
    person.chooses("slicer", "east-b")
    http.waits(lambda: "1. auto failback off" in person.sees())
    assert "2. active east-a → east-b" in person.sees()
    submits(http, person)
    group = http.world.group(SPORTS_EAST)
    assert (group.auto_failback, group.active_slicer_id) == (False, "east-b")
    assert http.attempts() == 2
    assert len(http.cards) == 1


def test_the_slate_is_shown_and_ended(http: Scene) -> None:
    person = http.operator
    open_form(http, person, '"Cup Final"')
    chooses(http, person, "slate", "Slate: ( ) on  (•) off")
    person.chooses("slate", "on")
    http.waits(lambda: "Preview: live (cup-a) → slate" in person.sees())
    assert "Viewers see the missing-content slate at once" in person.sees()
    submits(http, person)
    assert http.world.group(CUP_FINAL).active_slicer_id == "no_slicer"


def test_the_natural_next_step_of_a_group_on_slate(http: Scene) -> None:
    person = http.operator
    person.types('/failover status "Weather Live"')
    http.waits(lambda: "[End the slate…]" in http.told(person))
    person.presses("End the slate…", on=person.private_messages()[-1])
    http.waits(lambda: "Preview: slate → live" in person.sees())
    submits(http, person)
    assert http.world.group(WEATHER).active_slicer_id == "weather-a"


def test_the_natural_next_step_of_a_group_that_has_failed_over(http: Scene) -> None:
    person = http.operator
    http.world.change_in_cms(CUP_FINAL, active_slicer_id="cup-c")
    person.types('/failover status "Cup Final"')
    http.waits(lambda: "[Activate cup-a…]" in http.told(person))
    person.presses("Activate cup-a…", on=person.private_messages()[-1])
    http.waits(lambda: "Preview: active cup-c → cup-a" in person.sees())
    submits(http, person)
    assert http.world.group(CUP_FINAL).active_slicer_id == "cup-a"


def test_the_order_is_rewritten(http: Scene) -> None:
    person = http.operator
    open_form(http, person, '"Sports West"')
    chooses(http, person, "order", "A line or a comma for each")
    assert "west-b\nwest-a\nwest-c" in person.sees()
    person.fills("order", "west-c\n-west-a, west-x", enter=True)
    http.waits(lambda: "Preview: Not a slicer of this group: west-x." in person.sees())
    person.submits()
    assert "! Not a slicer of this group: west-x." in person.sees()
    person.fills("order", "west-c\n-west-a", enter=True)
    http.waits(lambda: "→ west-c, west-a, west-b (west-a not eligible)" in person.sees())
    submits(http, person)
    slicers = sorted(http.world.group(SPORTS_WEST).slicers, key=lambda one: one.order)
    assert [(one.slicer_id, one.enabled) for one in slicers] == [
        ("west-c", True), ("west-a", False), ("west-b", True),
    ]  # fmt: skip
    assert http.attempts() == 1


def test_what_was_typed_is_previewed_before_it_is_applied(http: Scene) -> None:
    person = http.operator
    open_form(http, person, '"Sports West"')
    chooses(http, person, "order", "A line or a comma for each")
    person.fills("order", "west-c")
    person.submits()
    http.waits(lambda: "→ west-c, west-b, west-a" in person.sees())
    assert http.attempts() == 0
    assert http.cards == []
    submits(http, person)
    assert http.attempts() == 1


def test_channels_come_and_go(http: Scene) -> None:
    person = http.admin
    open_form(http, person, '"NBA Finals"')
    chooses(http, person, "channels", "Channels now: nba-main")
    person.fills("add", "cup-9")
    person.fills("remove", "nba-alt", enter=True)
    http.waits(lambda: "Preview: channels + cup-9, − nba-alt" in person.sees())
    submits(http, person)
    channels = [one.id for one in http.world.group(NBA_FINALS).channels]
    assert channels == ["nba-main", "cup-9"]


def test_allowed_owners_are_shown_and_changed(http: Scene) -> None:
    person = http.admin
    open_form(http, person, '"NBA Finals"')
    chooses(http, person, "owners", "Allowed owners now: owner-partner")
    person.fills("add", "owner-new", enter=True)
    http.waits(lambda: "Preview: owners + owner-new" in person.sees())
    submits(http, person)
    assert http.world.group(NBA_FINALS).allowed_owners == ("owner-partner", "owner-new")


def test_an_operator_is_not_offered_what_only_an_admin_may_do(http: Scene) -> None:
    open_form(http, http.operator, '"NBA Finals"')
    offered = [one["text"]["text"] for one in http.operator.searches("what", "")]
    assert offered == [
        "Mode and auto failback", "Activate a slicer", "Slate", "Order and eligibility",
    ]  # fmt: skip


def test_a_group_that_changed_since_leads_to_three_columns(http: Scene) -> None:
    person = http.operator
    open_form(http, person, '"Cup Final"')
    chooses(http, person, "activate", "Preview: Choose a slicer.")
    person.chooses("slicer", "cup-b")
    http.waits(lambda: "Preview: active cup-a → cup-b" in person.sees())
    http.world.change_in_cms(CUP_FINAL, active_slicer_id="cup-c")
    person.submits()
    http.waits(lambda: "The group changed since you saw it" in person.sees())
    for column in ("You saw", "It is now", "You want"):
        assert column in person.sees()
    assert http.attempts() == 0


def test_quick_choices_of_actions_end_with_the_last_one(http: Scene) -> None:
    person = http.admin
    open_form(http, person, '"Cup Final"')
    for action in ("slate", "activate", "order", "channels", "slate"):
        person.chooses("what", action)
    http.waits(lambda: "Slate: ( ) on  (•) off" in person.sees())
    person.chooses("slate", "on")
    http.waits(lambda: "Preview: live (cup-a) → slate" in person.sees())
    submits(http, person)
    assert http.world.group(CUP_FINAL).active_slicer_id == "no_slicer"
