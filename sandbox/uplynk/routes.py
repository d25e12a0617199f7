"""The nine endpoints of Uplynk's failover groups: paths, methods, and reading a path."""

from enum import StrEnum

from sandbox.uplynk.model import API_ROOT


class Endpoint(StrEnum):
    """A path below the failover groups; a path with two methods is two endpoints of nine."""

    GROUPS = "groups"
    GROUP = "group"
    SLICERS = "slicers"
    ACTIVATE = "activate_slicer"
    NO_SLICER = "set_no_slicer"
    CHANNELS = "channels"
    OWNERS = "allowed-owners"

    @property
    def suffix(self) -> str:
        """What follows the group's ID in the path."""
        return "" if self in (Endpoint.GROUPS, Endpoint.GROUP) else f"/{self.value}"

    @property
    def write_method(self) -> str:
        """The method of this endpoint's write."""
        return "PATCH" if self is Endpoint.GROUP else "PUT"

    def allows(self, method: str) -> bool:
        """Say whether Uplynk documents this method here."""
        readable = self in (Endpoint.GROUPS, Endpoint.GROUP, Endpoint.OWNERS)
        if method == "GET":
            return readable
        return method == self.write_method and self is not Endpoint.GROUPS


def route(path: str) -> tuple[Endpoint | None, str | None]:
    """Read a path (no query): the endpoint, or None, and the group's ID as sent, or None."""
    if path == API_ROOT:
        return Endpoint.GROUPS, None
    if not path.startswith(f"{API_ROOT}/"):
        return None, None
    group_id, slash, rest = path.removeprefix(f"{API_ROOT}/").partition("/")
    if not slash:
        return Endpoint.GROUP, group_id
    named = {endpoint.value: endpoint for endpoint in Endpoint if endpoint.suffix}
    return named.get(rest), group_id
