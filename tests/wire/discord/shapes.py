"""Fields that Discord's answers always hold and the model leaves out (openapi.json)."""

from __future__ import annotations

from typing import Any

USER = {"primary_guild": None}
MEMBER = {"banner": None}
CHANNEL = {"flags": 0}
GUILD = {
    "home_header": None,
    "incidents_data": None,
    "max_stage_video_channel_users": 50,
    "max_video_channel_users": 25,
    "nsfw": False,
    "nsfw_level": 0,
    "region": "deprecated",
    "safety_alerts_channel_id": None,
    "widget_channel_id": None,
    "widget_enabled": False,
}
APPLICATION = {
    "approximate_user_authorization_count": 0,
    "approximate_user_install_count": 0,
    "eligible_oauth2_scopes": [],
    "explicit_content_filter": 0,
}
# The marks by which a payload is known for what it is.
ADDED: tuple[tuple[set[str], dict[str, Any]], ...] = (
    ({"username", "discriminator"}, USER),
    ({"joined_at", "roles"}, MEMBER),
    ({"last_message_id", "type"}, CHANNEL),
    ({"owner_id", "verification_level"}, GUILD),
    ({"verify_key", "bot_public"}, APPLICATION),
)
# What the model writes as null and Discord leaves out.
LEFT_OUT = (("nonce", "content"), ("description", "filename"), ("response_message_id", "type"))


def completed(body: Any) -> Any:
    """A copy of an answer's body with what Discord would have added."""
    if isinstance(body, list):
        return [completed(item) for item in body]
    if not isinstance(body, dict):
        return body
    whole = {key: completed(value) for key, value in body.items()}
    for marks, fields in ADDED:
        if marks <= whole.keys():
            whole = fields | whole
    for absent, mark in LEFT_OUT:
        if mark in whole and whole.get(absent, 0) is None:
            del whole[absent]
    if "embeds" in whole:
        whole["embeds"] = [{"type": "rich"} | embed for embed in whole["embeds"]]
    is_command = {"default_member_permissions", "application_id"} <= whole.keys()
    return _command(whole) if is_command else whole


def _command(command: dict[str, Any]) -> dict[str, Any]:
    installs = command.get("integration_types") or [0]
    return {"version": command["id"], "nsfw": False, **command, "integration_types": installs}
