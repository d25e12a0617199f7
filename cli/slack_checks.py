"""What ``check`` asks of Slack, and its words for the answers."""

from collections.abc import Callable
from typing import Protocol

from cli.check import Finding
from failover.errors import SlackProblem
from failover.policy import Policy, PolicyError

REINSTALL = "add it under OAuth & Permissions and install the app again"
_BAD_TOKEN = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"}
)


class Token(Protocol):
    """Whose the bot's token is; ``scopes`` None: Slack did not say."""

    @property
    def workspace(self) -> str:
        """Its name."""
        ...

    @property
    def user(self) -> str:
        """The bot's name there."""
        ...

    @property
    def scopes(self) -> frozenset[str] | None:
        """What it may do."""
        ...


class Channel(Protocol):
    """The audit channel as the bot sees it."""

    @property
    def name(self) -> str:
        """Without the hash."""
        ...

    @property
    def member(self) -> bool:
        """Whether the bot is in it."""
        ...

    @property
    def archived(self) -> bool:
        """Whether it is closed for good."""
        ...


def token(ask: Callable[[], Token]) -> Finding:
    """Whether Slack knows the bot's token."""
    try:
        found = ask()
    except SlackProblem as problem:
        return refused(problem, "SLACK_BOT_TOKEN")
    return Finding(f"workspace {found.workspace}, as {found.user}")


def scopes(ask: Callable[[], Token], wanted: frozenset[str]) -> Finding:
    """Whether the token may do what the manifest asks for."""
    try:
        given = ask().scopes
    except SlackProblem as problem:
        return Finding(f"not known: {problem.error}", wrong=True)
    if given is None:
        return Finding("Slack does not say which the token has", hints=("nothing to compare",))
    surplus = sorted(given - wanted)
    hints = (f"not needed: {', '.join(surplus)}",) if surplus else ()
    missing = sorted(wanted - given)
    if missing:
        return Finding(f"missing: {', '.join(missing)}", wrong=True, advice=REINSTALL, hints=hints)
    return Finding(f"all {len(wanted)} of the manifest", hints=hints)


def app_token(ask: Callable[[], None]) -> Finding:
    """Whether Slack hands out addresses for Socket Mode."""
    try:
        ask()
    except SlackProblem as problem:
        return refused(problem, "SLACK_APP_TOKEN (xapp-…, with connections:write)")
    return Finding("Socket Mode can be opened")


def channel(
    channel_id: str, look: Callable[[str], Channel], read: Callable[[str], None]
) -> Finding:
    """Whether confirmations can be posted to the audit channel, and found again in it."""
    try:
        found = look(channel_id)
    except SlackProblem as problem:
        if problem.error == "channel_not_found":
            advice = "correct FAILOVER_CHANNEL; to a private channel the bot has to be invited"
            return Finding(f"Slack knows no {channel_id}", wrong=True, advice=advice)
        return Finding(f"not known: {problem.error}", wrong=True)
    if found.archived:
        advice = "choose another one for FAILOVER_CHANNEL"
        return Finding(f"#{found.name} is archived", wrong=True, advice=advice)
    if not found.member:
        advice = "invite it there"
        return Finding(f"the bot is not a member of #{found.name}", wrong=True, advice=advice)
    try:
        read(channel_id)
    except SlackProblem as problem:
        told = f"#{found.name} cannot be read ({problem.error})"
        return Finding(told, wrong=True, advice="add channels:history or groups:history")
    return Finding(f"#{found.name}, the bot is a member and can read it")


def usergroups(load: Callable[[], Policy], members: Callable[[str], frozenset[str]]) -> Finding:
    """Whether Slack lists the members of each user group that the policy names."""
    try:
        grants = load().grants
    except PolicyError:
        return Finding("not known: the policy cannot be read", wrong=True)
    named = sorted(frozenset[str]().union(*(grant.usergroups for grant in grants)))
    people: set[str] = set()
    unlisted = []
    for group in named:
        try:
            people |= members(group)
        except SlackProblem as problem:
            unlisted.append(f"{group} ({problem.error})")
    if unlisted:
        told = f"Slack does not list {', '.join(unlisted)}"
        advice = "correct the ID in the policy; nobody has a role through it"
        return Finding(told, wrong=True, advice=advice)
    if not named:
        return Finding("none in the policy")
    return Finding(f"{len(named)} in the policy, with members: {len(people)}")


def refused(problem: SlackProblem, whose: str) -> Finding:
    """What Slack, or the lack of it, means for whoever sets the bot up."""
    if problem.error in _BAD_TOKEN:
        advice = f"take {whose} from the app's pages anew"
        return Finding(f"Slack refuses it ({problem.error})", wrong=True, advice=advice)
    if problem.error == "missing_scope":
        return Finding("a scope is missing", wrong=True, advice=REINSTALL)
    if problem.error == "not_allowed_token_type":
        advice = f"check {whose}: it is a token of another kind"
        return Finding(f"Slack refuses it ({problem.error})", wrong=True, advice=advice)
    told = f"Slack did not do its part ({problem.error})"
    return Finding(told, wrong=True, advice="check SLACK_API_URL and the network, then try again")
