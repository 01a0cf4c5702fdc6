"""config.toml and the environment as frozen settings; every error names the key at fault."""

from __future__ import annotations

import tomllib
from datetime import date, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict, TomlConfigSettingsSource

from bot.config_errors import ConfigError, explained, refusal
from bot.config_values import (
    Category,
    Contact,
    DatabaseUrl,
    Day,
    Duration,
    ExistingFile,
    Filled,
    FilledPath,
    Fraction,
    HarvestTime,
    Retention,
    Snowflake,
    SocketUrl,
    TimeOfDay,
    WebUrl,
    Weight,
    Whole,
    Zone,
    once_each,
)
from bot.domain.announcements import HOLIDAYS
from bot.domain.prior import DEFAULT_KEYWORDS
from bot.domain.relevance import DEFAULT_THRESHOLD

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

    from pydantic_settings import PydanticBaseSettingsSource

DEFAULT_PATH = Path("config.toml")
TOKEN_VARIABLE = "DISCORD_TOKEN"  # noqa: S105 - the name of the variable, not a token


class _Section(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, hide_input_in_errors=True
    )


class Discord(_Section):
    """Where Discord is, and the home guild, in which /review exists."""

    guild: Snowflake | None = None
    api_url: WebUrl = "https://discord.com/api/v10"
    gateway_url: SocketUrl = "wss://gateway.discord.gg/"
    token_file: FilledPath | None = None
    token: SecretStr = Field(default=SecretStr(""), exclude=True)

    @field_validator("token", mode="before")
    @classmethod
    def _not_in_the_file(cls, _: object) -> SecretStr:
        raise ValueError(
            f"does not belong in this file; set {TOKEN_VARIABLE} or token_file instead; "
            f"{explained('discord', 'token_file')}"
        )

    def read_token(self) -> SecretStr:
        """The bot's token from the environment, else from `token_file`. Raises ConfigError."""
        token = self.token.get_secret_value().strip() or self._token_in_file()
        if not token:
            raise ConfigError(
                f"there is no Discord token: set {TOKEN_VARIABLE}, or [discord] token_file to the "
                f"name of a file that holds it; {explained('discord', 'token_file')}"
            )
        if not all("!" <= character <= "~" for character in token):
            raise ConfigError(
                f"the Discord token ({TOKEN_VARIABLE} or [discord] token_file) holds spaces or "
                "characters no token has; copy it again, the token alone"
            )
        return SecretStr(token)

    def _token_in_file(self) -> str:
        if self.token_file is None:
            return ""
        try:
            return self.token_file.read_text(encoding="utf-8-sig").strip()
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is no text"
            raise ConfigError(
                f"[discord] token_file: cannot read {self.token_file}: {reason}; "
                f"write the token there or set {TOKEN_VARIABLE}"
            ) from error


class Arxiv(_Section):
    """What is watched on arXiv, where, and who asks."""

    sets: Annotated[tuple[Category, ...], Field(min_length=1), AfterValidator(once_each)] = (
        "cs.CL",
        "cs.LG",
        "cs.AI",
        "cs.IR",
        "stat.ML",
    )
    oai_url: WebUrl = "https://oaipmh.arxiv.org/oai"
    api_url: WebUrl = "https://export.arxiv.org/api/query"
    contact: Contact = ""
    look_back: Duration = timedelta(days=7)
    holidays: tuple[Day, ...] = tuple(map(date.fromisoformat, HOLIDAYS))


class Database(_Section):
    """The database, and the folder for what lies beside it: index, backups, lease, heartbeat."""

    url: DatabaseUrl = Field(default="sqlite+aiosqlite:///data/papers.db", repr=False)
    data: FilledPath = Path("data")
    retention: Retention = None


class Review(_Section):
    """Where cards go, who decides, and how fast."""

    channel: Snowflake | None = None
    maintainer_roles: tuple[Snowflake, ...] = ()
    maintainers: tuple[Snowflake, ...] = ()
    approvals_needed: Whole = Field(default=1, ge=1, le=20)
    cards_per_day: Whole = Field(default=6, ge=0, le=1000)
    settle: Duration = timedelta(minutes=3)


class Relevance(_Section):
    """What makes a paper worth a card."""

    keywords: dict[Filled, Weight] = Field(default_factory=lambda: dict(DEFAULT_KEYWORDS))
    examples: tuple[ExistingFile, ...] = ()
    threshold: Fraction = DEFAULT_THRESHOLD


class Schedule(_Section):
    """When the bot harvests: UTC, Monday to Friday."""

    harvest: tuple[HarvestTime, ...] = (time(4, 20), time(6, 20), time(13))


class Digest(_Section):
    """What /digest here starts from."""

    time: TimeOfDay = time(9)
    zone: Zone = "UTC"


class Publish(_Section):
    """Where the public list goes."""

    mode: Literal["file", "off"] = "file"
    path: FilledPath = Path("data/SynData-Papers.md")


class Settings(BaseSettings):
    """All settings, frozen. Only the file given to `load` fills them, and the token."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    discord: Discord = Field(default_factory=Discord)
    arxiv: Arxiv = Field(default_factory=Arxiv)
    database: Database = Field(default_factory=Database)
    review: Review = Field(default_factory=Review)
    relevance: Relevance = Field(default_factory=Relevance)
    schedule: Schedule = Field(default_factory=Schedule)
    digest: Digest = Field(default_factory=Digest)
    publish: Publish = Field(default_factory=Publish)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The file alone: no stray environment variable ever becomes a setting."""
        return (_TomlFile(settings_cls),)


class _TomlFile(TomlConfigSettingsSource):
    """A TOML file as editors write it: some put a byte order mark before the first line."""

    def _read_file(self, file_path: Path | Traversable) -> dict[str, Any]:
        return tomllib.loads(file_path.read_text(encoding="utf-8-sig"))


def load(path: Path | None, environment: Mapping[str, str]) -> Settings:
    """The settings in `path`, by default those in ./config.toml or else the defaults.

    Of `environment` only DISCORD_TOKEN counts. Raises ConfigError.
    """
    if path is None and DEFAULT_PATH.exists():
        path = DEFAULT_PATH
    settings = _read(path)
    token = SecretStr(environment.get(TOKEN_VARIABLE, ""))
    discord = settings.discord.model_copy(update={"token": token})
    return settings.model_copy(update={"discord": discord})


def _read(path: Path | None) -> Settings:
    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=path)

    try:
        if path is not None:
            path.open("rb").close()
        return FromFile()
    except FileNotFoundError as error:
        raise ConfigError(f"{path}: no such file; copy config.example.toml there") from error
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8 text; save it as UTF-8") from error
    except ValidationError as error:
        raise refusal(path or DEFAULT_PATH, error, _keys()) from error
    except (ValueError, RecursionError) as error:
        # Beside TOMLDecodeError tomllib raises what int() says of thousands of digits, and
        # RecursionError for thousands of brackets.
        raise ConfigError(f"{path}: is not valid TOML: {error}") from error


def _keys() -> dict[str, tuple[str, ...]]:
    """Every key one may write, by section."""
    return {
        name: tuple(key for key, about in section.model_fields.items() if not about.exclude)
        for name, field in Settings.model_fields.items()
        if isinstance(section := field.annotation, type) and issubclass(section, BaseModel)
    }
