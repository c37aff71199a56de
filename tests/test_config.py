"""The settings say what they mean, refuse what they do not know, and keep secrets out of files."""

import os
import tomllib
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from pydantic_core import PydanticUndefined

from config import SECRETS, ConfigError, Section, Settings, load_settings

ROOT = Path(__file__).resolve().parent.parent
TOKEN = "7000000001:AAE-a-canary-that-opens-nothing-000"


@pytest.fixture(autouse=True)
def nobodys_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("DIAODU_"):
            monkeypatch.delenv(name)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def loaded(config: Path, words: str = "") -> Settings:
    config.write_text(words, "utf-8")
    return load_settings(config)


def refused(config: Path, words: str = "") -> str:
    config.write_text(words, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_settings(config)
    return str(caught.value)


def keys_of_the_defaults() -> dict[tuple[str, str], Any]:
    found = {}
    for name, field in Settings.model_fields.items():
        model = field.annotation
        if not (isinstance(model, type) and issubclass(model, Section)):
            continue
        for key, inner in model.model_fields.items():
            assert inner.default is not PydanticUndefined, f"{name}.{key} has no default"
            found[name, key] = inner.default
    return found


# The file is the manual


def test_every_setting_stands_in_config_toml_with_its_default() -> None:
    tree = tomllib.loads((ROOT / "config.toml").read_text("utf-8"))
    shown = {(section, key) for section, keys in tree.items() for key in keys}
    secret = set(SECRETS)
    assert shown == set(keys_of_the_defaults()) - secret


def test_the_file_as_shipped_changes_nothing() -> None:
    shipped = load_settings(ROOT / "config.toml")
    for (section, key), default in keys_of_the_defaults().items():
        assert getattr(getattr(shipped, section), key) == default, f"{section}.{key}"


def test_every_key_of_the_file_has_its_comment() -> None:
    lines = (ROOT / "config.toml").read_text("utf-8").splitlines()
    bare = {"cutoff", "opens", "reminders", "agenda", "meeting", "quiet_until", "max_megabytes"}
    bare |= {"chat_burst"}
    for line in lines:
        key, equals, rest = line.partition("=")
        if not equals or line.startswith("#") or key.strip() in bare:
            continue
        assert "#" in rest or "level" in key, f"{line!r} is not explained"


def test_an_empty_file_is_a_good_one(config: Path) -> None:
    settings = loaded(config)
    assert settings.week.cutoff == "Thu 18:00"
    assert settings.database_url == f"sqlite:///{config.parent.resolve()}/diaodu.sqlite"
    assert settings.token == ""


def test_settings_cannot_be_changed_afterwards(config: Path) -> None:
    settings = loaded(config)
    with pytest.raises(ValueError, match="frozen"):
        settings.office.name = "别的办公室"


# What it says is read


def test_what_the_file_says_counts(config: Path) -> None:
    settings = loaded(
        config,
        """
        [office]
        name = "区发改局"
        unit_order = ["区住建局", "区水务局"]
        unit_aliases = { "住建" = "区住建局" }
        [week]
        cutoff = "周五 17:00"
        bulletin = "周五 18:30"
        agenda = "周五 19:00"
        reminders = []
        opens = "周五 19:00"
        [reminders]
        quiet_from = "22:30"
        [calendar.days]
        "2027-02-06" = "work"
        "2027-02-08" = "off"
        """,
    )
    assert settings.office.unit_order == ("区住建局", "区水务局")
    assert settings.office.unit_aliases == {"住建": "区住建局"}
    assert settings.week.cutoff == "周五 17:00"
    assert settings.reminders.quiet_from == time(22, 30)
    assert settings.calendar.days == {date(2027, 2, 6): "work", date(2027, 2, 8): "off"}


def test_the_environment_wins_over_the_file(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIAODU_WEEK__CUTOFF", "Thu 17:00")
    monkeypatch.setenv("DIAODU_WEEK__REMINDERS", '["Thu 09:00"]')
    monkeypatch.setenv("DIAODU_REMINDERS__PER_WEEK", "2")
    settings = loaded(config, '[week]\ncutoff = "Thu 18:00"\nmeeting = "Mon 14:00"')
    assert settings.week.cutoff == "Thu 17:00"
    assert settings.week.reminders == ("Thu 09:00",)
    assert settings.week.meeting == "Mon 14:00"
    assert settings.reminders.per_week == 2


def test_paths_start_where_the_file_stands(config: Path) -> None:
    settings = loaded(config, '[bulletin]\ntemplates = "模板"')
    assert settings.path(settings.bulletin.templates) == config.parent.resolve() / "模板"


# What it does not know is an error, in words


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ('[office]\nnme = "x"', "office.nme: unknown key"),
        ("[offce]\n", "offce: unknown key"),
        ('folder = "/tmp"', "folder: unknown key"),
        ("telegram = 1", "telegram"),
        ('[office]\nzone = "Mars/Olympus"', "'Mars/Olympus' is no time zone"),
        ('[office]\nzone = "../etc/passwd"', "is no time zone"),
        ('[office]\nlanguage = "fr"', "office.language"),
        ("[office]\ndecimals = 9", "office.decimals"),
        ('[week]\ncutoff = "Thursday evening"', "week.cutoff"),
        ('[week]\ncutoff = "Thu 24:00"', "there is no 24:00"),
        ('[week]\nreminders = ["Wed 10:00", "Foo 10:00"]', "no weekday is called 'foo'"),
        ("[week]\ncutoff = 18", "week.cutoff"),
        ("[reminders]\nper_week = -1", "reminders.per_week"),
        ('[reminders]\nquiet_from = "25:00"', "reminders.quiet_from"),
        ("[telegram]\nper_second = 0", "telegram.per_second"),
        ('[telegram]\nreceive = "carrier pigeon"', "telegram.receive"),
        ('[calendar.days]\n"2027-02-30" = "off"', "calendar.days"),
        ('[calendar.days]\n"2027-02-08" = "holiday"', "calendar.days"),
        ('[log]\nlevel = "LOUD"', "log.level"),
        ("[office\n", "is not valid TOML"),
    ],
)
def test_what_cannot_be_meant_is_said_with_its_key(config: Path, words: str, said: str) -> None:
    assert said in refused(config, words)


