"""What a cell follows."""

from __future__ import annotations

from typing import Any

from django import forms as fields

from preau.accounts.models import Membership, Organization
from preau.core import forms
from preau.siting.models import WatchItem
from preau.territories.area_field import AreaField


class WatchForm(forms.Form):
    title = fields.CharField(label="Objet", max_length=200)
    area = AreaField(required=False)
    note = fields.CharField(
        label="Note",
        required=False,
        max_length=4000,
        widget=fields.Textarea(attrs={"rows": 4}),
        help_text="Ce qui émerge, qui appeler, ce qui est attendu.",
    )
    owner = fields.ChoiceField(label="Suivi par", required=False)

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = Membership.objects.filter(organization=organization, ended_at=None)
        people = [(one.user_id, str(one.user)) for one in members.select_related("user")]
        self.fields["owner"].choices = [("", "Personne en particulier"), *people]  # type: ignore[attr-defined]

    @staticmethod
    def of(item: WatchItem) -> dict[str, Any]:
        return {
            "title": item.title,
            "area": item.area_key,
            "note": item.note,
            "owner": item.owner_id or "",
        }
