"""Forms of the people's room."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django import forms as fields
from django.core.validators import validate_email
from django.http import HttpRequest

from preau.accounts import identifiers
from preau.accounts.enums import MembershipRole, OrganizationKind
from preau.accounts.models import Organization, User
from preau.core import forms
from preau.territories import queries as territories
from preau.territories.models import Commune

BAD_EMAIL = "Cette adresse n’est pas complète. Écrivez-la ainsi : prenom.nom@exemple.fr."
#: Only the platform itself is of this kind.
KINDS = [choice for choice in OrganizationKind.choices if choice[0] != OrganizationKind.OPERATOR]
ROLE_HELP = {
    MembershipRole.ADMINISTRATOR: "Administration : tout, y compris les membres",
    MembershipRole.MANAGER: "Gestion : lieux, horaires, demandes et remboursements",
    MembershipRole.APPROVER: "Validation : répond aux demandes de réservation",
    MembershipRole.CARETAKER: "Gardiennage : voit le planning, ouvre et ferme",
    MembershipRole.MEMBER: "Membre : réserve au nom de la structure",
}


def email_of(text: str) -> str:
    """An address to put in a form: what somebody else said, when it is one."""
    try:
        validate_email(text)
    except fields.ValidationError:
        return ""
    return text


def email_field(label: str, help_text: str = "") -> fields.EmailField:
    return fields.EmailField(
        label=label, help_text=help_text, error_messages={"invalid": BAD_EMAIL}
    )


class SignInForm(forms.Form):
    email = email_field("Adresse électronique", "Par exemple : prenom.nom@exemple.fr")

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_email(self) -> str:
        """Lower case; counts against the limits, whether an account exists or not."""
        email = str(self.cleaned_data["email"]).lower()
        if not ratelimit.consume(self.request, action="request_login_code", key=email):
            raise get_adapter().validation_error("too_many_login_attempts")
        return email


class CodeForm(forms.Form):
    code = fields.CharField(
        label="Code reçu par courriel",
        help_text="Huit chiffres, par exemple 4821-9037",
        max_length=20,
        widget=fields.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "spellcheck": "false"}
        ),
    )


def commune_field(label: str, help_text: str, *, required: bool = True) -> fields.CharField:
    return fields.CharField(
        label=label,
        help_text=help_text,
        max_length=100,
        required=required,
        widget=fields.TextInput(
            attrs={"autocomplete": "address-level2", "data-suggest": "find:communes"}
        ),
    )


def commune_typed(text: str) -> Commune:
    commune = territories.resolve(text)
    if commune is None:
        raise fields.ValidationError(
            "Nous ne trouvons pas cette commune. Écrivez son nom ou son code postal."
        )
    return commune


class ProfileForm(forms.ModelForm):
    commune = commune_field(
        "Commune où vous habitez",
        "Nom ou code postal ; certains tarifs sont réservés aux habitants",
        required=False,
    )

    class Meta:
        model = User
        fields = ["first_name", "last_name", "phone", "commune"]
        help_texts = {"phone": "Pour vous joindre le jour d’une réservation"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first_name"].required = True
        self.fields["last_name"].required = True
        self.initial["commune"] = str(self.instance.commune or "")

    def clean_commune(self) -> Commune | None:
        text = str(self.cleaned_data["commune"]).strip()
        return commune_typed(text) if text else None


class OrganizationForm(forms.Form):
    #: The number and the name first: the register gives the rest.
    field_order: tuple[str, ...] = ("siret", "name")

    kind = fields.ChoiceField(label="Nature", choices=[("", "Choisissez"), *KINDS])
    name = fields.CharField(label="Nom", max_length=160)
    siret = fields.CharField(
        label="Numéro SIRET ou SIREN",
        help_text="14 ou 9 chiffres ; il figure sur vos factures et sur l’avis de situation INSEE",
        max_length=30,
        required=False,
    )
    rna = fields.CharField(
        label="Numéro RNA",
        help_text="Pour une association : W suivi de 9 chiffres",
        max_length=20,
        required=False,
    )
    commune = commune_field("Commune du siège", "Nom ou code postal")
    address = fields.CharField(label="Adresse", max_length=200, required=False)
    postcode = fields.CharField(label="Code postal", max_length=10, required=False)
    phone = fields.CharField(label="Téléphone", max_length=20, required=False)

    def __init__(self, *args: Any, organization: Organization | None = None, **kwargs: Any) -> None:
        if organization is not None:
            names = ("kind", "name", "rna", "address", "postcode", "phone")
            kwargs["initial"] = {name: getattr(organization, name) for name in names} | {
                "siret": organization.siret or organization.siren,
                "commune": str(organization.commune),
            }
        super().__init__(*args, **kwargs)
        if organization is not None and organization.kind == OrganizationKind.OPERATOR:
            self.fields["kind"].choices = OrganizationKind.choices  # type: ignore[attr-defined]

    def clean_siret(self) -> str:
        number = identifiers.digits(self.cleaned_data["siret"])
        if number and not (identifiers.is_siret(number) or identifiers.is_siren(number)):
            raise fields.ValidationError(
                "Ce numéro contient une erreur : vérifiez ses 14 chiffres (SIRET) ou 9 (SIREN)."
            )
        return number

    def clean_rna(self) -> str:
        number = identifiers.digits(self.cleaned_data["rna"]).upper()
        if number and not identifiers.is_rna(number):
            raise fields.ValidationError(
                "Ce numéro contient une erreur : W suivi de 9 chiffres, par exemple W381234567."
            )
        return number

    def clean_postcode(self) -> str:
        postcode = identifiers.digits(self.cleaned_data["postcode"])
        if postcode and not (postcode.isdigit() and len(postcode) == 5):
            raise fields.ValidationError("Un code postal a 5 chiffres.")
        return postcode

    def clean_commune(self) -> Any:
        return commune_typed(self.cleaned_data["commune"])

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        data = dict(self.cleaned_data)
        data["siren"] = data["siret"][:9]
        data["siret"] = data["siret"] if len(data["siret"]) == 14 else ""
        return data


class InviteForm(forms.Form):
    email = email_field("Adresse électronique de la personne")
    role = fields.ChoiceField(
        label="Rôle",
        choices=list(ROLE_HELP.items()),
        initial=MembershipRole.MEMBER,
        widget=fields.RadioSelect,
    )


class RoleForm(forms.Form):
    role = fields.ChoiceField(
        label="Rôle", choices=list(ROLE_HELP.items()), widget=fields.RadioSelect
    )


class ReasonForm(forms.Form):
    reason = fields.CharField(
        label="Motif",
        help_text="Sur quelle pièce ou quelle vérification vous vous fondez ; il est envoyé",
        max_length=500,
        widget=fields.Textarea(attrs={"rows": 3}),
    )


class MergeForm(forms.Form):
    reason = fields.CharField(
        label="Motif",
        help_text="Pourquoi ces deux structures n’en font qu’une : commune nouvelle, doublon…",
        max_length=500,
        widget=fields.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Dites pourquoi ces deux structures n’en font qu’une."},
    )
    sure = fields.BooleanField(
        label="J’ai vérifié les deux structures ; je sais que rien ne les séparera ensuite",
        error_messages={"required": "Cochez cette case pour réunir les deux structures."},
    )


class LostKeyForm(forms.Form):
    email = email_field("Adresse électronique du compte")
    reason = fields.CharField(
        label="Comment vous avez vérifié que c’est bien cette personne",
        help_text="Par exemple : rappelée au numéro de la mairie, reconnue par sa directrice.",
        max_length=500,
        widget=fields.Textarea(attrs={"rows": 3}),
    )


class NumberForm(forms.Form):
    mark_optional = False

    numero = fields.CharField(label="Numéro SIRET, SIREN ou RNA", max_length=30, required=False)
