"""« Vérifier un document »: a file in, an answer out, nothing kept, nor ever on a disk."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from allauth.core.ratelimit import consume_or_429
from django import forms as fields
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from preau.accounts.perms import permission
from preau.core import forms
from preau.documents.isolation import verify_apart
from preau.documents.verification import LARGEST, Report, Verdict


class VerifyForm(forms.Form):
    file = fields.FileField(
        label="Document à vérifier",
        help_text="Le fichier PDF d’origine, 20\u00a0Mo au plus. Il n’est pas conservé.",
        widget=fields.FileInput(attrs={"accept": "application/pdf,.pdf"}),
        error_messages={
            "required": "Choisissez le fichier PDF à vérifier.",
            "empty": "Ce fichier est vide. Choisissez-en un autre.",
        },
    )


class InMemory(FileUploadHandler):
    """Keeps a file in memory up to the limit; past it, only counts."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.held, self.size = BytesIO(), 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.size += len(raw_data)
        if self.size <= LARGEST:
            self.held.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.held.seek(0)
        return InMemoryUploadedFile(
            self.held,
            self.field_name,
            str(self.file_name),
            self.content_type or "",
            file_size,
            self.charset,
        )


@permission("document.verify")
@csrf_exempt  # the check follows, once the upload goes to memory
@never_cache
def verify(request: HttpRequest) -> HttpResponse:
    request.upload_handlers = [InMemory(request)]
    return _verify(request)


@csrf_protect
def _verify(request: HttpRequest) -> HttpResponse:
    form, report = VerifyForm(request.POST or None, request.FILES or None), None
    if request.method == "POST":
        form = VerifyForm(request.POST, request.FILES)
        if limited := consume_or_429(request, action="verify_document"):
            return limited  # type: ignore[no-any-return]
        if form.is_valid():
            report = _report(form.cleaned_data["file"])
    context = {"form": form, "report": report, "kind": _KINDS.get(report.verdict) if report else ""}
    return render(request, "documents/verify.html", context)


def _report(upload: InMemoryUploadedFile) -> Report:
    if upload.size is None or upload.size > LARGEST:
        return Report(Verdict.TOO_LARGE, "")
    return verify_apart(upload.read())


#: How each answer looks.
_KINDS = {
    Verdict.AUTHENTIC: "success",
    Verdict.UNFINISHED: "warning",
    Verdict.ALTERED: "error",
    Verdict.UNPROVEN: "warning",
    Verdict.FOREIGN: "warning",
    Verdict.UNSIGNED: "warning",
    Verdict.DAMAGED: "error",
    Verdict.ENCRYPTED: "error",
    Verdict.NOT_PDF: "error",
    Verdict.TOO_LARGE: "error",
}
