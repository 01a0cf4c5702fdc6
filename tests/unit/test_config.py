"""config.toml: what it gives, and what is said of each thing that is wrong with it."""

from __future__ import annotations

import re
import tomllib
from datetime import time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from bot.config import Settings, load
from bot.config_errors import ConfigError, example, explained

EXAMPLE = Path(__file__).resolve().parents[2] / "config.example.toml"
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.abcdefghijklmnopqrstuvwxyz01234567"


def keys() -> list[tuple[str, str]]:
    """Every section and key that may stand in the file."""
    return [
        (name, key)
        for name, section in Settings.model_fields.items()
        if isinstance(section.annotation, type) and issubclass(section.annotation, BaseModel)
        for key, about in section.annotation.model_fields.items()
        if not about.exclude
    ]


def read(folder: Path, text: str) -> Settings:
    """The settings in a file that holds `text`."""
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    return load(file, {})


def complaint(folder: Path, text: str) -> str:
    """What is said of a file that holds `text`."""
    with pytest.raises(ConfigError) as caught:
        read(folder, text)
    said = str(caught.value)
    assert "\n" not in said
    assert said.startswith(str(folder / "config.toml"))
    return said


def test_the_example_holds_the_defaults() -> None:
    """Copying config.example.toml unchanged gives the same settings as no file at all."""
    assert load(EXAMPLE, {}).model_dump() == load(None, {}).model_dump()


@pytest.mark.parametrize(("section", "key"), keys())
def test_the_example_explains_every_key(section: str, key: str) -> None:
    """Every key stands in the example, under a comment, on the line an error would name."""
    found = re.fullmatch(r"config\.example\.toml line (\d+) explains it", explained(section, key))
    assert found
    lines = example().splitlines()
    line = lines[int(found[1]) - 1]
    assert line.removeprefix("# ").startswith(f"{key} =") or line == f"[{section}.{key}]"
    section_of_line = [text for text in lines[: int(found[1])] if text.startswith("[")][-1]
    assert section_of_line in {f"[{section}]", f"[{section}.{key}]"}


def test_the_example_shows_no_key_that_does_not_exist() -> None:
    """Everything the example sets, commented lines included, is accepted."""
    uncommented = re.sub(r"(?m)^# (\w+ = )", r"\1", EXAMPLE.read_text(encoding="utf-8"))
    shown = [(name, key) for name, table in tomllib.loads(uncommented).items() for key in table]
    assert sorted(shown) == sorted(keys())


def test_without_a_file_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder without config.toml the bot starts with what DESIGN decided."""
    monkeypatch.chdir(tmp_path)
    settings = load(None, {})
    assert settings.arxiv.sets == ("cs.CL", "cs.LG", "cs.AI", "cs.IR", "stat.ML")
    assert settings.database.url == "sqlite+aiosqlite:///data/papers.db"
    assert settings.schedule.harvest == (time(4, 20), time(6, 20), time(13))
    assert settings.review.settle == timedelta(minutes=3)


def test_config_toml_here_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """./config.toml is read without being named."""
    monkeypatch.chdir(tmp_path)
    Path("config.toml").write_text("[discord]\nguild = 42\n")
    assert load(None, {}).discord.guild == 42


def test_settings_cannot_be_changed() -> None:
    """Nobody can alter the settings once they are read."""
    settings = load(None, {})
    with pytest.raises(ValidationError):
        settings.review.settle = timedelta(0)


def test_no_environment_variable_becomes_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that happens to be called like a section changes nothing."""
    monkeypatch.setenv("DISCORD", '{"guild": 1}')
    monkeypatch.setenv("REVIEW", "nonsense")
    assert load(None, {"DISCORD": '{"guild": 1}'}).discord.guild is None


