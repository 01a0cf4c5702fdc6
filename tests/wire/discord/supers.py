"""Super reactions, which the model does not know: whose they are, and how Discord tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from tests.wire.discord.model import Backend, Reaction

Key = tuple[int, str, int]
_marked: WeakKeyDictionary[Backend, set[Key]] = WeakKeyDictionary()


def marked(backend: Backend) -> set[Key]:
    """The super reactions there are: message id, emoji, member id."""
    return _marked.setdefault(backend, set())


def users(backend: Backend, message_id: int, reaction: Reaction, *, burst: bool) -> list[int]:
    """Whose reactions are super ones, or are not."""
    found = marked(backend)
    ids = reaction.user_ids
    return [i for i in ids if ((message_id, reaction.emoji, i) in found) is burst]


def told(backend: Backend, event: str, payload: dict[str, Any]) -> None:
    """Say in an event of one reaction that it is a super one."""
    if event in {"MESSAGE_REACTION_ADD", "MESSAGE_REACTION_REMOVE"}:
        ids = int(payload["message_id"]), int(payload["user_id"])
        if (ids[0], payload["emoji"]["name"], ids[1]) in marked(backend):
            payload |= {"burst": True, "type": 1}


def counted(backend: Backend, message_id: int, reaction: Reaction) -> dict[str, Any]:
    """What a message's payload says of one of its reactions, `me` included."""
    burst = users(backend, message_id, reaction, burst=True)
    normal = users(backend, message_id, reaction, burst=False)
    bot = backend.bot_user.id
    return {
        "me": bot in normal,
        "me_burst": bot in burst,
        "count_details": {"normal": len(normal), "burst": len(burst)},
    }
