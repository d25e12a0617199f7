"""What holds of the grammar for any text and any intent."""

from hypothesis import given, settings
from hypothesis import strategies as st

from failover.grammar import (
    NAME_LIMIT,
    GrammarError,
    Help,
    Intent,
    ListGroups,
    OpenForm,
    Set,
    Status,
    Whoami,
    parse,
    to_text,
)
from failover.model import Mode
from failover.roles import Rule
from failover.set_grammar import OPTION_WORDS, REASON_LIMIT
from failover.words import SPACES

plain = st.characters(exclude_categories=("Cs", "Cc"))
names = st.text(plain, min_size=1, max_size=NAME_LIMIT).filter(lambda name: name.strip(SPACES))
reasons = (
    st.text(plain | st.just("\n"), max_size=REASON_LIMIT)
    .map(lambda reason: reason.strip(SPACES))
    .filter(bool)
)


@st.composite
def changes(draw: st.DrawFn) -> Set:
    mode, failback = draw(
        st.tuples(st.sampled_from([None, *Mode]), st.sampled_from([None, True, False])).filter(
            lambda pair: pair not in ((None, None), (Mode.FLAT, True))
        )
    )
    override = draw(st.none() | st.sampled_from(Rule))
    reason = draw(reasons if override else st.none() | reasons)
    return Set(draw(names), mode, failback, draw(st.booleans()), override, reason)


awkward_names = st.sampled_from(
    ["set", "Order", "flat", "NOW", "mode=flat", "hlep", "stats", 'a"b', "\\", "'til", "<@U1|x y>"]
)
intents = st.one_of(
    changes(),
    st.builds(OpenForm, st.none() | names | awkward_names),
    st.builds(Set, awkward_names, st.sampled_from(Mode)),
    st.builds(Status, st.none() | names | awkward_names),
    st.builds(ListGroups, st.none() | names | awkward_names),
    st.just(Whoami()),
    st.just(Help()),
)


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
            "sett",
            "stauts",
            "g",
            "NBA",
            "Finals",
        ),
        *OPTION_WORDS,
        *("on", "off", "mode=flat", "failback=", "freeze", "priority", "becuase", "x" * 600),
        *('"', "“", "”", "‘", "’", "'", '"a b"', "\\", "<@U1|a b>", "<", ">", "=", "\n", "\u3000"),
        *("\x00", "\ud800", "İ", "ß", "🏀"),
    ]
)
glued = st.lists(pieces, max_size=9).map(" ".join) | st.lists(pieces, max_size=9).map("".join)


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
    if isinstance(intent, Set):
        bare = Set("g", intent.mode, intent.auto_failback, intent.now, intent.override)
        options = [recased(word) for word in to_text(bare).split(" ")[2:]]
        because = [recased("because"), "Reason"]
        assert parse(" ".join([words[0], "g", *options, *because])) == Set(
            "g", intent.mode, intent.auto_failback, intent.now, intent.override, "Reason"
        )
    assert parse(" ".join(words)) == intent
