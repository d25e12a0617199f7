"""What holds of the grammar for any text and any intent."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from failover.change import Activate, Change, Channels, Configure, Order, Owners, Slate
from failover.grammar import (
    NAME_LIMIT,
    REASON_LIMIT,
    ROWS,
    TEXT_LIMIT,
    Ask,
    AskAll,
    GrammarError,
    Help,
    History,
    Intent,
    ListGroups,
    OpenForm,
    Status,
    Undo,
    Whoami,
    parse,
    to_text,
)
from failover.measures import Lock, Pause, Resume, Unlock
from failover.model import Mode
from failover.option_grammar import ending_text
from failover.roles import Rule
from failover.set_grammar import SET_OPTIONS
from failover.words import SPACES

plain = st.characters(exclude_categories=("Cs", "Cc"))
names = st.text(plain, min_size=1, max_size=NAME_LIMIT).filter(lambda name: name.strip(SPACES))
reasons = (
    st.text(plain | st.just("\n"), max_size=REASON_LIMIT)
    .map(lambda reason: reason.strip(SPACES))
    .filter(bool)
)


awkward_names = st.sampled_from(
    [
        *("set", "Order", "flat", "NOW", "mode=flat", "hlep", "stats", 'a"b', "\\", "'til"),
        *(
            "<@U1|x y>",
            "on",
            "Add",
            "undo",
            "because",
            "override=x",
            "-",
            "-a",
            "—",
            "a,b",
            ",",
            "，",
        ),
    ]
)
some_names = names | awkward_names
ids = st.text(plain, min_size=1, max_size=20).filter(lambda text: text.strip(SPACES))
some_ids = st.lists(ids | awkward_names, min_size=1, max_size=6, unique=True).map(tuple)

configurations = st.builds(Configure, st.none() | st.sampled_from(Mode), st.none() | st.booleans())
changes: st.SearchStrategy[Change] = st.one_of(
    configurations.filter(lambda one: one not in (Configure(), Configure(Mode.FLAT, True))),
    st.builds(Activate, some_names),
    st.builds(Slate, st.booleans()),
    some_ids.flatmap(
        lambda found: st.tuples(*(st.tuples(st.just(one), st.booleans()) for one in found))
    ).map(Order),
    st.builds(Channels, add=some_ids),
    st.builds(Channels, remove=some_ids),
    st.builds(Owners, add=some_ids),
    st.builds(Owners, remove=some_ids),
)


@st.composite
def changing(draw: st.DrawFn) -> Ask | Undo:
    """Whatever changes something, with options that go together."""
    override = draw(st.none() | st.sampled_from(Rule))
    reason = draw(reasons if override else st.none() | reasons)
    now = draw(st.booleans())
    if draw(st.integers(0, 8)) == 0:
        return Undo(draw(st.none() | some_names), now, override, reason)
    return Ask(draw(some_names), draw(changes), now, override, reason)


durations = st.none() | st.integers(1, 30 * 24 * 60).map(lambda minutes: minutes * 60)
patterns = st.builds("{}{}".format, st.sampled_from(["final", "NBA F", ""]), st.sampled_from("*?["))
measures: st.SearchStrategy[Ask | AskAll] = st.one_of(
    st.builds(Ask, some_names, st.builds(Lock, durations), now=st.just(True), reason=reasons),
    st.builds(Ask, some_names, st.just(Unlock()), now=st.just(True), reason=st.none() | reasons),
    st.builds(Ask, patterns, st.builds(Lock, durations), now=st.booleans(), reason=reasons),
    st.builds(Ask, patterns, st.just(Unlock()), now=st.booleans(), reason=st.none() | reasons),
    st.builds(AskAll, st.just(Pause()), reasons),
    st.builds(AskAll, st.just(Resume()), st.none() | reasons),
)
intents = st.one_of(
    changing(),
    measures,
    st.builds(OpenForm, st.none() | some_names),
    st.builds(Status, st.none() | some_names),
    st.builds(ListGroups, st.none() | some_names),
    st.builds(History, st.none() | some_names),
    st.just(Whoami()),
    st.just(Help()),
).filter(lambda intent: len(to_text(intent)) <= TEXT_LIMIT)


@given(intents)
@settings(deadline=None)
def test_an_intent_written_down_reads_back_the_same(intent: Intent) -> None:
    assert parse(to_text(intent)) == intent


pieces = st.sampled_from(
    [
        *(
            "set",
            "status",
            "list",
            "whoami",
            "help",
            "undo",
            "history",
            "activate",
            "slate",
            "order",
            "channels",
            "owners",
            "lock",
            "unlock",
            "pause",
            "resume",
            "for",
            "for=1h",
            "2h",
            "2 hours",
            "90s",
            "sett",
            "stauts",
            "g",
            "NBA",
            "Finals",
        ),
        *SET_OPTIONS.words,
        *("add", "remove", ",", ", ", "，", "-", "—", "-a", "a,", "a, b", "overid", "ad", "onn"),
        *("on", "off", "mode=flat", "failback=", "freeze", "priority", "becuase", "x" * 600),
        *('"', "“", "”", "‘", "’", "'", '"a b"', "\\", "<@U1|a b>", "<", ">", "=", "\n", "\u3000"),
        *("\x00", "\ud800", "İ", "ß", "🏀"),
    ]
)
glued = st.lists(pieces, max_size=9).map(" ".join) | st.lists(pieces, max_size=9).map("".join)


LINES = [example for row in ROWS for example in row.examples]


@given(st.text() | glued | st.text(max_size=20).map(lambda text: text * 300))
@settings(deadline=None, max_examples=400)
def test_any_text_gives_an_intent_or_an_error_within_it(text: str) -> None:
    found = parse(text)
    if not isinstance(found, GrammarError):
        assert parse(to_text(found)) == found
        return
    assert 0 <= found.start < found.end <= len(text)
    assert found.word == text[found.start : found.end]
    if found.suggestion is not None:
        assert not isinstance(parse(found.suggestion), GrammarError)


@given(intents, st.data())
@settings(deadline=None)
def test_the_case_of_keywords_does_not_matter(intent: Intent, data: st.DataObject) -> None:
    def recased(word: str) -> str:
        return data.draw(st.sampled_from([word.upper(), word.title(), word.swapcase()]))

    words = to_text(intent).split(" ")
    if isinstance(intent, OpenForm):
        return
    words[0] = recased(words[0])
    assert parse(" ".join(words)) == intent


@given(changing(), st.data())
@settings(deadline=None)
def test_nor_does_the_case_of_options(intent: Ask | Undo, data: st.DataObject) -> None:
    recase = data.draw(st.sampled_from([str.upper, str.title, str.swapcase]))
    options = ending_text(replace(intent, reason=None))
    line = to_text(replace(intent, now=False, override=None, reason=None))
    assert parse(f"{line}{recase(options)}{recase(' because')} Reason") == replace(
        intent, reason="Reason"
    )


@given(st.sampled_from(LINES), st.integers(0, 30), pieces, st.booleans())
@settings(deadline=None, max_examples=300)
def test_a_line_with_one_more_piece_is_read_or_refused_with_a_line_that_is_read(
    line: str, at: int, piece: str, glued_on: bool
) -> None:
    blank = "" if glued_on else " "
    found = parse(f"{line[:at]}{blank}{piece}{blank}{line[at:]}")
    if isinstance(found, GrammarError):
        assert found.suggestion is None or not isinstance(parse(found.suggestion), GrammarError)
    else:
        assert parse(to_text(found)) == found
