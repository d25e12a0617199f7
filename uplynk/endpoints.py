"""The nine failover endpoints: from a wish to a method, a path and a body. Pure.

Each function names its page in Uplynk's reference. Bodies hold documented fields only, and of
those only what is asked for. A group ID that cannot be one raises ``Rejected``: nothing is sent.
"""

import ipaddress
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from failover.errors import Rejected
from failover.model import Mode, Slicer

ROOT = "/api/v4/failover-groups"
_GROUP_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Call:
    """One request, but for its signature: ``endpoint`` is the label that errors carry."""

    method: str
    path: str
    endpoint: str
    body: bytes | None = None

    @property
    def lists(self) -> bool:
        """Whether it asks for all groups, so that the answer may be long and names no group."""
        return self.path == ROOT


def base_url(text: str) -> str:
    """Scheme, host and port of where Uplynk is, as in ``https://services.uplynk.com``.

    Raises ValueError, which does not repeat the text, unless it is https, or http on loopback,
    with nothing besides host and port.
    """
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError("the base URL has a malformed host or port") from None
    if parts.scheme not in ("http", "https") or not re.fullmatch(r"[a-z0-9._:-]+", host):
        raise ValueError("the base URL must be https://HOST, or http://HOST on loopback")
    if "@" in parts.netloc or parts.path not in ("", "/") or "?" in text or "#" in text:
        raise ValueError("the base URL holds scheme, host and port alone")
    if parts.scheme == "http" and not _is_loopback(host):
        raise ValueError("the base URL may be plain http on a loopback host alone")
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + ("" if port is None else f":{port}")


def list_groups() -> Call:
    """Page "get-all-failover-groups"."""
    return Call("GET", ROOT, "GET /failover-groups")


def get_group(group_id: str) -> Call:
    """Page "get-failover-group"."""
    return _call("GET", group_id, "")


def configure(group_id: str, mode: Mode | None, auto_failback: bool | None) -> Call:
    """Page "update-failover-group-configuration". ValueError when there is nothing to set."""
    fields: dict[str, Any] = {}
    if mode is not None:
        fields["mode"] = mode.value
    if auto_failback is not None:
        fields["auto_failback"] = auto_failback
    return _call("PATCH", group_id, "", _something(fields))


def set_slicers(group_id: str, slicers: Sequence[Slicer]) -> Call:
    """Page "update-live-slicer-failover-eligibility". ValueError for no slicers at all."""
    rows = [{"slicer_id": s.id, "enabled": s.enabled, "order": s.order} for s in slicers]
    return _call("PUT", group_id, "/slicers", _something({"slicers": rows} if rows else {}))


def activate_slicer(group_id: str, slicer_id: str) -> Call:
    """Page "Live-Slicer-Failover-API"; the body's field name is not published."""
    return _call("PUT", group_id, "/activate_slicer", {"slicer_id": slicer_id})


def set_no_slicer(group_id: str, no_slicer: bool) -> Call:
    """Page "toggle-source-feed": true sends the missing-content slate."""
    return _call("PUT", group_id, "/set_no_slicer", {"no_slicer": no_slicer})


def change_channels(group_id: str, add: Sequence[str], remove: Sequence[str]) -> Call:
    """Page "addremove-live-channels": a delta. ValueError for an empty one."""
    delta = {"channels_ids_to_add": list(add), "channels_ids_to_remove": list(remove)}
    return _call("PUT", group_id, "/channels", _something(delta))


def allowed_owners(group_id: str) -> Call:
    """Page "get-allowed-users"."""
    return _call("GET", group_id, "/allowed-owners")


def change_owners(group_id: str, add: Sequence[str], remove: Sequence[str]) -> Call:
    """Page "grantdeny-authorization": a delta. ValueError for an empty one."""
    delta = {"owners_to_add": list(add), "owners_to_remove": list(remove)}
    return _call("PUT", group_id, "/allowed-owners", _something(delta))


def _call(method: str, group_id: str, rest: str, body: dict[str, Any] | None = None) -> Call:
    endpoint = f"{method} /failover-groups/{{id}}{rest}"
    if not _GROUP_ID.fullmatch(group_id):
        raise Rejected(endpoint, words="not a failover group's ID; nothing was sent")
    sent = None if body is None else json.dumps(body, separators=(",", ":")).encode()
    return Call(method, f"{ROOT}/{quote(group_id, safe='')}{rest}", endpoint, sent)


def _something(fields: dict[str, Any]) -> dict[str, Any]:
    asked = {name: value for name, value in fields.items() if value != []}
    if not asked:
        raise ValueError("nothing to change was given")
    return asked


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
