"""What somebody types at a terminal, and what they see there."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TextIO


@dataclass(frozen=True, slots=True)
class Terminal:
    """What the person sees. ``ask`` puts a question; None where nobody is there to answer."""

    out: TextIO
    err: TextIO
    ask: Callable[[str], str] | None

    def say(self, text: str) -> None:
        """A paragraph on standard output."""
        print(text, end="\n\n", file=self.out, flush=True)

    def agrees(self, question: str) -> bool:
        """Whether somebody is there who says yes."""
        try:
            return self.ask is not None and self.ask(question).strip().lower() == "yes"
        except (EOFError, KeyboardInterrupt):
            return False

    def object_to(self, text: str) -> None:
        """A paragraph on standard error."""
        print(text, file=self.err, flush=True)


def typed(words: list[str]) -> str:
    """The words as one line for the grammar: what the shell took the quotes off gets them back.

    A single word is the whole line, as somebody quoted it; after ``because`` all is text.
    """
    if len(words) == 1:
        return words[0]
    if "because" in words:
        at = words.index("because")
        return " ".join([*map(_quoted, words[:at]), *words[at:]])
    return " ".join(map(_quoted, words))


def _quoted(word: str) -> str:
    # Nothing at all is a name, too: what an unset variable leaves must not be passed over.
    return f'"{word}"' if not word or (re.search(r"\s", word) and '"' not in word) else word
