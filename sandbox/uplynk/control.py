"""The unsigned `/_sim` paths, by which a person or a script steers the simulated Uplynk."""

import json
from collections.abc import Callable
from typing import Any

from sandbox.uplynk.answers import Answer, as_json, failure
from sandbox.uplynk.faults import Fault, FaultBook, FaultKind, When
from sandbox.uplynk.model import Json, RefusedError, SimChannel, SimSlicer
from sandbox.uplynk.routes import Endpoint
from sandbox.uplynk.world import UplynkWorld

PREFIX = "/_sim/"

_FAULT_FIELDS: dict[str, Callable[[Any], Any]] = {
    "kind": FaultKind,
    "when": When,
    "endpoint": Endpoint,
    "seconds": float,
    "late_seconds": float,
    "headers": lambda pairs: tuple((str(name), str(value)) for name, value in pairs),
}
_GROUP_FIELDS: dict[str, Callable[[Any], Any]] = {
    "slicers": lambda items: tuple(SimSlicer(**item) for item in items),
    "channels": lambda items: tuple(SimChannel(**item) for item in items),
    "allowed_owners": tuple,
}


class Control:
    """Answers `/_sim/state`, `/_sim/faults`, `/_sim/cms` and `/_sim/slicers`."""

    def __init__(self, world: UplynkWorld, faults: FaultBook) -> None:
        """Steer this world and these faults."""
        self._world = world
        self._faults = faults

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        """Answer one request; a bad one gets 400 or 404 with the reason."""
        actions: dict[tuple[str, str], Callable[[Json], Answer]] = {
            ("GET", "state"): self._state,
            ("POST", "faults"): self._fault,
            ("POST", "cms"): self._cms,
            ("POST", "slicers"): self._slicer,
        }
        action = actions.get((method, path.removeprefix(PREFIX)))
        if action is None:
            return failure(404, "no such control")
        try:
            return action(_object(body) if method == "POST" else {})
        except RefusedError as refusal:
            return failure(refusal.status, refusal.message)
        except KeyError as error:
            return failure(404, f"unknown: {error}")
        except (TypeError, ValueError) as error:
            return failure(400, str(error))

    def _state(self, _: Json) -> Answer:
        return as_json(200, self._world.to_json() | {"faults": self._faults.active()})

    def _fault(self, fields: Json) -> Answer:
        if fields == {"clear": True}:
            self._faults.clear()
            return Answer(204)
        read = {name: _FAULT_FIELDS.get(name, _same)(value) for name, value in fields.items()}
        return as_json(200, {"id": self._faults.add(Fault(**read))})

    def _cms(self, fields: Json) -> Answer:
        group_id, changed = _exactly(fields, "group_id", "fields")
        if not isinstance(changed, dict):
            raise RefusedError(400, "fields must be an object")
        read = {name: _GROUP_FIELDS.get(name, _same)(value) for name, value in changed.items()}
        return as_json(200, self._world.change_in_cms(group_id, **read).to_json())

    def _slicer(self, fields: Json) -> Answer:
        slicer_id, alive = _exactly(fields, "slicer_id", "alive")
        if not isinstance(alive, bool):
            raise RefusedError(400, "alive must be true or false")
        change = self._world.revive_slicer if alive else self._world.kill_slicer
        change(slicer_id)
        return Answer(204)


def _same(value: Any) -> Any:
    return value


def _object(body: bytes) -> Json:
    document = json.loads(body)
    if not isinstance(document, dict):
        raise RefusedError(400, "an object is expected")
    return document


def _exactly(fields: Json, *names: str) -> list[Any]:
    if set(fields) != set(names):
        raise RefusedError(400, f"expected exactly: {', '.join(names)}")
    return [fields[name] for name in names]