@pytest.mark.parametrize(
    ("written", "length"),
    [
        ('"90s"', timedelta(seconds=90)),
        ('"3m"', timedelta(minutes=3)),
        ('"2h"', timedelta(hours=2)),
        ('"1.5 h"', timedelta(minutes=90)),
        ('"7d"', timedelta(days=7)),
        ('"45"', timedelta(seconds=45)),
        ("0", timedelta(0)),
        ("0.25", timedelta(milliseconds=250)),
    ],
)
def test_durations(tmp_path: Path, written: str, length: timedelta) -> None:
    """A duration is a number of seconds, or a number with its unit."""
    assert read(tmp_path, f"[review]\nsettle = {written}").review.settle == length


@pytest.mark.parametrize(
    ("written", "kept"),
    [('"keep"', None), ('"365d"', timedelta(days=365)), ('"1826 d"', timedelta(days=1826))],
)
def test_retention(tmp_path: Path, written: str, kept: timedelta | None) -> None:
    """Abstracts are kept for ever or for so many days, more than a year too."""
    assert read(tmp_path, f"[database]\nretention = {written}").database.retention == kept


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[database]\nretention = 365", "[database] retention: 365 is neither"),
        ('[database]\nretention = "0d"', "retention: '0d' is neither \"keep\" nor days"),
        ('[database]\nretention = "12h"', "retention: '12h' is neither"),
        ('[database]\nretention = "999999d"', "is neither"),
        ('[review]\nsettle = "soon"', "[review] settle: 'soon' is no duration"),
        ("[review]\nsettle = -1", "[review] settle: -1 is no duration"),
        ("[review]\nsettle = nan", "[review] settle: nan is no duration"),
        ("[review]\nsettle = true", "[review] settle: True is no duration"),
        ('[review]\nsettle = "900000000d"', "is longer than a year"),
        ("[review]\nsetle = 1", "[review] has no key 'setle'; did you mean settle?"),
        ("[review]\nxyz = 1", "[review] has no key 'xyz'; it takes channel, maintainer_roles,"),
        ("[reviews]\nx = 1", "no section or key is called 'reviews'; did you mean [review]?"),
        ("zzz = 1", "no section or key is called 'zzz'; there are discord, arxiv"),
        ('settle = "3m"', "settle belongs under [review]"),
        ('_env_file = "x"', "no section or key is called '_env_file'"),
        ("discord = 3", "discord must be a section: [discord] above its keys"),
        ("[[discord]]\nguild = 1", "discord must be a section"),
        ("[discord]\nguild = true", "[discord] guild: wants a number, not true"),
        ('[discord]\nguild = "here"', "[discord] guild: wants a whole number, not 'here'"),
        ("[discord]\nguild = 0", "[discord] guild: must be more than 0, not 0"),
        ("[discord]\nguild = 1.5", "[discord] guild: wants a whole number, not 1.5"),
        ('[discord]\napi_url = "ftp://x"', "[discord] api_url: 'ftp://x' is no https:// address"),
        ('[discord]\napi_url = "https://[x"', "is no https:// address"),
        ('[discord]\napi_url = "https://a/\\n"', "is no https:// address"),
        ('[discord]\ngateway_url = "https://x"', "gateway_url: 'https://x' is no wss:// address"),
        ("[review]\nmaintainers = 5", "maintainers: wants a list in square brackets, not 5"),
        ('[review]\nmaintainers = ["ana"]', "maintainers: wants a whole number, not 'ana'"),
        ("[review]\napprovals_needed = 0", "approvals_needed: must be at least 1, not 0"),
        ("[review]\ncards_per_day = -1", "cards_per_day: must be at least 0, not -1"),
        ("[arxiv]\nsets = []", "[arxiv] sets: must not be empty"),
        ('[arxiv]\nsets = ["cs.cl"]', "'cs.cl' is no arXiv category"),
        ('[arxiv]\nsets = ["cs.CL&x=1"]', "is no arXiv category"),
        ('[arxiv]\ncontact = "me\\r\\nHost: x"', "neither a mail address nor a URL"),
        ("[relevance]\nthreshold = 2", "[relevance] threshold: must be at most 1, not 2"),
        ("[relevance]\nthreshold = nan", "[relevance] threshold: wants a number, not nan"),
        ("[relevance]\nkeywords = []", "[relevance] keywords: wants a table, not []"),
        ('[relevance.keywords]\n"a b" = "x"', "keywords: wants a number, not 'x'"),
        ('[relevance.keywords]\n" " = 1', "keywords: must not be empty"),
        ('[relevance]\nexamples = ["no.md"]', "examples: there is no file 'no.md'"),
        ('[schedule]\nharvest = "04:20"', "harvest: wants a list in square brackets"),
        ('[schedule]\nharvest = ["4 am"]', "harvest: '4 am' is no time of day"),
        ('[schedule]\nharvest = ["00:30"]', "when arXiv asks not to be polled"),
        ('[digest]\ntime = "24:00"', "[digest] time: '24:00' is no time of day"),
        ('[digest]\nzone = "Europe/berlin"', 'no time zone; did you mean "Europe/Berlin"?'),
        ('[digest]\nzone = "../../etc/passwd"', "is no time zone"),
        ('[digest]\nzone = ""', "'' is no time zone"),
        ('[digest]\nzone = "Berlin"', 'no time zone; did you mean "Europe/Berlin"?'),
        ('[digest]\nzone = "new york"', 'no time zone; did you mean "America/New_York"?'),
        ("[digest]\ntime = 09:00:30", "[digest] time: 09:00:30 is no time of day"),
        ("[review]\nsettle = 00:03:00", "[review] settle: 00:03:00 is no duration"),
        (f'[relevance]\nexamples = ["{"x" * 5000}"]', "examples: there is no file 'xxx"),
        ('[database]\ndata = ""', "[database] data: must not be empty"),
        ('[discord]\ntoken_file = " "', "[discord] token_file: must not be empty"),
        ('[publish]\npath = "a\\u0000b"', "[publish] path: 'a\\x00b' is no path"),
        ('[database]\ndata = "~no-such-user/x"', "nobody of that name has a home here"),
        (f"[discord]\nguild = {'1' * 5000}", "is not valid TOML: Exceeds the limit"),
        (f"x = {'[' * 3000}", "is not valid TOML: maximum recursion depth exceeded"),
        ('[publish]\nmode = "git"', "[publish] mode: must be 'file' or 'off', not 'git'"),
        ("[publish]\npath = 3", "[publish] path: wants text in quotes, not 3"),
        ("[database]\nurl = 3", "[database] url: wants text in quotes, not 3"),
        ('[database]\nurl = "sqlite+aiosqlite:///:memory:"', "must be sqlite+aiosqlite:///PATH"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    """A wrong value or key is named together with what is wrong about it."""
    assert said in complaint(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "section", "key", "value"),
    [
        ("\ufeff[discord]\r\nguild = 42\r\n", "discord", "guild", 42),
        ('[discord]\nguild = "42"', "discord", "guild", 42),
        ("[digest]\ntime = 07:30:00", "digest", "time", time(7, 30)),
        ("[schedule]\nharvest = [04:20:00]", "schedule", "harvest", (time(4, 20),)),
        ('[arxiv]\nsets = ["cs.CL", "cs.AI", "cs.CL"]', "arxiv", "sets", ("cs.CL", "cs.AI")),
        ('[publish]\npath = "~/list.md"', "publish", "path", Path.home() / "list.md"),
    ],
)
def test_what_people_write_is_understood(
    tmp_path: Path, text: str, section: str, key: str, value: object
) -> None:
    """A byte order mark, ids in quotes, times without, a set named twice, `~` for home."""
    assert getattr(getattr(read(tmp_path, text), section), key) == value


