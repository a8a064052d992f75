"""Forms of doors, accounts and caretakers' codes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms as django_forms
from django.core.validators import MaxValueValidator

from preau.access import queries
from preau.access.actions.doors import Typed
from preau.access.drivers import TRAITS
from preau.access.enums import DriverKind
from preau.access.models import Door, LockAccount
from preau.access.sealing import box_code_of
from preau.accounts.models import User
from preau.core import forms
from preau.core.timeranges import Period, local_instant
from preau.places.enums import Publication
from preau.places.models import Place

K = DriverKind
_REMOTE = {
    K.ZIGBEE: (
        "Nom de la serrure dans Zigbee2MQTT",
        "Son « friendly name », par exemple porte_salle.",
    ),
    K.NUKI: (
        "Identifiant de la serrure",
        "Un nombre : « Voir les serrures » sur la page du compte.",
    ),
    K.TTLOCK: (
        "Identifiant de la serrure",
        "Un nombre : « Voir les serrures » sur la page du compte.",
    ),
    K.TTLOCK_ALONE: (
        "Identifiant de la serrure",
        "Un nombre : « Voir les serrures » sur la page du compte.",
    ),
    K.IGLOOHOME: (
        "Identifiant de la serrure",
        "Par exemple IGP1… : « Voir les serrures » du compte.",
    ),
}


class DoorForm(forms.ModelForm):
    """A door, whatever its lock: what its kind does not need is not asked."""

    class Meta:
        model = Door
        fields = [
            "name",
            "account",
            "remote_id",
            "spaces",
            "minutes_before",
            "minutes_after",
            "first_slot",
            "slots",
            "instructions",
            "fallback",
            "fallback_phone",
        ]
        widgets = {
            "spaces": django_forms.CheckboxSelectMultiple,
            "instructions": django_forms.Textarea(attrs={"rows": 3}),
            "fallback": django_forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "name": "Comme on la nomme sur place : « Porte principale », « Porte du gymnase ».",
            "spaces": "N’en cochez aucun si la porte mène à tous les espaces du lieu.",
            "minutes_before": "De combien le code ouvre avant l’heure réservée (120 au plus).",
            "minutes_after": "Et après l’heure réservée, le temps de fermer.",
            "first_slot": "Ceux que vous avez programmés vous-même ont un numéro plus petit.",
            "slots": "Combien de numéros Préau peut utiliser à partir de celui-là.",
            "instructions": "Lu par l’occupant : où est le clavier, quelle touche valider.",
            "fallback": "Lu par l’occupant si la serrure ne répond pas ou refuse le code. Toujours"
            " nécessaire : boîte à clés, personne à joindre, autre entrée.",
        }

    box_code = django_forms.CharField(
        label="Code de la boîte à clés",
        max_length=20,
        required=False,
        help_text="Laissez vide si la clé est remise en main propre.",
    )

    def __init__(self, *args: Any, place: Place, kind: DriverKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        live = place.spaces.exclude(publication=Publication.ARCHIVED).order_by("name", "pk")
        self._choose("spaces", live, required=False)
        self.fields["spaces"].label = "Espaces où elle mène"
        for name, most in (("minutes_before", 120), ("minutes_after", 120), ("slots", 250)):
            self.fields[name].validators.append(MaxValueValidator(most))
        if kind == K.MANUAL:
            self._drop("account", "remote_id", "first_slot", "slots", "minutes_before")
            self._drop("minutes_after")
            if self.instance.pk:
                self.fields["box_code"].initial = box_code_of(self.instance)
            return
        self._drop("box_code")
        accounts = LockAccount.objects.filter(
            organization=place.owner_id, driver=TRAITS[kind].service
        )
        self._choose("account", accounts, required=True)
        account = self.fields["account"]
        account.label = "Compte"
        if accounts.count() == 1:
            account.initial = accounts[0].pk
        self.fields["remote_id"].label, self.fields["remote_id"].help_text = _REMOTE[kind]
        self.fields["remote_id"].required = True
        if kind != K.ZIGBEE:
            self._drop("first_slot", "slots")

    def _choose(self, name: str, rows: Any, *, required: bool) -> None:
        field = self.fields[name]
        field.queryset = rows  # type: ignore[attr-defined]
        field.required = required

    def _drop(self, *names: str) -> None:
        for name in names:
            del self.fields[name]

    def clean_remote_id(self) -> str:
        said: str = self.cleaned_data["remote_id"].strip()
        if self.kind == K.ZIGBEE and set("/+#") & set(said):
            raise django_forms.ValidationError("Écrivez le nom seul, sans « / », « + » ni « # ».")
        numbered = self.kind in (K.NUKI, K.TTLOCK, K.TTLOCK_ALONE)
        if numbered and not (said.isascii() and said.isdigit()):
            raise django_forms.ValidationError("Cet identifiant est un nombre, en chiffres.")
        return said

    def _post_clean(self) -> None:
        """The model is written by the action, not by the form."""

    @property
    def typed(self) -> Typed:
        said = dict(self.cleaned_data)
        spaces = list(said.pop("spaces"))
        box_code = said.pop("box_code", None)
        return Typed(said, spaces, box_code)


class AccountForm(forms.Form):
    """What signs in at a maker; once kept, secrets are not shown again."""

    name = django_forms.CharField(
        label="Nom du compte",
        max_length=80,
        help_text="Pour vous y retrouver : « Nuki de la mairie ».",
    )

    def __init__(
        self, *args: Any, kind: DriverKind, account: LockAccount | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        for name, (label, hint, secret) in _FIELDS[kind].items():
            widget = django_forms.PasswordInput if secret else django_forms.TextInput
            attrs = {"autocomplete": "off", "spellcheck": "false"}
            kept = "" if account is None else "Laissez vide pour garder ce qui est enregistré."
            self.add_field(
                name,
                django_forms.CharField(
                    label=label,
                    help_text=f"{hint} {kept}".strip(),
                    required=account is None,
                    max_length=300,
                    widget=widget(attrs=attrs),
                ),
            )
        if kind == K.ZIGBEE and account is None:
            self.fields["base"].initial = "zigbee2mqtt"
        if account is not None:
            self.fields["name"].initial = account.name

    def clean_base(self) -> str:
        said: str = self.cleaned_data["base"].strip().strip("/")
        if set("+#") & set(said):
            raise django_forms.ValidationError("Sans « + » ni « # ».")
        return said

    @property
    def credentials(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in _FIELDS[self.kind]}


#: Field → label, hint, whether it hides what is typed.
_FIELDS: dict[DriverKind, dict[str, tuple[str, str, bool]]] = {
    K.ZIGBEE: {
        "username": ("Utilisateur MQTT", "Donné par l’exploitant de ce site.", False),
        "password": ("Mot de passe MQTT", "", True),
        "base": ("Racine des messages", "« base_topic » de votre Zigbee2MQTT.", False),
    },
    K.NUKI: {
        "token": ("Jeton d’accès", "Sur web.nuki.io, menu « API », avec le droit d’écrire.", True)
    },
    K.TTLOCK: {
        "client_id": ("client_id", "Sur euopen.ttlock.com, votre application.", False),
        "client_secret": ("client_secret", "", True),
        "username": ("Compte TTLock", "Celui de l’application mobile.", False),
        "password": ("Mot de passe", "", True),
    },
    K.IGLOOHOME: {
        "client_id": ("Client ID", "Sur iglooaccess, « API credentials ».", False),
        "client_secret": ("Client secret", "", True),
    },
}


class CaretakerForm(forms.Form):
    """A code for somebody who looks after the place."""

    person: django_forms.ModelChoiceField[User] = django_forms.ModelChoiceField(
        label="Personne", queryset=User.objects.none(), empty_label="Choisissez"
    )
    door: django_forms.ModelChoiceField[Door] = django_forms.ModelChoiceField(
        label="Porte", queryset=Door.objects.none(), empty_label="Choisissez"
    )
    first_day = forms.DateField(label="Premier jour", required=False)
    last_day = forms.DateField(
        label="Dernier jour",
        required=False,
        help_text="Laissez les deux vides pour un code sans fin prévue, que vous reprendrez.",
    )

    def __init__(self, *args: Any, place: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place = place
        self.fields["person"].queryset = queries.caretakers_of(place)  # type: ignore[attr-defined]
        self.fields[
            "person"
        ].help_text = "Celles qui gèrent ou gardent le lieu : voir « Personnes et rôles »."
        self.fields["door"].queryset = queries.doors_of(place)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        first, last = said.get("first_day"), said.get("last_day")
        if "first_day" in said and "last_day" in said:
            if (first is None) != (last is None):
                missing = "first_day" if first is None else "last_day"
                self.add_error(missing, "Donnez les deux dates, ou aucune.")
            elif first and last and last < first:
                self.add_error("last_day", "Le dernier jour suit le premier.")
        return said

    @property
    def period(self) -> Period | None:
        first, last = self.cleaned_data["first_day"], self.cleaned_data["last_day"]
        if first is None:
            return None
        zone = self.place.zone
        return Period(
            local_instant(first, 0, zone), local_instant(last + timedelta(days=1), 0, zone)
        )
