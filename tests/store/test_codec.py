"""Changes and writes as plain data: what is read is what was written, through JSON."""

from __future__ import annotations

import json
from typing import get_args

import pytest
from hypothesis import given

from failover.change import Change
from failover.writes import Write
from store.codec import change_from_plain, change_to_plain, write_from_plain, write_to_plain
from tests.store import shapes


@given(shapes.changes)
def test_a_change_comes_back_as_it_was(change: Change) -> None:
    plain = json.loads(json.dumps(change_to_plain(change)))
    assert change_from_plain(plain) == change


@given(shapes.writes)
def test_a_write_comes_back_as_it_was(write: Write) -> None:
    plain = json.loads(json.dumps(write_to_plain(write)))
    assert write_from_plain(plain) == write


@given(shapes.changes)
def test_what_comes_back_can_be_compared_and_counted(change: Change) -> None:
    assert hash(change_from_plain(json.loads(json.dumps(change_to_plain(change))))) == hash(change)


def test_every_type_is_tried() -> None:
    assert set(shapes.BY_CHANGE) == set(get_args(Change))
    assert set(shapes.BY_WRITE) == set(get_args(Write))


@pytest.mark.parametrize("read", [change_from_plain, write_from_plain])
def test_a_type_that_is_not_known_is_not_guessed(read: object) -> None:
    assert callable(read)
    with pytest.raises(KeyError):
        read(["from a later version", 1])
