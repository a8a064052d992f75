"""Documents for every room's tests."""

import io
from datetime import timedelta

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from preau.accounts.actors import SYSTEM
from preau.documents import actions, queries
from preau.documents.enums import DocumentKind, Risk


def pdf_bytes(change=None):
    """A PDF of one page; `change(pdf)` does what it likes to it before it is written."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(200, 200))
    if change is not None:
        change(pdf)
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def upload(content=None, name="attestation.pdf"):
    return SimpleUploadedFile(name, pdf_bytes() if content is None else content)


def document(*, kind=DocumentKind.OTHER, actor=SYSTEM, title="Un document", **given):
    """A document in the vault of `owner_user` or `owner_organization`."""
    if "upload" not in given:
        given.setdefault("content", b"%PDF-1.7 " + title.encode())
        given.setdefault("media_type", "application/pdf")
    return actions.deposit(actor=actor, kind=kind, title=title, **given)


def insurance(*, days=200, **given):
    """An insurance certificate that ends in so many days."""
    return document(
        kind=DocumentKind.INSURANCE,
        expires_on=queries.today() + timedelta(days=days),
        facts={"risks": [Risk.LIABILITY.value]},
        **({"title": "Attestation 2027"} | given),
    )


def by_hand(sql, *values, table="documents_journalentry"):
    """As someone who owns the database would, triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql, values)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        if table == "documents_journalentry":
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER journal_no_truncate")
