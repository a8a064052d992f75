"""Keeping a sheet up to date."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from preau.accounts.actors import actor_of
from preau.accounts.perms import can_act_in_public, permission
from preau.core.errors import Refusal
from preau.core.forms import sent
from preau.directory import perms
from preau.directory.actions import offers, sheets
from preau.directory.enums import SheetState
from preau.directory.forms.sheet import NewSheetForm, OfferForm, SheetForm, WhereForm
from preau.directory.models import ServiceOffer, Sheet
from preau.directory.queries.sheet import services_of
from preau.directory.views.loading import load_offer, load_sheet


@permission("directory.create")
def create(request: HttpRequest) -> HttpResponse:
    """A new sheet: shown at once in one's own territory, proposed to its authority elsewhere."""
    actor = actor_of(request)
    if actor.organization is None and not actor.is_operator:
        return redirect("directory:signal_missing")
    form = NewSheetForm(sent(request))
    publishes = perms.keeps_territory(actor) or can_act_in_public(actor.organization)
    if request.method == "POST" and form.is_valid():
        try:
            made = sheets.begin_sheet(form.values(), actor=actor)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            if made.state == SheetState.PUBLISHED:
                messages.success(request, "La fiche est publiée. Ajoutez ses horaires.")
            else:
                messages.success(request, "La fiche est proposée : la commune va la vérifier.")
            return redirect("directory:edit", made.slug)
    context = {"form": form, "publishes": publishes, "owner": actor.organization}
    return render(request, "directory/create.html", context)


@permission("directory.edit", load=load_sheet)
def edit(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Everything about a sheet, and the form of what it is."""
    form = SheetForm(sent(request), instance=load_sheet(sheet.slug))
    if request.method == "POST" and form.is_valid() and _edited(request, sheet, form):
        return redirect("directory:sheet", sheet.slug)
    return render(request, "directory/edit.html", _frame(sheet, form, "fiche"))


def _frame(sheet: Sheet, form: Any, section: str, **more: Any) -> dict[str, Any]:
    return {"sheet": sheet, "form": form, "section": section, **more}


def _edited(request: HttpRequest, sheet: Sheet, form: SheetForm | WhereForm) -> bool:
    """False when a rule refuses: the form then says which."""
    try:
        # A model form has already written on the instance it was given: compare with the row.
        fresh = load_sheet(sheet.slug)
        changed = sheets.edit_sheet(fresh, form.values(), actor=actor_of(request))
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, "C’est enregistré." if changed else "Rien n’a changé.")
    return True


@permission("directory.edit", load=load_sheet)
def edit_where(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    form = WhereForm(sent(request), initial=WhereForm.of(sheet))
    given = sheet.place_id is None and request.method == "POST" and form.is_valid()
    if given and _edited(request, sheet, form):
        return redirect("directory:sheet", sheet.slug)
    return render(request, "directory/edit_where.html", _frame(sheet, form, "adresse"))


@permission("directory.edit", load=load_sheet)
def edit_services(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """What is rendered there, and one more."""
    form = OfferForm(sent(request), instance=ServiceOffer(sheet=sheet))
    if request.method == "POST" and form.is_valid():
        try:
            offers.add_offer(sheet, form.cleaned_data, actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"« {form.cleaned_data['name']} » est ajouté.")
            return redirect("directory:services", sheet.slug)
    context = _frame(sheet, form, "services", services=services_of(sheet))
    return render(request, "directory/edit_services.html", context)


@permission("directory.edit", load=load_offer)
def edit_offer(request: HttpRequest, offer: ServiceOffer) -> HttpResponse:
    fresh = ServiceOffer.objects.select_related("sheet__commune").get(pk=offer.pk)
    form = OfferForm(sent(request), instance=offer)
    if request.method == "POST" and form.is_valid():
        try:
            offers.edit_offer(fresh, form.cleaned_data, actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "C’est enregistré.")
            return redirect("directory:services", offer.sheet.slug)
    context = _frame(offer.sheet, form, "services", offer=fresh)
    return render(request, "directory/edit_offer.html", context)


@permission("directory.edit", load=load_offer)
def remove_offer(request: HttpRequest, offer: ServiceOffer) -> HttpResponse:
    if request.method == "POST":
        offers.remove_offer(offer, actor=actor_of(request))
        messages.success(request, f"« {offer.name} » est retiré.")
    return redirect("directory:services", offer.sheet.slug)


@permission("directory.edit", load=load_sheet)
def confirm(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """« Toujours exact »."""
    if request.method == "POST":
        sheets.confirm_sheet(sheet, actor=actor_of(request))
        messages.success(request, "Merci : la fiche dit qu’elle a été confirmée aujourd’hui.")
    return redirect("directory:sheet", sheet.slug)


@permission("directory.edit", load=load_sheet)
def change_state(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Close for good, or open again."""
    wanted = request.POST.get("etat", "")
    if request.method == "POST" and wanted in {SheetState.CLOSED, SheetState.PUBLISHED}:
        try:
            sheets.turn(sheet, wanted, actor=actor_of(request))
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        else:
            said = "fermé" if wanted == SheetState.CLOSED else "publié"
            messages.success(request, f"Le lieu est maintenant {said} dans l’annuaire.")
    return redirect("directory:sheet", sheet.slug)
