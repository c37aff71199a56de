"""config.toml and the environment, read into frozen settings; secrets never come from the file."""

import os
import re
import tomllib
from datetime import date, time
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from rules.week import Slot

SECRETS = (("telegram", "token"), ("telegram", "webhook_secret"))
_PASSWORD = re.compile(r"://[^/@]*:[^/@]*@")


class ConfigError(Exception):
    """The settings cannot be used; the message says which key and what to do."""


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OfficeSection(Section):
    name: str = "区重点项目办"
    district: str = "莱芜区"
    zone: str = "Asia/Shanghai"
    language: Literal["zh-CN", "en"] = "zh-CN"
    sponsor_verb: str = "包推"
    time_progress_word: str = "时间进度"
    decimals: int = Field(default=1, ge=0, le=4)
    keep_zeros: bool = False
    unit_order: tuple[str, ...] = ()
    unit_aliases: dict[str, str] = {}

    @field_validator("zone")
    @classmethod
    def _is_known(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError) as cause:
            raise ValueError(f"{zone!r} is no time zone; write e.g. Asia/Shanghai") from cause
        return zone


class DatabaseSection(Section):
    url: SecretStr = SecretStr("")


class TelegramSection(Section):
    token: SecretStr = SecretStr("")
    token_file: str = ""
    base_url: str = "https://api.telegram.org"
    proxy: str = ""
    receive: Literal["polling", "webhook"] = "polling"
    webhook_url: str = ""
    webhook_listen: str = "127.0.0.1:8443"
    webhook_secret: SecretStr = SecretStr("")
    per_second: float = Field(default=28.0, gt=0)
    per_chat_second: float = Field(default=1.0, gt=0)
    chat_burst: int = Field(default=12, ge=1)
    per_group_minute: float = Field(default=18, gt=0)


class WeekSection(Section):
    opens: str = "Fri 09:00"
    reminders: tuple[str, ...] = ("Wed 10:00", "Thu 10:00")
    cutoff: str = "Thu 18:00"
    bulletin: str = "Fri 08:30"
    agenda: str = "Fri 10:00"
    meeting: str = "Mon 15:00"
    preparation: Literal["fortnight", "month"] = "fortnight"
    asks_money: bool = False

    @field_validator("opens", "cutoff", "bulletin", "agenda", "meeting", "reminders")
    @classmethod
    def _is_a_slot(cls, words: Any) -> Any:
        for each in (words,) if isinstance(words, str) else words:
            Slot.read(each)
        return words


class RemindersSection(Section):
    quiet_from: time = time(21)
    quiet_until: time = time(8)
    per_week: int = Field(default=4, ge=0)
    nudges_per_week: int = Field(default=1, ge=0)


class BulletinSection(Section):
    approval: bool = True
    first_number: int = Field(default=1, ge=1)
    pin: bool = True
    late_hours: int = Field(default=36, ge=1)
    templates: str = ""


class LedgerSection(Section):
    year: int = 0
    max_megabytes: int = Field(default=5, ge=1, le=50)


class InvitationsSection(Section):
    days: int = Field(default=14, ge=1, le=366)


class CalendarSection(Section):
    days: dict[date, Literal["work", "off"]] = {}


class ClockSection(Section):
    file: str = ""
    tick_seconds: float = Field(default=15.0, gt=0)


class LogSection(Section):
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


class Settings(BaseSettings):
    """All settings; `folder` is where config.toml stands, relative paths start there."""

    model_config = SettingsConfigDict(
        env_prefix="DIAODU_",
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
    )

    office: OfficeSection = OfficeSection()
    database: DatabaseSection = DatabaseSection()
    telegram: TelegramSection = TelegramSection()
    week: WeekSection = WeekSection()
    reminders: RemindersSection = RemindersSection()
    bulletin: BulletinSection = BulletinSection()
    ledger: LedgerSection = LedgerSection()
    invitations: InvitationsSection = InvitationsSection()
    calendar: CalendarSection = CalendarSection()
    clock: ClockSection = ClockSection()
    log: LogSection = LogSection()
    folder: Path = Path()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        # What the file says arrives as init values: the environment must win over it.
        return env_settings, init_settings

    def path(self, words: str) -> Path:
        return (self.folder / words).resolve()

    @property
    def database_url(self) -> str:
        given = self.database.url.get_secret_value()
        return given or f"sqlite:///{self.path('diaodu.sqlite')}"

    @property
    def token(self) -> str:
        """From the environment, else from `token_file`; empty when there is none."""
        given = self.telegram.token.get_secret_value().strip()
        if given or not self.telegram.token_file:
            return given
        try:
            return self.path(self.telegram.token_file).read_text(encoding="utf-8").strip()
        except OSError as cause:
            raise ConfigError(f"telegram.token_file cannot be read: {cause.strerror}") from cause
        except UnicodeDecodeError as cause:
            raise ConfigError("telegram.token_file cannot be read: it is no text") from cause


def load_settings(path: Path) -> Settings:
    """Raises ConfigError in words: a missing or broken file, an unknown key, a bad value."""
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as cause:
        raise ConfigError(f"{path} is not there; copy config.toml from the project") from cause
    except OSError as cause:
        raise ConfigError(f"{path} cannot be read: {cause.strerror}") from cause
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as cause:
        raise ConfigError(f"{path} is not valid TOML: {cause}") from cause
    if "folder" in tree:
        raise ConfigError("folder: unknown key; see config.toml for the names")
    _refuse_secrets(tree, path.name)
    _refuse_unknown_variables()
    try:
        return Settings(**tree, folder=path.resolve().parent)
    except ValidationError as cause:
        raise ConfigError(_in_words(cause)) from cause
    except SettingsError as cause:
        raise ConfigError(
            f"{cause}; in a variable a list is written as DIAODU_WEEK__REMINDERS='[\"Wed 10:00\"]'"
        ) from cause


def _refuse_secrets(tree: dict[str, Any], file: str) -> None:
    for section, key in (*SECRETS, ("database", "url")):
        keys = tree.get(section)
        value = keys.get(key) if isinstance(keys, dict) else None
        if not value or (section == "database" and not _PASSWORD.search(str(value))):
            continue
        raise ConfigError(
            f"{section}.{key} is a secret and must not stand in {file}; "
            f"set DIAODU_{section.upper()}__{key.upper()} in the environment"
        )


def _refuse_unknown_variables() -> None:
    """A mistyped DIAODU_ variable would be silently ignored: an error, like a mistyped key."""
    for name in os.environ:
        if not name.startswith("DIAODU_"):
            continue
        section, _, key = name.removeprefix("DIAODU_").lower().partition("__")
        field = Settings.model_fields.get(section)
        model = field.annotation if field else None
        known = isinstance(model, type) and issubclass(model, Section)
        if not known or (key and key.split("__")[0] not in model.model_fields):  # type: ignore[union-attr]  # `known` says it is a Section
            raise ConfigError(f"{name} is no setting of this bot; see config.toml for the names")


def _in_words(error: ValidationError) -> str:
    lines = []
    for each in error.errors(include_url=False, include_input=False):
        place = ".".join(str(part) for part in each["loc"])
        if each["type"] == "extra_forbidden":
            lines.append(f"{place}: unknown key; see config.toml for the names")
            continue
        lines.append(f"{place}: {each['msg']}")
    return "\n".join(lines)
