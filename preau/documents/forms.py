"""Adding and replacing a document."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms as fields

from preau.core import forms
from preau.documents import queries
from preau.documents.enums import DocumentKind, Risk

#: The kinds whose date of validity makes sense; the others keep none.
DATED = {
    DocumentKind.INSURANCE,
    DocumentKind.KBIS,
    DocumentKind.MANDATE,
    DocumentKind.CER,
    DocumentKind.OTHER,
}
FILE_HINT = (
    "PDF, ou photo lisible (JPEG, PNG, WebP), 10\u00a0Mo au plus. Sans mot de passe ni programme."
)


class DocumentForm(forms.Form):
    """What one kind of document needs."""

    file = fields.FileField(
        label="Fichier",
        help_text=FILE_HINT,
        widget=fields.FileInput(
            attrs={"accept": "application/pdf,image/jpeg,image/png,image/webp"}
        ),
        error_messages={
            "required": "Choisissez un fichier.",
            "empty": "Ce fichier est vide. Choisissez-en un autre.",
        },
    )
    title = fields.CharField(
        label="Nom du document",
        max_length=160,
        required=False,
        help_text="Pour le retrouver. Par exemple : Attestation MAIF 2027.",
    )
    expires_on = forms.DateField(label="Valable jusqu’au", required=False)
    risks = fields.MultipleChoiceField(
        label="Risques couverts",
        choices=Risk.choices,
        required=False,
        widget=fields.CheckboxSelectMultiple,
        help_text="Ils sont écrits sur l’attestation.",
    )

    def __init__(
        self, *args: Any, kind: DocumentKind, replaces: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        if replaces:
            del self.fields["title"]
        if kind not in DATED:
            del self.fields["expires_on"]
        if kind == DocumentKind.INSURANCE:
            # One reads these on the certificate: without them it serves nothing.
            for name, sentence in NEEDED.items():
                self.fields[name].required = True
                self.fields[name].error_messages["required"] = sentence
        else:
            del self.fields["risks"]

    def clean_expires_on(self) -> Any:
        wanted = self.cleaned_data["expires_on"]
        if wanted is None:
            return None
        if wanted < queries.today():
            raise fields.ValidationError(
                "Cette date est passée. Déposez un document en cours de validité."
            )
        if wanted > queries.today() + timedelta(days=366 * 30):
            raise fields.ValidationError("Cette date est trop lointaine. Vérifiez l’année.")
        return wanted

    @property
    def given(self) -> dict[str, Any]:
        """What `deposit` and `replace` take."""
        data = self.cleaned_data
        facts = {"risks": data["risks"]} if data.get("risks") else {}
        return {"upload": data["file"], "expires_on": data.get("expires_on"), "facts": facts}


NEEDED = {
    "expires_on": "Indiquez jusqu’à quand l’assurance est valable : la date est sur l’attestation.",
    "risks": "Cochez au moins un risque couvert : il est écrit sur l’attestation.",
}
