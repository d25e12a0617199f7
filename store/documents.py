"""Records as text: what the columns do not hold of a change, as JSON."""

import json
from datetime import UTC, datetime
from typing import Any

from failover.change import Configure
from failover.lifecycle import Actor, Record, ReplyTo, Request, State, Why
from failover.model import FailoverGroup, Mode, from_plain, to_plain
from failover.policy import Rule


def stamp(moment: datetime) -> str:
    """UTC with microseconds always written, so that the text sorts like the time."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def moment(text: str) -> datetime:
    """The inverse of ``stamp``."""
    return datetime.fromisoformat(text)


def maybe_moment(text: str | None) -> datetime | None:
    """Like ``moment``; None stays None."""
    return None if text is None else moment(text)


def write(record: Record) -> str:
    """The document of a record."""
    request = record.request
    actor, reply = request.actor, request.reply
    return json.dumps(
        {
            "actor": [actor.user_id, actor.name, actor.team_id],
            "group": request.group,
            "change": [request.change.mode, request.change.auto_failback],
            "reply": [reply.channel_id, reply.response_url, reply.view_id, reply.replaces],
            "reason": request.reason,
            "override": request.override,
            "seen": request.seen,
            "group_name": record.group_name,
            "before": _plain(record.before),
            "after": _plain(record.after),
            "why": record.why,
            "facts": dict(record.facts),
        },
        separators=(",", ":"),
    )


def read(row: Any) -> Record:
    """The record of a row of ``changes``."""
    document = json.loads(row.document)
    return Record(
        id=row.id,
        request=_request(row, document),
        state=State(row.state),
        version=row.version,
        group_id=row.group_id,
        group_name=document["group_name"],
        before=_group(document["before"]),
        after=_group(document["after"]),
        why=None if document["why"] is None else Why(document["why"]),
        facts=document["facts"],
        sent_at=maybe_moment(row.sent_at),
        ended_at=maybe_moment(row.ended_at),
    )


def _request(row: Any, document: dict[str, Any]) -> Request:
    mode, auto_failback = document["change"]
    override = document["override"]
    return Request(
        key=row.key,
        actor=Actor(*document["actor"]),
        group=document["group"],
        change=Configure(None if mode is None else Mode(mode), auto_failback),
        received_at=moment(row.received_at),
        reply=ReplyTo(*document["reply"]),
        reason=document["reason"],
        override=None if override is None else Rule(override),
        seen=document["seen"],
    )


def _plain(group: FailoverGroup | None) -> dict[str, Any] | None:
    return None if group is None else to_plain(group)


def _group(plain: dict[str, Any] | None) -> FailoverGroup | None:
    return None if plain is None else from_plain(plain)
