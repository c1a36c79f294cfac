"""Moments, in the desk's own time zone, spans and sizes as people say them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from helpdesk.extensions import settings


def local(moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(settings().TIMEZONE))


def clock_in_words(moment: datetime) -> str:
    """4 pm, 4:30 pm."""
    here = local(moment)
    minutes = f":{here:%M}" if here.minute else ""
    return f"{here.hour % 12 or 12}{minutes} {'am' if here.hour < 12 else 'pm'}"


def moment_in_words(moment: datetime) -> str:
    """Wednesday, November 25, 4 pm: for a mail, which may be read in another year's search."""
    here = local(moment)
    return f"{here:%A}, {here:%B} {here.day}, {clock_in_words(moment)}"


def short_moment(moment: datetime) -> str:
    """Wed, Nov 25, 4 pm."""
    here = local(moment)
    return f"{here:%a}, {here:%b} {here.day}, {clock_in_words(moment)}"


def day_in_words(moment: datetime) -> str:
    """Nov 25, 2026."""
    here = local(moment)
    return f"{here:%b} {here.day}, {here.year}"


def span_in_words(span: timedelta, day: timedelta) -> str:
    """2 days 3 h, 5 h, 20 min: `day` is the length of a business day."""
    minutes = round(abs(span).total_seconds() / 60)
    if minutes >= 120:
        minutes = round(minutes / 60) * 60  # from two hours on, nobody minds the minutes
    days, minutes = divmod(minutes, int(day.total_seconds() // 60))
    hours, minutes = divmod(minutes, 60)
    if days:
        name = "day" if days == 1 else "days"
        return f"{days} {name} {hours} h" if hours else f"{days} {name}"
    return f"{hours} h" if hours else f"{minutes} min"


def size_in_words(size: int) -> str:
    """640 bytes, 12 KB, 1.5 MB."""
    if size < 1000:
        return f"{size} bytes"
    kilobytes = size / 1024
    if kilobytes < 1000:
        return f"{kilobytes:.0f} KB" if kilobytes >= 1 else "1 KB"
    return f"{kilobytes / 1024:.1f} MB".replace(".0 ", " ")
