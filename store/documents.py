"""Records as text: what the columns do not hold of a change, as JSON."""

import json
from datetime import UTC, datetime
from typing import Any

from failover.lifecycle import Actor, Record, ReplyTo, Request, State, Why
from failover.model import FailoverGroup, from_plain, to_plain
from failover.policy import Rule
from store.codec import change_from_plain, change_to_plain, write_from_plain, write_to_plain


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
    return json.dumps(
        {
            **asked(record.request),
            "group_name": record.group_name,
            "before": _plain(record.before),
            "after": _plain(record.after),
            "written": [write_to_plain(one) for one in record.written],
            "base": _plain(record.base),
            "approvals": [[user, stamp(when)] for user, when in record.approvals],
            "why": record.why,
            "facts": dict(record.facts),
        },
        separators=(",", ":"),
    )


def asked(request: Request) -> dict[str, Any]:
    """A request as a part of a document; its key and its moment stand in columns."""
    actor, reply = request.actor, request.reply
    return {
        "actor": [actor.user_id, actor.name, actor.team_id],
        "group": request.group,
        "change": change_to_plain(request.change),
        "reply": [reply.channel_id, reply.response_url, reply.view_id, reply.replaces],
        "reason": request.reason,
        "override": request.override,
        "seen": request.seen,
        "set_id": request.set_id,
        "host": request.host,
    }


def read(row: Any) -> Record:
    """The record of a row of ``changes``."""
    document = json.loads(row.document)
    return Record(
        id=row.id,
        request=request_of(row, document),
        state=State(row.state),
        version=row.version,
        group_id=row.group_id,
        group_name=document["group_name"],
        before=_group(document["before"]),
        after=_group(document["after"]),
        written=tuple(write_from_plain(one) for one in document["written"]),
        base=_group(document["base"]),
        approvals=tuple((user, moment(when)) for user, when in document["approvals"]),
        why=None if document["why"] is None else Why(document["why"]),
        facts=document["facts"],
        sent_at=maybe_moment(row.sent_at),
        ended_at=maybe_moment(row.ended_at),
    )


def request_of(row: Any, document: dict[str, Any]) -> Request:
    """The inverse of ``asked``; ``row`` has the columns ``key`` and ``received_at``."""
    override = document["override"]
    return Request(
        key=row.key,
        actor=Actor(*document["actor"]),
        group=document["group"],
        change=change_from_plain(document["change"]),
        received_at=moment(row.received_at),
        reply=ReplyTo(*document["reply"]),
        reason=document["reason"],
        override=None if override is None else Rule(override),
        seen=document["seen"],
        set_id=document.get("set_id"),
        host=document.get("host"),
    )


def _plain(group: FailoverGroup | None) -> dict[str, Any] | None:
    return None if group is None else to_plain(group)


def _group(plain: dict[str, Any] | None) -> FailoverGroup | None:
    return None if plain is None else from_plain(plain)
