"""A round, its invitees, a commitment."""

from __future__ import annotations

from typing import Any

from django import forms as fields
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from preau.accounts import queries as accounts
from preau.core import forms
from preau.economics.actions.commitments import WantedCommitment
from preau.economics.actions.rounds import Invitee, WantedRound
from preau.economics.enums import Side
from preau.economics.forms.allocations import OTHER_PLACE
from preau.economics.forms.amounts import amount_of, cents_of, euros, quantity
from preau.economics.half_days import WEEK
from preau.economics.models import Commitment, NegotiationRound
from preau.places.models import Place


class RoundForm(forms.Form):
    place = fields.ChoiceField(label="Lieu")
    place_name = fields.CharField(
        label="Nom du lieu, s’il n’est pas dans la liste", max_length=160, required=False
    )
    target = euros("Charges à couvrir, en euros par mois")
    deadline = forms.DateField(label="Date limite")
    message = fields.CharField(
        label="Message aux invités",
        max_length=4000,
        help_text="Le lieu, ce qu’il offre, ce que vous attendez. Tous reçoivent le même.",
        widget=fields.Textarea(attrs={"rows": 7}),
    )

    def __init__(self, *args: Any, places: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {str(one.pk): one for one in places}
        field: Any = self.fields["place"]
        field.choices = [
            *((pk, f"{one.name}, {one.commune.name}") for pk, one in self.places.items()),
            (OTHER_PLACE, "Un autre lieu"),
        ]

    @staticmethod
    def values_of(round_: NegotiationRound) -> dict[str, Any]:
        return {
            "place": str(round_.place_id or OTHER_PLACE),
            "place_name": "" if round_.place_id else round_.place_name,
            "target": amount_of(round_.target_cents),
            "deadline": round_.deadline,
            "message": round_.message,
        }

    def wanted(self) -> WantedRound:
        data = self.cleaned_data
        return WantedRound(
            place=self.places.get(data["place"]),
            place_name=data["place_name"],
            message=data["message"],
            target_cents=cents_of(data["target"]),
            deadline=data["deadline"],
        )


class InviteForm(forms.Form):
    """Many at once, one a line."""

    side = fields.ChoiceField(
        label="À quel titre", choices=Side.choices, widget=fields.RadioSelect, initial=Side.PROVIDER
    )
    invitees = fields.CharField(
        label="Structures invitées, une par ligne",
        max_length=10_000,
        help_text="Un SIREN ou un SIRET pour une structure qui a un compte, sinon son nom et une"
        " adresse : « La Poste Voiron ; direction@laposte.example ».",
        widget=fields.Textarea(attrs={"rows": 6}),
    )

    def clean_invitees(self) -> list[Invitee]:
        lines = [one.strip() for one in self.cleaned_data["invitees"].splitlines()]
        return [self._read(n + 1, line) for n, line in enumerate(lines) if line]

    def _read(self, number: int, line: str) -> Invitee:
        side = str(self.data.get("side") or Side.PROVIDER)
        if line.replace(" ", "").replace("\u00a0", "").isdecimal():
            found = accounts.find_by_number(line)
            if len(found) != 1:
                raise ValidationError(
                    f"Ligne {number} : aucune structure vérifiée n’a le numéro {line}."
                )
            return Invitee(name=found[0].name, side=side, organization=found[0])
        name, _, email = line.replace("\t", ";").partition(";")
        try:
            validate_email(email.strip())
        except ValidationError as error:
            raise ValidationError(
                f"Ligne {number} : écrivez un nom, un point-virgule, puis une adresse."
            ) from error
        if not name.strip():
            raise ValidationError(f"Ligne {number} : écrivez le nom de la structure.")
        return Invitee(name=name, side=side, email=email)


class CommitmentForm(forms.Form):
    """A provider's, or an owner's: not the same fields."""

    space = fields.CharField(
        label="Espace proposé et heures",
        max_length=500,
        help_text="« Salle du conseil, mardi et jeudi matin »",
    )
    sessions = fields.IntegerField(label="Séances par mois", min_value=0, max_value=200, initial=0)
    session_hours = quantity("Durée d’une séance, en heures", max_value=24, required=False)
    square_metres = fields.IntegerField(
        label="Surface nécessaire, en m²", min_value=1, max_value=100_000, required=False
    )
    half_days = fields.MultipleChoiceField(
        label="Demi-journées souhaitées",
        choices=WEEK,
        required=False,
        widget=fields.CheckboxSelectMultiple,
    )
    amount = euros("Engagement, en euros par mois")
    conditions = fields.CharField(
        label="Conditions",
        max_length=2000,
        required=False,
        widget=fields.Textarea(attrs={"rows": 4}),
    )
    show_name = fields.BooleanField(
        label="Montrer le nom de notre structure aux autres invités",
        required=False,
        help_text="Votre montant, lui, n’est vu que de la structure qui mène la négociation.",
    )

    def __init__(self, *args: Any, side: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if side == Side.OWNER:
            for name in ("sessions", "session_hours", "half_days"):
                del self.fields[name]
            self.fields["amount"].label = "Prix demandé, en euros par mois"
            self.fields["square_metres"].label = "Surface, en m²"
        else:
            del self.fields["space"]

    @staticmethod
    def values_of(one: Commitment) -> dict[str, Any]:
        return {
            "space": one.space,
            "sessions": one.sessions,
            "session_hours": one.session_minutes / 60 or None,
            "square_metres": one.square_metres,
            "half_days": one.half_days,
            "amount": amount_of(one.cents),
            "conditions": one.conditions,
            "show_name": one.show_name,
        }

    def wanted(self) -> WantedCommitment:
        data = self.cleaned_data
        return WantedCommitment(
            cents=cents_of(data["amount"]),
            sessions=data.get("sessions") or 0,
            session_minutes=int((data.get("session_hours") or 0) * 60),
            square_metres=data["square_metres"],
            half_days=tuple(data.get("half_days", ())),
            space=data.get("space", ""),
            conditions=data["conditions"],
            show_name=data["show_name"],
        )


class AbandonForm(forms.Form):
    reason = fields.CharField(
        label="Pourquoi",
        max_length=500,
        help_text="Les invités le liront.",
        widget=fields.Textarea(attrs={"rows": 3}),
    )
