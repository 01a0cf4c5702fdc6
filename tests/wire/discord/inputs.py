"""What a person typed, in the shape in which Discord hands it to the bot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.wire.discord.answers import Impossible
from tests.wire.discord.model import (
    AppCommandType,
    Channel,
    OptionType,
    Role,
    SetupError,
    User,
    interactions,
    serializers,
)

if TYPE_CHECKING:
    from tests.wire.discord.model import Backend

TEXT_INPUT = 4
IDS = {OptionType.USER, OptionType.CHANNEL, OptionType.ROLE, OptionType.MENTIONABLE}


def filled_command(
    backend: Backend,
    person: User,
    channel: Channel,
    root: dict[str, Any],
    command: str,
    options: dict[str, Any],
    focused: tuple[str, str] | None = None,
) -> dict[str, Any]:
    """The data of a slash command, or of a completion where `focused` is the option being typed.

    Raises Impossible where Discord's client would not send it.
    """
    plain = {name: _plain(value) for name, value in options.items()}
    try:
        leaf, nesting = interactions.walk_to_subcommand(root, command.split()[1:])
        interactions.check_options(command, _checkable(leaf), plain, partial=focused is not None)
    except SetupError as error:
        raise Impossible(str(error)) from error
    declared = {option["name"]: option for option in leaf.get("options") or []}
    built = [{"name": n, "type": declared[n]["type"], "value": v} for n, v in plain.items()]
    if focused is not None:
        built.append(_focused(declared, *focused))
    data = {
        "id": root["id"],
        "name": root["name"],
        "type": AppCommandType.CHAT_INPUT,
        "options": interactions.nest_options(root, nesting, built),
    }
    resolved = _resolved(backend, person, channel, options)
    extra = {"resolved": resolved, "guild_id": root.get("guild_id")}
    return data | {key: value for key, value in extra.items() if value}


def filled_input(component: dict[str, Any], values: dict[str, str]) -> dict[str, Any]:
    """A modal's component as it comes back: an action row or label around what was typed."""
    if "components" in component:
        inner = [filled_input(child, values) for child in component["components"]]
        return {"type": component["type"], "components": inner}
    if "component" in component:
        inner = filled_input(component["component"], values)
        return {"type": component["type"], "component": inner}
    typed = values.get(component["custom_id"], component.get("value") or "")
    if component.get("required", True) and not typed:
        raise Impossible(f"{component['custom_id']} has to be filled in")
    filled = {"type": component["type"], "custom_id": component["custom_id"]}
    if component["type"] == TEXT_INPUT:
        return {**filled, "value": typed}
    return {**filled, "values": [typed]}


def _plain(value: Any) -> Any:
    return str(value.id) if isinstance(value, User | Role | Channel) else value


def _checkable(leaf: dict[str, Any]) -> dict[str, Any]:
    """The options as the model can check them: it knows ids only as handles of its own."""
    checked = [
        {**option, "type": OptionType.STRING} if option["type"] in IDS else option
        for option in leaf.get("options") or []
    ]
    return {**leaf, "options": checked}


def _focused(declared: dict[str, Any], option: str, typed: str) -> dict[str, Any]:
    if not declared.get(option, {}).get("autocomplete"):
        raise Impossible(f"option {option!r} does not complete; there are {sorted(declared)}")
    return {"name": option, "type": declared[option]["type"], "value": typed, "focused": True}


def _resolved(
    backend: Backend, person: User, channel: Channel, options: dict[str, Any]
) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for value in options.values():
        if isinstance(value, User):
            found.setdefault("users", {})[str(value.id)] = dict(serializers.user_payload(value))
            member = _member(backend, channel, value)
            if member is not None:
                found.setdefault("members", {})[str(value.id)] = member
        elif isinstance(value, Role):
            found.setdefault("roles", {})[str(value.id)] = dict(serializers.role_payload(value))
        elif isinstance(value, Channel):
            payload = dict(serializers.channel_payload(backend, value))
            allowed = backend.compute_permissions(value.guild_id, person.id, value.id)
            payload["permissions"] = str(allowed)
            found.setdefault("channels", {})[str(value.id)] = payload
    return found


def _member(backend: Backend, channel: Channel, user: User) -> dict[str, Any] | None:
    guild = backend.guilds.get(channel.guild_id or 0)
    if guild is None or user.id not in guild.members:
        return None
    member = guild.members[user.id]
    return dict(serializers.member_payload(backend, guild, member, with_user=False))