def test_an_error_names_the_line_that_explains_the_key(tmp_path: Path) -> None:
    """The line number counts in the example as it is shipped."""
    said = complaint(tmp_path, '[review]\nsettle = "soon"')
    number = EXAMPLE.read_text(encoding="utf-8").splitlines().index('settle = "3m"') + 1
    assert said.endswith(f"; config.example.toml line {number} explains it")


def test_a_password_is_never_quoted(tmp_path: Path) -> None:
    """A wrong database URL is not repeated, in the message nor in what stands behind it."""
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, '[database]\nurl = "postgresql://me:hunter2@host/db"')
    assert "postgresql+asyncpg://USER@HOST/DATABASE" in str(caught.value)
    assert "hunter2" not in f"{caught.value} {caught.value.__cause__}"
    good = read(tmp_path, '[database]\nurl = "postgresql+asyncpg://me:hunter2@host/db"')
    assert "hunter2" not in repr(good)


def test_a_long_value_is_cut(tmp_path: Path) -> None:
    """A value of any size leaves the error readable."""
    assert len(complaint(tmp_path, f'[digest]\nzone = "{"x" * 5000}"')) < len(str(tmp_path)) + 200


def test_broken_toml_names_its_line(tmp_path: Path) -> None:
    """A syntax error says where it is."""
    said = complaint(tmp_path, '[review]\nsettle = "3m"\nchannel =\n')
    assert "is not valid TOML" in said
    assert "line 3" in said


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """A missing file, a folder and a file that is no text are each named."""
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    for path, said in (
        (tmp_path / "none.toml", "no such file; copy config.example.toml there"),
        (tmp_path, "cannot be read: Is a directory"),
        (binary, "is not UTF-8 text"),
    ):
        with pytest.raises(ConfigError, match=re.escape(f"{path}: {said}")):
            load(path, {})


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No file content ends in anything but settings or our own error."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "config.toml"
        file.write_bytes(text.encode("utf-8", "surrogatepass"))
        try:
            said = load(file, {}).publish.mode
        except ConfigError as error:
            said = str(error)
    assert said == "file" or said.startswith(f"{file}: ")