@pytest.mark.parametrize(
    "name", ["DIAODU_TOKEN", "DIAODU_TELEGRAM__TOKN", "DIAODU_FOLDER", "DIAODU_WEK__CUTOFF"]
)
def test_a_mistyped_variable_is_an_error_too(
    config: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "x")
    assert refused(config).startswith(f"{name} is no setting")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DIAODU_WEEK__REMINDERS", "Wed 10:00"),
        ("DIAODU_WEEK__REMINDERS", "[not json"),
        ("DIAODU_WEEK", "{broken"),
        ("DIAODU_OFFICE__DECIMALS", "many"),
    ],
)
def test_a_variable_that_cannot_be_read_is_a_sentence(
    config: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert "week" in refused(config).lower() or "decimals" in refused(config)


def test_a_file_that_is_not_there_or_not_readable_is_a_sentence(config: Path) -> None:
    with pytest.raises(ConfigError, match="is not there"):
        load_settings(config)
    config.mkdir()
    with pytest.raises(ConfigError, match="cannot be read"):
        load_settings(config)
    config.rmdir()
    config.write_bytes(b'[office]\nname = "\xff\xfe"')
    with pytest.raises(ConfigError, match="not valid TOML"):
        load_settings(config)


# Secrets


@pytest.mark.parametrize(("section", "key"), SECRETS)
def test_a_secret_in_the_file_is_refused_and_not_repeated(
    config: Path, section: str, key: str
) -> None:
    said = refused(config, f'[{section}]\n{key} = "{TOKEN}"')
    assert f"DIAODU_{section.upper()}__{key.upper()}" in said
    assert TOKEN not in said


def test_a_password_of_the_database_in_the_file_is_refused_too(config: Path) -> None:
    said = refused(config, '[database]\nurl = "postgresql://bot:hunter2@host/diaodu"')
    assert "DIAODU_DATABASE__URL" in said and "hunter2" not in said
    assert loaded(config, '[database]\nurl = "postgresql://bot@host/diaodu"').database_url


def test_secrets_come_from_the_environment_and_never_show(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIAODU_TELEGRAM__TOKEN", f" {TOKEN}\n")
    monkeypatch.setenv("DIAODU_DATABASE__URL", "postgresql://bot:hunter2@host/diaodu")
    settings = loaded(config)
    assert settings.token == TOKEN
    assert settings.database_url == "postgresql://bot:hunter2@host/diaodu"
    shown = repr(settings) + str(settings) + settings.model_dump_json()
    assert TOKEN not in shown and "hunter2" not in shown


def test_the_token_may_stand_in_a_file_of_its_own(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (config.parent / "secret").write_text(f"{TOKEN}\n", "utf-8")
    settings = loaded(config, '[telegram]\ntoken_file = "secret"')
    assert settings.token == TOKEN
    monkeypatch.setenv("DIAODU_TELEGRAM__TOKEN", "7:other")
    assert loaded(config, '[telegram]\ntoken_file = "secret"').token == "7:other"


def test_a_token_file_that_cannot_be_read_is_a_sentence(config: Path) -> None:
    settings = loaded(config, '[telegram]\ntoken_file = "nowhere"')
    with pytest.raises(ConfigError, match=r"telegram\.token_file cannot be read"):
        _ = settings.token
    (config.parent / "binary").write_bytes(b"\xff\xfe\x00")
    settings = loaded(config, '[telegram]\ntoken_file = "binary"')
    with pytest.raises(ConfigError, match=r"telegram\.token_file cannot be read"):
        _ = settings.token


def test_secret_fields_are_declared_as_secrets() -> None:
    for section, key in [*SECRETS, ("database", "url")]:
        model: Any = Settings.model_fields[section].annotation
        assert model.model_fields[key].annotation is SecretStr
