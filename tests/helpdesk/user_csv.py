"""Writes files in the form of HUD's `User.csv`."""

import csv
import io
from pathlib import Path

HEADER = ("UserID", "UserFirstName", "UserLastName", "UserPhone", "UserExtension", "UserEmail",
          "DateCreated", "DateUpdated", "DateDeleted", "ExportID")  # fmt: skip
ANN = {
    "UserID": "27",
    "UserFirstName": "Ann",
    "UserLastName": "Lee",
    "UserPhone": "3135550101",
    "UserEmail": "ann.lee@agency.example",
    "DateCreated": "2020-02-24 14:37:46",
    "DateUpdated": "2022-08-12 23:09:15",
    "ExportID": "1036",
}
GONE_SINCE = "2026-03-16 14:36:51"


def user(number: int = 27, **more: str) -> dict[str, str]:
    """A sound row. `more` names columns without their “User”: `FirstName`, `Email`."""
    changes = {"UserID": str(number), "UserEmail": f"user.{number}@agency.example"}
    for name, value in more.items():
        changes[name if name in HEADER else f"User{name}"] = value
    return ANN | changes


def text_of(*rows: dict[str, str], header: tuple[str, ...] = HEADER) -> str:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(header)
    writer.writerows([row.get(column, "") for column in header] for row in rows)
    return out.getvalue()


def write(folder: Path, content: bytes | str) -> Path:
    path = folder / "User.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def written(folder: Path, *rows: dict[str, str]) -> Path:
    return write(folder, text_of(*rows))
