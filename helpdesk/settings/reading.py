"""From the words of the environment to settings, once, at start."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import time, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_type_hints

from config import BadSetting, Config, environment, variable_of
from helpdesk.settings.sense import check

OURS = ("HELPDESK_", "MAIL_")
READ_ELSEWHERE = {"HELPDESK_BIND", "HELPDESK_WEB_WORKERS", "HELPDESK_TESTS_COMPLETE"}
"""Ours, and read before there is an app: by the launcher and by the tests."""


def from_environment(environ: Mapping[str, str] | None = None) -> Config:
    """Raises `BadSetting` for a name or value that makes no sense, or is unsafe."""
    environ = environment() if environ is None else environ
    _refuse_unknown(environ)
    kinds = get_type_hints(Config)
    values: dict[str, Any] = {}
    for setting in fields(Config):
        name, variable = setting.name, variable_of(setting.name)
        if environ.get(variable, "").strip():
            values[name] = _read(variable, environ[variable].strip(), kinds[name])
    config = Config(**values)
    check(config)
    return config


def parse(name: str, text: str) -> Any:
    """The value of a setting, written as in the environment. Raises `BadSetting`."""
    return _read(variable_of(name), text, get_type_hints(Config)[name])


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    """A misspelled name would leave its setting at the default, unnoticed."""
    names = [setting.name for setting in fields(Config)]
    known = {*map(variable_of, names), *READ_ELSEWHERE}
    ours = (name for name, text in environ.items() if text.strip() and name.startswith(OURS))
    faults = [_unknown(name, names) for name in sorted(set(ours) - known)]
    if faults:
        raise BadSetting("\n".join(faults))


def _unknown(variable: str, names: list[str]) -> str:
    near = get_close_matches(variable.removeprefix("HELPDESK_"), names, n=1)
    hint = f" Is {variable_of(near[0])} meant?" if near else ""
    return f"There is no setting {variable}.{hint}"


def _read(variable: str, text: str, kind: Any) -> Any:
    try:
        return _READERS[kind](text)
    except (ValueError, OverflowError) as error:
        raise BadSetting(f"{variable}={text!r} cannot be read: {error}") from None


def _boolean(text: str) -> bool:
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"0", "false", "no", "off"}:
        return False
    raise ValueError("write 1 or 0")


UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def _span(text: str) -> timedelta:
    number, unit = text[:-1], text[-1:]
    if unit not in UNITS:
        raise ValueError("write a number and s, m, h or d, such as 15m")
    return timedelta(**{UNITS[unit]: float(number)})


def _days(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


_READERS: dict[Any, Any] = {
    str: str,
    int: int,
    float: float,
    bool: _boolean,
    Path: Path,
    time: time.fromisoformat,
    timedelta: _span,
    tuple[int, ...]: _days,
}
