"""The groups: found by what was typed, remembered for a while, merged with single readings."""

import pytest

from failover.errors import GroupGone, Unavailable
from failover.model import FailoverGroup, Mode
from services.groups import Ambiguous, Groups, NoSuchGroup
from tests.builders import group, later
from tests.fakes import FakeClock, FakeUplynk, silent

IDS = [f"{number:02x}" * 16 for number in range(1, 9)]


def named(*names: str) -> tuple[FailoverGroup, ...]:
    return tuple(group(id=one, name=name) for one, name in zip(IDS, names, strict=False))


class Reader:
    """Groups over a fake Uplynk, 60 s fresh."""

    def __init__(self, *groups: FailoverGroup) -> None:
        self.clock = FakeClock()
        self.uplynk = FakeUplynk(self.clock, *groups)
        self.groups = Groups(self.uplynk, self.clock, 60)

    def found(self, word: str) -> object:
        """The name of what is found, or what else comes of it."""
        one = self.groups.find(word)
        return one.name if isinstance(one, FailoverGroup) else one

    @property
    def lists(self) -> int:
        return self.uplynk.log.count("list")


SAMPLE = named("NBA Finals", "NBA", "Cup Final", "cup final", "Été", "x <!channel> *y*", "Ǆ")

FOUND = [
    (IDS[0], "NBA Finals"),
    (IDS[2][:5], "Cup Final"),
    (IDS[0].upper(), "NBA Finals"),
    ("NBA Finals", "NBA Finals"),
    ("nba finals", "NBA Finals"),
    ("  NBA   ".strip(), "NBA"),
    (" nba ", "NBA"),
    ("NBA F", "NBA Finals"),
    ("nba f", "NBA Finals"),
    ("Cup Final", "Cup Final"),
    ("cup final", "cup final"),
    ("été", "Été"),
    ("x <", "x <!channel> *y*"),
]


@pytest.mark.parametrize(("word", "name"), FOUND)
def test_what_is_found(word: str, name: str) -> None:
    assert Reader(*SAMPLE).found(word) == name


def test_a_whole_name_beats_a_start() -> None:
    assert Reader(*named("NBA Finals", "nba", "NBA x")).found("NBA") == "nba"


def test_an_id_beats_a_name() -> None:
    rival = group(id="f" * 32, name=IDS[0])
    found = Reader(*named("NBA"), rival).groups.find(IDS[0])
    assert isinstance(found, FailoverGroup)
    assert found.id == IDS[0]


@pytest.mark.parametrize(
    ("word", "names"),
    [
        ("CUP FINAL", ["Cup Final", "cup final"]),
        ("cup", ["Cup Final", "cup final"]),
        ("0", [one.name for one in SAMPLE]),
    ],
)
def test_what_is_ambiguous(word: str, names: list[str]) -> None:
    found = Reader(*SAMPLE).groups.find(word)
    assert isinstance(found, Ambiguous)
    assert found.word == word
    assert {one.name for one in found.candidates} <= set(names)
    assert len(found.candidates) == min(len(names), 6)


def test_the_same_name_twice_is_ambiguous_even_when_spelled_exactly() -> None:
    found = Reader(*named("Twin", "Twin", "Twin 3")).groups.find("Twin")
    assert isinstance(found, Ambiguous)
    assert [one.id for one in found.candidates] == IDS[:2]


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("NBA Finales", ("NBA Finals",)),
        ("nbafinals", ("NBA Finals",)),
        ("qqqqqq", ()),
        ("", ()),
        ("   ", ()),
        ("final", ("NBA Finals",)),
    ],
)
def test_near_misses_get_suggestions(word: str, near: tuple[str, ...]) -> None:
    found = Reader(*named("NBA Finals", "Tennis")).groups.find(word)
    assert found == NoSuchGroup(word.strip(), near)


def test_nothing_can_be_found_among_no_groups() -> None:
    assert Reader().found("x") == NoSuchGroup("x", ())


def test_the_listing_is_read_once_while_it_is_fresh() -> None:
    reader = Reader(*SAMPLE)
    first = reader.groups.all()
    reader.clock.advance(60)
    assert reader.groups.all() is first
    assert reader.groups.known() is first
    reader.clock.advance(0.001)
    assert reader.groups.known() is None
    assert reader.groups.known(fresh_only=False) is first
    assert reader.groups.all().read_at == later(60.001)
    assert reader.lists == 2


def test_the_listing_is_sorted_by_name_without_case() -> None:
    listing = Reader(*named("b", "A", "a", "C")).groups.all()
    assert [one.name for one in listing.groups] == ["A", "a", "b", "C"]


def test_an_unknown_name_is_looked_for_in_a_new_listing() -> None:
    reader = Reader(*named("NBA"))
    reader.groups.all()
    reader.uplynk.groups[IDS[1]] = group(id=IDS[1], name="New Group")
    assert reader.found("new group") == "New Group"
    assert reader.lists == 2
    assert reader.found("new group") == "New Group"
    assert reader.lists == 2


def test_an_unknown_name_costs_one_reading_where_none_is_remembered() -> None:
    reader = Reader(*named("NBA"))
    assert reader.found("xyz") == NoSuchGroup("xyz", ())
    assert reader.lists == 1


