"""A recorded payload with anything put anywhere: Malformed or a frozen request, nothing else."""

from __future__ import annotations

import copy
import dataclasses
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.payload import Malformed, Press, Submission
from tests.handlers.recorded import READERS


def spots(node: object, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a payload, its own included."""
    yield here
    children: Any = ()
    if isinstance(node, dict):
        children = node.items()
    elif isinstance(node, list):
        children = enumerate(node)
    for key, child in children:
        yield from spots(child, (*here, key))


def put(body: dict[str, Any], spot: tuple[Any, ...], value: object) -> Any:
    changed = copy.deepcopy(body)
    if not spot:
        return value if isinstance(value, dict) else {"value": value}
    node: Any = changed
    for key in spot[:-1]:
        node = node[key]
    if value is DROP:
        del node[spot[-1]]
    else:
        node[spot[-1]] = value
    return changed


DROP = object()
odd = st.sampled_from(
    [DROP, None, "", "x", "\ud800", 0, 7, 1.5, True, [], {}, [None], ["x"], [[]], {"a": 1},
     {"id": 5}, {"value": 5}, {"a": "x"}, [{"action_id": "a"}], "9" * 5000]
)  # fmt: skip
MUTATIONS = [(reader, body, spot) for reader, body in READERS for spot in spots(body)]


@settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(MUTATIONS), odd, st.data())
def test_an_edited_payload_is_malformed_or_a_frozen_request(
    where: tuple[Callable[[Any], object], dict[str, Any], tuple[Any, ...]],
    value: object,
    data: st.DataObject,
) -> None:
    reader, body, spot = where
    edited = put(body, spot, value)
    if data.draw(st.booleans()) and isinstance(edited, dict):
        again = data.draw(st.sampled_from(list(spots(edited))))
        edited = put(edited, again, data.draw(odd.filter(lambda one: one is not DROP)))
    try:
        made = reader(edited)
    except Malformed as error:
        assert "because" not in str(error), "nothing of the payload is quoted"
        return
    if dataclasses.is_dataclass(made):
        frozen(made)
    if isinstance(made, Press | Submission) and made.view is not None:
        for action_id in ("mode", "failback", "reason"):
            for read in (made.view.chosen, made.view.typed):
                try:
                    assert isinstance(read(action_id), str | None)
                except Malformed:
                    assert edited != body


def frozen(made: Any) -> None:
    name = dataclasses.fields(made)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(made, name, None)
    if hasattr(made, "key"):
        assert len(json.dumps(made.key)) < 100
