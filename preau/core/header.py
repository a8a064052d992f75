"""Small links at the top of every page, that upper rooms leave there."""

from __future__ import annotations

from dataclasses import dataclass

from preau.core.registries import Registry


@dataclass(frozen=True, slots=True)
class HeaderLink:
    """One link beside the person's name.

    Attributes:
        count: shown in a pill, "" for none; `hint` says of what, to screen readers.
    """

    label: str
    href: str
    icon: str = ""
    count: str = ""
    hint: str = ""


#: `(request) -> HeaderLink | None`.
header_links = Registry("header_links")
