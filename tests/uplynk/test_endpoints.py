"""The nine requests as tables, and what is refused before anything is sent."""

import json

import pytest

from failover.errors import Rejected
from failover.model import Mode, Slicer
from uplynk import endpoints
from uplynk.endpoints import Call

ID = "0123456789abcdef0123456789abcdef"
AT = f"/api/v4/failover-groups/{ID}"

CALLS = [
    ("list", endpoints.list_groups(), "GET", "/api/v4/failover-groups", None),
    ("get", endpoints.get_group(ID), "GET", AT, None),
    ("mode", endpoints.configure(ID, Mode.FLAT, None), "PATCH", AT, {"mode": "flat"}),
    ("failback", endpoints.configure(ID, None, False), "PATCH", AT, {"auto_failback": False}),
    (
        "both",
        endpoints.configure(ID, Mode.PRIORITIZED, True),
        "PATCH",
        AT,
        {"mode": "prioritized", "auto_failback": True},
    ),
    (
        "slicers",
        endpoints.set_slicers(ID, [Slicer("b", False, 1), Slicer("ä", True, 2)]),
        "PUT",
        f"{AT}/slicers",
        {
            "slicers": [
                {"slicer_id": "b", "enabled": False, "order": 1},
                {"slicer_id": "ä", "enabled": True, "order": 2},
            ]
        },
    ),
    (
        "activate",
        endpoints.activate_slicer(ID, "b"),
        "PUT",
        f"{AT}/activate_slicer",
        {"slicer_id": "b"},
    ),
    ("slate", endpoints.set_no_slicer(ID, True), "PUT", f"{AT}/set_no_slicer", {"no_slicer": True}),
    (
        "feed",
        endpoints.set_no_slicer(ID, False),
        "PUT",
        f"{AT}/set_no_slicer",
        {"no_slicer": False},
    ),
    (
        "channels",
        endpoints.change_channels(ID, ["c1"], ["c2", "c3"]),
        "PUT",
        f"{AT}/channels",
        {"channels_ids_to_add": ["c1"], "channels_ids_to_remove": ["c2", "c3"]},
    ),
    (
        "only to add",
        endpoints.change_channels(ID, ("c1",), ()),
        "PUT",
        f"{AT}/channels",
        {"channels_ids_to_add": ["c1"]},
    ),
    ("owners", endpoints.allowed_owners(ID), "GET", f"{AT}/allowed-owners", None),
    (
        "only to remove",
        endpoints.change_owners(ID, (), ["u1"]),
        "PUT",
        f"{AT}/allowed-owners",
        {"owners_to_remove": ["u1"]},
    ),
]


@pytest.mark.parametrize(
    ("call", "method", "path", "body"), [row[1:] for row in CALLS], ids=[row[0] for row in CALLS]
)
def test_calls(call: Call, method: str, path: str, body: object) -> None:
    assert (call.method, call.path) == (method, path)
    assert (None if call.body is None else json.loads(call.body)) == body


def test_the_label_names_no_group() -> None:
    assert endpoints.configure(ID, Mode.FLAT, None).endpoint == "PATCH /failover-groups/{id}"
    assert endpoints.change_channels(ID, ["c"], []).endpoint == "PUT /failover-groups/{id}/channels"
    assert endpoints.list_groups().endpoint == "GET /failover-groups"


@pytest.mark.parametrize(
    "group_id",
    ["", "a/b", "..", "a?b", "a#b", "a%2e", "a b", "é", "a\n", "a" * 65, "\ud800", "a.b", "٣"],
)
def test_what_cannot_be_an_id_is_refused(group_id: str) -> None:
    with pytest.raises(Rejected, match="nothing was sent"):
        endpoints.get_group(group_id)
    with pytest.raises(Rejected, match="nothing was sent"):
        endpoints.activate_slicer(group_id, "slicer")


def test_a_change_of_nothing_is_a_mistake() -> None:
    for make in (
        lambda: endpoints.configure(ID, None, None),
        lambda: endpoints.set_slicers(ID, []),
        lambda: endpoints.change_channels(ID, [], []),
        lambda: endpoints.change_owners(ID, (), ()),
    ):
        with pytest.raises(ValueError, match="nothing to change"):
            make()


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://services.uplynk.com", "https://services.uplynk.com"),
        ("https://services.uplynk.com/", "https://services.uplynk.com"),
        ("HTTPS://Services.Uplynk.COM:8443", "https://services.uplynk.com:8443"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://127.8.9.10", "http://127.8.9.10"),
        ("http://localhost:1", "http://localhost:1"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_base_urls(text: str, url: str) -> None:
    assert endpoints.base_url(text) == url


@pytest.mark.parametrize(
    "text",
    [
        "",
        "services.uplynk.com",
        "ftp://services.uplynk.com",
        "http://services.uplynk.com",
        "http://10.0.0.1",
        "http://localhost.evil.example",
        "http://127.0.0.1.evil.example",
        "http://0.0.0.0",
        "https://",
        "https://user:hunter2@services.uplynk.com",
        "https://@services.uplynk.com",
        "http://127.0.0.1@evil.example",
        "https://services.uplynk.com/api",
        "https://services.uplynk.com?hunter2",
        "https://services.uplynk.com#hunter2",
        "https://services.uplynk.com:port",
        "https://services.uplynk.com:99999",
        "https://[::1",
        "https://a b",
        "https://evil\\.example",
        "https://ex\u0430mple.com",
    ],
)
def test_base_urls_that_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="the base URL") as caught:
        endpoints.base_url(text)
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None
