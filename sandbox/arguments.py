"""The command line as `make` hands it over, one text, taken apart into arguments again."""

import re
from collections.abc import Iterable

OPTIONS = (
    "--as", "--say", "--terminal", "--scene", "--keep", "--socket", "--no-open", "--help",
)  # fmt: skip


def split(raw: str, options: Iterable[str] = OPTIONS) -> list[str]:
    """Return the arguments in a text such as `--as U0VIEWER --say /failover set "NBA" now`.

    Whatever follows an option, up to the next of `options` that stands between blanks, is one
    argument, character for character; only blanks around it are dropped. Text before the first
    option is split at blanks, so that an unknown option is seen as one.
    """
    names = "|".join(re.escape(option) for option in sorted(options, key=len, reverse=True))
    head, *rest = re.split(rf"(?:^|(?<=\s))({names})(?=\s|$)", raw)
    pairs = zip(rest[::2], rest[1::2], strict=True)
    arguments = [part for name, value in pairs for part in (name, value.strip())]
    return head.split() + [part for part in arguments if part]