def test_a_misspelled_name_costs_nobody_the_listing_when_uplynk_is_down() -> None:
    reader = Reader(*named("NBA"))
    listing = reader.groups.all()
    reader.uplynk.down = silent()
    with pytest.raises(Unavailable):
        reader.groups.find("NBB")
    assert reader.found("NBA") == "NBA"
    assert reader.groups.known(fresh_only=False) is listing
    assert [one.name for one in reader.groups.search("nb", 5)] == ["NBA"]


def test_what_an_old_listing_lacks_may_exist() -> None:
    reader = Reader(*named("NBA"))
    reader.groups.all()
    reader.clock.advance(61)
    reader.uplynk.down = silent()
    assert reader.found("NBA") == "NBA"
    with pytest.raises(Unavailable):
        reader.groups.find("NBB")


def test_an_old_listing_is_given_with_the_problem() -> None:
    reader = Reader(*named("NBA"))
    reader.groups.all()
    reader.clock.advance(61)
    reader.uplynk.down = problem = silent()
    old = reader.groups.all()
    assert [one.name for one in old.groups] == ["NBA"]
    assert (old.problem, old.read_at) == (problem, later(0))
    reader.uplynk.down = None
    assert reader.groups.all().problem is None


def test_without_any_listing_the_problem_is_raised() -> None:
    reader = Reader()
    reader.uplynk.down = silent()
    with pytest.raises(Unavailable):
        reader.groups.all()
    with pytest.raises(Unavailable):
        reader.groups.find("NBA")
    assert reader.groups.known(fresh_only=False) is None
    assert reader.groups.search("", 5) == ()


def test_a_single_reading_is_merged_into_the_listing() -> None:
    reader = Reader(*named("NBA", "Cup"))
    listed = reader.groups.all()
    reader.uplynk.set(IDS[0], mode=Mode.FLAT, name="Renamed")
    reading = reader.groups.read(IDS[0])
    assert (reading.group.name, reading.read_at) == ("Renamed", later(0))
    merged = reader.groups.known()
    assert merged is not None
    assert [one.name for one in merged.groups] == ["Cup", "Renamed"]
    assert merged.folded == ("cup", "renamed")
    assert merged.by_id[IDS[0]].mode is Mode.FLAT
    assert merged.read_at == listed.read_at


def test_a_single_reading_taken_while_the_list_is_on_its_way_wins() -> None:
    reader = Reader(*named("NBA", "Cup"))
    older = tuple(reader.uplynk.groups.values())
    plain = reader.uplynk.list_groups

    def slow(*, within: float | None = None) -> tuple[FailoverGroup, ...]:
        plain(within=within)
        reader.uplynk.set(IDS[0], mode=Mode.FLAT)
        reader.groups.read(IDS[0])
        return older

    reader.uplynk.list_groups = slow  # type: ignore[method-assign]
    assert reader.groups.all().by_id[IDS[0]].mode is Mode.FLAT


def test_a_group_that_is_gone_leaves_the_listing_and_the_list_is_read_again() -> None:
    reader = Reader(*named("NBA", "Cup"))
    reader.groups.all()
    del reader.uplynk.groups[IDS[0]]
    with pytest.raises(GroupGone):
        reader.groups.read(IDS[0])
    assert reader.groups.known() is None
    assert reader.found("cup") == "Cup"
    assert reader.lists == 2
    assert reader.groups.known() is reader.groups.all()
    assert reader.lists == 2
    assert reader.found("NBA") == NoSuchGroup("NBA", ())


def test_a_group_that_is_gone_is_not_shown_while_the_list_cannot_be_read() -> None:
    reader = Reader(*named("NBA", "Cup"))
    reader.groups.all()
    del reader.uplynk.groups[IDS[0]]
    with pytest.raises(GroupGone):
        reader.groups.read(IDS[0])
    reader.uplynk.down = silent()
    assert [one.name for one in reader.groups.all().groups] == ["Cup"]


def test_type_ahead_reads_nothing_and_puts_starts_first() -> None:
    reader = Reader(*named("Cup Final", "Final Cup", "Finals", "Tennis"))
    assert reader.groups.search("final", 5) == ()
    reader.groups.all()
    reader.clock.advance(3600)
    names = [one.name for one in reader.groups.search(" FINAL ", 5)]
    assert names == ["Final Cup", "Finals", "Cup Final"]
    assert len(reader.groups.search("final", 2)) == 2
    assert len(reader.groups.search("", 9)) == 4
    assert [one.id for one in reader.groups.search(IDS[3][:3], 9)] == [IDS[3]]
    assert reader.lists == 1


def test_the_budget_is_handed_on() -> None:
    reader = Reader(*named("NBA"))
    reader.groups.read(IDS[0], within=3.0)
    reader.groups.find("NBA", within=4.0)
    reader.groups.find("none", within=2.5)
    assert reader.uplynk.withins == [3.0, 4.0, 2.5]


def test_a_listing_read_before_the_clock_was_set_back_is_old() -> None:
    reader = Reader(*named("NBA"))
    reader.groups.all()
    reader.clock.advance(-3600)
    assert reader.groups.known() is None
    assert reader.found("none") == NoSuchGroup("none", ())
    assert reader.groups.all().read_at == later(-3600)
    assert reader.lists == 2
