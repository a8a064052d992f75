"""The tables in Grist, their columns and their webhooks, as the mirror wants them."""

from __future__ import annotations

import hashlib
import json
import secrets

from django.db import connection
from django.urls import reverse

from preau.core import clock
from preau.integrations.grist import Document
from preau.integrations.grist.cells import Column
from preau.integrations.grist.errors import WebhookRefused
from preau.integrations.http import Rejected, Unauthorized
from preau.mirrors.models import MirroredTable
from preau.mirrors.sources.base import absolute
from preau.mirrors.syncing.work import TableWork
from preau.mirrors.troubles import Missing

REFUSED = (
    "Grist n’avertit pas Préau des changements : la clé n’est pas celle d’un propriétaire du"
    " document, ou le serveur n’autorise pas l’adresse de ce site (ALLOWED_WEBHOOK_DOMAINS). Ils"
    " sont repris chaque nuit, et quand vous synchronisez."
)


def ensure(work: TableWork, *, check: bool) -> None:
    """Make what is missing, unless somebody deleted it: they are asked first.

    Raises:
        Missing: columns deleted in Grist.
        errors.TableNotFound: the table was.
    """
    table = work.table
    if table.recreate:
        _forget_if_gone(work)
    if not table.remote:
        _make(work)
    else:
        _columns(work)
    _hook(work, check=check)


def _wanted(work: TableWork) -> list[Column]:
    return work.source.columns(work.table.columns)


def _forget_if_gone(work: TableWork) -> None:
    table = work.table
    if table.remote and table.remote not in work.link.ask(lambda document: document.tables()):
        table.rows.all().delete()
        table.remote, table.asked_at, table.synced_until, table.made = "", None, None, []
        table.hook = ""  # Grist drops it with its table
    table.recreate = False
    table.save()


def _make(work: TableWork) -> None:
    table, wanted = work.table, _wanted(work)
    if table.asked_at is not None and (found := _asked_before(work)):
        table.remote = found
    else:
        table.asked_at = clock.now()
        table.save(update_fields=["asked_at"])
        table.remote = work.link.ask(
            lambda document: document.create_table(work.source.table, wanted)
        )
    table.made = [one.id for one in wanted]
    table.save(update_fields=["remote", "made"])


def _asked_before(work: TableWork) -> str:
    """A table that was asked for, whose name never came back: empty, with all our columns."""
    wanted = {one.id for one in _wanted(work)}
    taken = set(
        MirroredTable.objects.filter(mirror=work.table.mirror).values_list("remote", flat=True)
    )
    for name in work.link.ask(lambda document: document.tables()):
        if name in taken or not name.startswith(work.source.table):
            continue

        def is_ours(document: Document, name: str = name) -> bool:
            columns = {one.id for one in document.columns(name)}
            return columns >= wanted and not document.records(name, limit=1)

        if work.link.ask(is_ours):
            return name
    return ""


def _columns(work: TableWork) -> None:
    table, wanted = work.table, _wanted(work)
    there = {one.id for one in work.link.ask(lambda document: document.columns(table.remote))}
    made = set(table.made)
    deleted = [one.label for one in wanted if one.id in made - there]
    if deleted:
        raise Missing(table.remote, deleted)
    new = [one for one in wanted if one.id not in there]
    if new:
        work.link.ask(lambda document: document.put_columns(table.remote, new))
        _begin_empty(work, [one.id for one in new])
    names = {one.id for one in wanted}
    work.dropped = sorted((made & there) - names)
    table.made = sorted(names | set(work.dropped))
    table.save(update_fields=["made"])


def _begin_empty(work: TableWork, new: list[str]) -> None:
    """What was just made is empty there: nobody has emptied it."""
    empty = {name: None for name in new if name in work.shared}
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE mirrors_mirroredrow SET sent_hash = '',"
            " base = CASE WHEN base IS NULL THEN NULL ELSE base || %s::jsonb END"
            " WHERE table_id = %s",
            [json.dumps(empty), work.table.pk],
        )


# --- Webhooks


def _hook(work: TableWork, *, check: bool) -> None:
    table = work.table
    if not work.groups:
        if table.hook:
            unhook(work)
        return
    if table.hook and not check:
        return
    if not table.sealed_hook:
        token = secrets.token_urlsafe(32)
        table.set_hook(token)
        table.hook_digest = digest_of(token)
        table.save(update_fields=["sealed_hook", "hook_digest"])
    url = hook_url(table)

    def install(document: Document) -> str:
        try:
            ours = [one for one in document.webhooks() if one.url == url]
            if any(one.id == table.hook and one.enabled for one in ours):
                return table.hook
            for one in ours:
                document.delete_webhook(one.id)
            return document.create_webhook(
                table.remote,
                url=url,
                authorization=authorization(table),
                name="Préau",
                columns=sorted(work.shared),
            )
        except (WebhookRefused, Unauthorized, Rejected):
            return ""  # what was read before was understood: the key is good

    table.hook = work.link.ask(install)
    table.hook_problem = "" if table.hook else REFUSED
    table.save(update_fields=["hook", "hook_problem"])


def unhook(work: TableWork) -> None:
    """Nothing more is told to us."""
    table, hook = work.table, work.table.hook

    def remove(document: Document) -> None:
        try:
            document.delete_webhook(hook)
        except Rejected:
            return  # somebody removed it

    if hook:
        work.link.ask(remove)
    table.hook, table.hook_digest, table.sealed_hook, table.hook_problem = "", "", "", ""
    table.save(update_fields=["hook", "hook_digest", "sealed_hook", "hook_problem"])


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def hook_url(table: MirroredTable) -> str:
    return absolute(reverse("mirrors:hook", args=[table.hook_secret]))


def authorization(table: MirroredTable) -> str:
    """The header of each delivery: another secret than the address, which logs may keep."""
    return "Bearer " + hashlib.sha256(f"grist:{table.hook_secret}".encode()).hexdigest()
