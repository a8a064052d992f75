"""The kits delivered with Préau, from their files. Loading twice changes nothing."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from django.db import transaction

from preau.accounts.actors import SYSTEM
from preau.initiatives.actions import kits
from preau.initiatives.enums.kits import KitState
from preau.initiatives.models import Kit, KitVersion

FOLDER = Path(__file__).parent / "data" / "kits"


def _said(version: KitVersion) -> dict[str, Any]:
    """What a version says, as its file would."""
    steps = [{name: getattr(one, name) for name in kits.FACTS} for one in version.steps.all()]
    return {
        "title": version.title,
        "purpose": version.purpose,
        "themes": version.themes,
        "steps": steps,
    }


def _read(path: Path) -> dict[str, Any]:
    told = tomllib.loads(path.read_text("utf-8"))
    empty = dict.fromkeys(kits.FACTS, "") | {"gathers_support": False}
    return told | {"steps": [empty | one for one in told["steps"]]}


@transaction.atomic
def load_kit(slug: str, told: dict[str, Any]) -> bool:
    """Publish what the file says when it differs from what is published; whether it did.

    A kit that an organisation keeps, or that was withdrawn by hand, is left alone.
    """
    kit = Kit.objects.filter(slug=slug).first()
    facts = {name: told[name] for name in ("title", "purpose", "themes")}
    if kit is None:
        version = kits.draft_kit(**facts, slug=slug, actor=SYSTEM)
    else:
        last = kit.versions.order_by("-number").first()
        if kit.organization_id or last is None or last.state != KitState.PUBLISHED:
            return False
        if _said(last) == told:
            return False
        version = kits.new_version(kit, actor=SYSTEM)
        kits.edit_version(version, **facts, actor=SYSTEM)
        for step in version.steps.all():
            kits.remove_step(step, actor=SYSTEM)
    for step in told["steps"]:
        kits.add_step(version, step, actor=SYSTEM)
    kits.publish_version(version, actor=SYSTEM)
    return True


def load_kits(folder: Path = FOLDER) -> list[str]:
    """The slugs of those published."""
    paths = sorted(folder.glob("*.toml"))
    return [path.stem for path in paths if load_kit(path.stem, _read(path))]