def test_the_token_comes_from_the_environment_first(tmp_path: Path) -> None:
    """DISCORD_TOKEN goes before token_file, and white space around either is dropped."""
    secret = tmp_path / "token"
    secret.write_text(" from-the-file \n")
    config = tmp_path / "config.toml"
    config.write_text(f'[discord]\ntoken_file = "{secret}"')
    from_file = load(config, {"DISCORD_TOKEN": "  "}).discord.read_token()
    assert from_file.get_secret_value() == "from-the-file"
    settings = load(config, {"DISCORD_TOKEN": f" {TOKEN}\n"})
    assert settings.discord.read_token().get_secret_value() == TOKEN
    assert TOKEN not in repr(settings)
    assert TOKEN not in str(settings.model_dump())


def test_a_missing_token_names_both_places(tmp_path: Path) -> None:
    """Without a token, or with an empty file, the error names the variable and the key."""
    empty = tmp_path / "token"
    empty.write_text("\n")
    for text in ("", f'[discord]\ntoken_file = "{empty}"'):
        with pytest.raises(ConfigError, match=r"DISCORD_TOKEN.*\[discord\] token_file.*line \d+"):
            read(tmp_path, text).discord.read_token()


def test_an_unreadable_token_file_is_named(tmp_path: Path) -> None:
    """The file and the reason stand in the error."""
    settings = read(tmp_path, f'[discord]\ntoken_file = "{tmp_path / "gone"}"')
    with pytest.raises(ConfigError, match=r"gone: No such file or directory.*DISCORD_TOKEN"):
        settings.discord.read_token()


@pytest.mark.parametrize("token", ["Bot abc.def", "abc\r\nX: y", "äbc"])
def test_what_cannot_be_a_token_is_refused_unquoted(token: str) -> None:
    """A token with spaces or line breaks is refused before it reaches a header; it is not shown."""
    with pytest.raises(ConfigError) as caught:
        load(None, {"DISCORD_TOKEN": token}).discord.read_token()
    assert "DISCORD_TOKEN" in str(caught.value)
    assert token not in str(caught.value)


def test_the_token_does_not_belong_in_the_file(tmp_path: Path) -> None:
    """A token in config.toml is refused, and not repeated in the error."""
    said = complaint(tmp_path, f'[discord]\ntoken = "{TOKEN}"')
    assert "[discord] token: does not belong in this file; set DISCORD_TOKEN or token_file" in said
    assert TOKEN not in said
