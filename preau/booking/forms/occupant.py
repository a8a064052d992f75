"""What the occupant types: a slot, the occasion, an agreement to the rules, a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError

from preau.accounts.actors import Actor
from preau.accounts.models import Membership
from preau.accounts.queries import memberships_of
from preau.booking.actions.steps import Details, details_of
from preau.booking.models import Booking
from preau.booking.rules import rules_for
from preau.core import causes, forms
from preau.core.formats import count
from preau.core.timeranges import Period, local_instant
from preau.places.models import Place, Space
from preau.places.queries import seats_of

MYSELF = "moi"


class SlotForm(forms.Form):
    """A slot, in the wall time of the place. The names are those of the address."""

    mark_optional = False
    jour = forms.DateField(label="Jour")
    de = forms.TimeField(label="De")
    a = forms.TimeField(label="À")
    jour_fin = forms.DateField(label="Dernier jour, si la réservation en dure plusieurs")
    postes = django_forms.IntegerField(label="Nombre de postes", min_value=1, initial=1)

    def __init__(self, *args: Any, space: Space, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.space = space
        self.fields["jour_fin"].required = False
        asked = self.data or {}
        several = asked.get("jour_fin", "") not in {"", asked.get("jour", "")}
        if space.max_minutes <= 1440 and not several:
            del self.fields["jour_fin"]
        if space.is_pool:
            self.fields["postes"].max_value = size = space.units.count()  # type: ignore[attr-defined]
            self.fields["postes"].help_text = f"Sur {size} au total"
        else:
            del self.fields["postes"]

    def clean_postes(self) -> int:
        wanted: int = self.cleaned_data["postes"]
        size = self.fields["postes"].max_value  # type: ignore[attr-defined]
        if wanted > size:
            raise ValidationError(f"Il y a {size} postes en tout.")
        return wanted

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if {"jour", "de", "a"} <= data.keys():
            last = data.get("jour_fin") or data["jour"]
            if last < data["jour"]:
                self.add_error("jour_fin", "Le dernier jour suit le premier.")
                return data
            zone = self.space.place.zone
            start = local_instant(data["jour"], _minutes(data["de"]), zone)
            end = local_instant(last, _minutes(data["a"]), zone)
            if end <= start and last == data["jour"]:  # "22:00 to 01:00" ends the next day
                end = local_instant(last + timedelta(days=1), _minutes(data["a"]), zone)
            if end <= start:
                self.add_error("a", "L’heure de fin suit l’heure de début.")
                return data
            data["period"] = Period(start, end)
        return data

    @property
    def period(self) -> Period | None:
        return self.cleaned_data.get("period") if self.is_bound and self.is_valid() else None

    @property
    def quantity(self) -> int:
        return int(self.cleaned_data.get("postes") or 1)


def slot_data(values: Mapping[str, str], space: Space) -> dict[str, str] | None:
    """What the slot form reads, from its own fields or from the short form `?debut=…&fin=…`.

    None when the address asks for no time.
    """
    if "debut" not in values:
        asked = {key: values.get(key, "") for key in ("jour", "de", "a", "jour_fin", "postes")}
        asked["postes"] = asked["postes"] or "1"
        return asked if any(key in values for key in ("jour", "de", "a")) else None
    zone = space.place.zone
    try:
        start = datetime.fromisoformat(values["debut"].replace(" ", "+"))
        end = start + timedelta(minutes=space.min_minutes)
        if values.get("fin"):
            end = datetime.fromisoformat(values["fin"].replace(" ", "+"))
        start, end = (
            one.astimezone(zone) if one.tzinfo else one.replace(tzinfo=zone) for one in (start, end)
        )
    except (ValueError, OverflowError):
        return {"jour": "", "de": "", "a": "", "postes": values.get("postes") or "1"}
    return {
        "jour": start.date().isoformat(),
        "de": f"{start:%H:%M}",
        "a": f"{end:%H:%M}",
        "jour_fin": end.date().isoformat() if end - start > timedelta(days=1) else "",
        "postes": values.get("postes") or "1",
    }


def slot_typed(period: Period, place: Place, quantity: int) -> dict[str, str]:
    """A slot as the form would have it typed."""
    start, end = (one.astimezone(place.zone) for one in (period.start, period.end))
    several = period.minutes > 1440
    return {
        "jour": start.date().isoformat(),
        "de": f"{start:%H:%M}",
        "a": f"{end:%H:%M}",
        "jour_fin": end.date().isoformat() if several else "",
        "postes": str(quantity),
    }


class DetailsForm(forms.Form):
    """The occasion. `save` turns it into what the actions want."""

    acting = django_forms.ChoiceField(label="Vous réservez", widget=django_forms.RadioSelect)
    purpose = django_forms.CharField(
        label="Objet",
        max_length=200,
        help_text="Par exemple : répétition de la chorale, assemblée générale, anniversaire.",
        error_messages={"required": "Dites en quelques mots pourquoi vous réservez."},
    )
    cause = django_forms.ChoiceField(
        label="Pour un projet",
        required=False,
        help_text="Le gestionnaire du lieu en verra le nom, et le projet gardera trace de la"
        " réservation.",
    )
    is_public_event = django_forms.TypedChoiceField(
        label="Qui peut venir ?",
        choices=[
            ("non", "Événement privé : l’objet n’est jamais montré au public"),
            ("oui", "Événement ouvert au public"),
        ],
        coerce=lambda value: value == "oui",
        widget=django_forms.RadioSelect,
        initial="non",
    )
    attendance = django_forms.IntegerField(
        label="Nombre de personnes attendues",
        min_value=1,
        max_value=1_000_000,
        error_messages={
            "required": "Indiquez combien de personnes sont attendues, même à peu près.",
            "min_value": "Indiquez au moins une personne.",
        },
    )
    is_economic = django_forms.BooleanField(
        label="C’est une activité commerciale : vente, prestation ou entrée payante",
        required=False,
    )
    contact_name = django_forms.CharField(
        label="Nom de la personne à joindre le jour même", max_length=120
    )
    contact_phone = django_forms.CharField(
        label="Son téléphone",
        max_length=20,
        help_text="Pour l’ouverture des portes et les imprévus. Seul le gestionnaire le voit.",
        widget=django_forms.TextInput(attrs={"type": "tel"}),
        error_messages={"required": "Indiquez un numéro où vous joindre le jour même."},
    )
    capacity = django_forms.CharField(
        label="Votre qualité dans la structure",
        required=False,
        max_length=120,
        help_text="Elle figure dans la convention. Par exemple : présidente, trésorier.",
    )
    remarks = django_forms.CharField(
        label="Précisions pour le gestionnaire",
        required=False,
        max_length=2000,
        widget=django_forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(
        self, *args: Any, booking: Booking, actor: Actor, carried: str = "", **kwargs: Any
    ) -> None:
        self.booking, self.actor = booking, actor
        kwargs.setdefault("initial", self._typed_before())
        super().__init__(*args, **kwargs)
        self.memberships = {str(one.pk): one for one in self._memberships()}
        self.unverified = [
            one.organization
            for one in self.memberships.values()
            if not one.organization.is_verified
        ]
        self._offer_hats()
        self._offer_causes(carried)
        seats = count(seats_of(booking.space, booking.occupancy.quantity), "personne")
        if not self.memberships and booking.organization_id is None:
            del self.fields["capacity"]
        self.fields["attendance"].help_text = f"{self._what()} {seats} au plus."

    def _what(self) -> str:
        if not self.booking.space.is_pool:
            return "Cet espace accueille"
        return count(self.booking.occupancy.quantity, "poste accueille", "postes accueillent")

    def _memberships(self) -> list[Membership]:
        if self.actor.user is None or self.booking.requested_at:  # the hat is no longer changed
            return []
        return list(memberships_of(self.actor.user))

    def _offer_hats(self) -> None:
        if not self.memberships:
            del self.fields["acting"]
            return
        field = self.fields["acting"]
        field.choices = [(MYSELF, f"En mon nom ({self.actor.user})")] + [  # type: ignore[attr-defined]
            (pk, _hat_label(membership)) for pk, membership in self.memberships.items()
        ]
        wanted = self.booking.organization_id
        if not self.booking.purpose:  # nothing typed yet: the hat now worn
            wanted = self.actor.organization_id
        chosen = [pk for pk, one in self.memberships.items() if one.organization_id == wanted]
        self.initial["acting"] = chosen[0] if chosen else MYSELF

    def _offer_causes(self, carried: str) -> None:
        kept = {self.booking.cause, carried} - {""}
        found = causes.offered(self.actor, kept)
        if not found:
            del self.fields["cause"]
            return
        field = self.fields["cause"]
        field.choices = [("", "Aucun projet")] + [  # type: ignore[attr-defined]
            (one.key, one.label) for one in found
        ]
        if not self.booking.purpose and any(one.key == carried for one in found):
            self.initial["cause"] = carried

    def _typed_before(self) -> dict[str, Any]:
        booking, user = self.booking, self.actor.user
        if not booking.purpose:
            many = None
            if booking.space.is_pool:
                many = seats_of(booking.space, booking.occupancy.quantity)
            return {
                "attendance": many,
                "contact_name": user.full_name if user else "",
                "contact_phone": user.phone if user else "",
            }
        typed = vars(details_of(booking))
        return typed | {"is_public_event": "oui" if booking.is_public_event else "non"}

    def clean_contact_phone(self) -> str:
        phone: str = self.cleaned_data["contact_phone"]
        if sum(character.isdigit() for character in phone) < 9:
            raise ValidationError("Écrivez un numéro complet, comme 04 76 00 00 00.")
        return phone

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        signs = self.memberships.get(data.get("acting", MYSELF)) and self.signs_agreement
        if signs and not data.get("capacity"):
            self.add_error(
                "capacity",
                "Indiquez à quel titre vous signerez la convention, par exemple présidente.",
            )
        return data

    @property
    def signs_agreement(self) -> bool:
        """Whether an agreement will be drawn up, which says in what capacity one signs."""
        rules = rules_for(self.booking.space)
        return rules is not None and rules.agreement_model_id is not None

    @property
    def author(self) -> Actor:
        """Who asks: the person under the hat chosen here."""
        return Actor(self.actor.user, self.memberships.get(self.cleaned_data.get("acting", MYSELF)))

    @property
    def details(self) -> Details:
        data = self.cleaned_data
        return Details(
            purpose=data["purpose"],
            attendance=data["attendance"],
            is_public_event=data["is_public_event"],
            contact_name=data["contact_name"],
            contact_phone=data["contact_phone"],
            remarks=data["remarks"].replace("\r\n", "\n"),
            is_economic=data["is_economic"],
            capacity=data.get("capacity", ""),
            engages=self.booking.engages_republican_values,
            # Not offered to this person (a colleague's project): kept as it is.
            cause=data["cause"] if "cause" in self.fields else self.booking.cause,
        )


class RecapForm(forms.Form):
    """One box to tick: the rules of the house."""

    rules = django_forms.BooleanField(
        label="J’ai lu le règlement et je m’engage à le respecter",
        error_messages={"required": "Lisez le règlement, puis cochez cette case pour continuer."},
    )
    commitment = django_forms.BooleanField(
        label="Mon association souscrit au contrat d’engagement républicain",
        help_text="Loi du 24 août 2021, décret n° 2021-1947 : une salle prêtée est une aide "
        "publique. Le texte des engagements est annexé à la convention.",
        error_messages={"required": "Cette case est nécessaire pour établir la convention."},
    )
    #: The price on the page, so that nobody confirms another one.
    agreed = django_forms.IntegerField(required=False, widget=django_forms.HiddenInput)

    def __init__(self, *args: Any, commits: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not commits:
            del self.fields["commitment"]


class CancelForm(forms.Form):
    reason = django_forms.CharField(
        label="Motif",
        required=False,
        max_length=2000,
        help_text="Le gestionnaire le lira. Il peut ainsi proposer le créneau à d’autres.",
        widget=django_forms.Textarea(attrs={"rows": 3}),
    )


def _hat_label(membership: Membership) -> str:
    name = membership.organization.name
    suffix = "" if membership.organization.is_verified else " (pas encore vérifiée)"
    return f"Pour {name}{suffix}"


def _minutes(time: Any) -> int:
    return int(time.hour * 60 + time.minute)
