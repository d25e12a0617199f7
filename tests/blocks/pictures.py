"""Forms to draw, and what a person reads in them."""

from __future__ import annotations

from blocks import change_form
from failover.consequences import foresee
from failover.draft import FIELDS, Filled, drafted
from failover.model import FailoverGroup, Reading, fingerprint
from failover.pictures import FormPicture
from failover.roles import Action
from failover.standing import Allowed, Answer
from tests.blocks import examine
from tests.blocks.samples import NOW

ALL = tuple(FIELDS)
EVERYDAY = ALL[:4]
"""What an operator may do."""


def picture(
    group: FailoverGroup,
    filled: Filled,
    offered: tuple[Action, ...] = EVERYDAY,
    access: Answer | None = None,
) -> FormPicture:
    """The form of a group as it is filled; ``access``: where nothing is offered."""
    draft = drafted(group, filled)
    foreseen = () if draft.change is None else foresee(group, draft.change, NOW)
    reading = Reading(group, NOW)
    may = offered if access is None else ()
    return FormPicture(reading, fingerprint(group), draft, foreseen, may, access or Allowed(), NOW)


def below(shown: FormPicture) -> str:
    """What a person reads below the state."""
    return examine.shown_view(change_form.form(shown, None)).partition("---\n")[2]
