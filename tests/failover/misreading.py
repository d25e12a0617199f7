"""What every line that is wrong has to be told, whatever the command."""

from failover.grammar import GrammarError, Problem, parse


def misread(text: str, problem: Problem, word: str, suggestion: str | None) -> None:
    """The line is not understood: why, where, and what could be meant, which can be read itself."""
    error = parse(text)
    assert isinstance(error, GrammarError)
    assert (error.problem, error.word, error.suggestion) == (problem, word, suggestion)
    assert text[error.start : error.end] == error.word
    assert suggestion is None or not isinstance(parse(suggestion), GrammarError)


def could_stand(text: str) -> tuple[str, ...]:
    """What the error of a wrong line says could stand there."""
    error = parse(text)
    assert isinstance(error, GrammarError)
    return error.expected
