"""What the page frame shows around every page: who is logged in, where one can go, how the week stands.

A context processor fills `frame`; templates/base.html only draws it. Values in, no queries.
"""

import datetime as dt
from dataclasses import dataclass, field


@dataclass(frozen=True)
class RoleChoice:
    """One organisation and role the user may work as; `value` is what the role switch posts."""

    value: str
    organisation_name: str
    role_name: str
    current: bool = False


@dataclass(frozen=True)
class NavItem:
    """A link in the navigation. `count` None or 0 shows no badge; `note` is a short grey text ("uge 16")."""

    label: str
    url: str
    key: str
    count: int | None = None
    urgent: bool = False
    active: bool = False
    note: str = ""


@dataclass(frozen=True)
class NavGroup:
    """Links under one heading; an empty label is the unnamed group at the top."""

    label: str
    items: list[NavItem] = field(default_factory=list)


@dataclass(frozen=True)
class Frame:
    """Everything base.html draws outside the page's own content.

    `demo_time` is set in a demo installation only (aware, Europe/Copenhagen) and puts a banner on every page.
    Empty strings and None leave the part out.
    """

    organisation_name: str
    role_name: str
    user_name: str
    user_initials: str
    memberships: list[RoleChoice] = field(default_factory=list)
    nav_groups: list[NavGroup] = field(default_factory=list)
    list_status: str = ""
    list_status_url: str = ""
    search_url: str | None = None
    switch_role_url: str = ""
    log_out_url: str = ""
    demo_time: dt.datetime | None = None
    version: str = ""
    figures_as_of: dt.datetime | None = None

    @property
    def may_switch_role(self) -> bool:
        """True when there is another organisation or role to choose."""
        return len(self.memberships) > 1 and bool(self.switch_role_url)


def initials_of(name: str) -> str:
    """First and last initial of a person's name: "Mette Holm" → "MH"; one word gives one letter."""
    words = [word for word in name.split() if word]
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [word[0] for word in words]
    return "".join(letters).upper()
