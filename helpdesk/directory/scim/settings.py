"""What a site says of its SCIM directory."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class ScimSettings:
    """`url` is where `/Users` lies under. `locked`, `until` and `access_level` name the attributes
    that carry these, as paths of RFC 7644 (`urn:…:User:attribute` for one of an extension); empty
    where the directory has none. `sets_passwords`: it wants one at creation and forgets the old one
    by a new one; then it gets a random one that nobody ever sees. Else it invites people itself.
    `zone`: where a license's last day ends.
    """

    url: str
    token: str = field(repr=False)
    zone: ZoneInfo
    timeout: float = 10.0
    private: bool = False
    authority: str = ""
    sets_passwords: bool = False
    locked: str = ""
    until: str = ""
    access_level: str = ""
