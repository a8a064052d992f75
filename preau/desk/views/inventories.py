"""The inventory of a room on arrival and on departure, made on one telephone for both sides."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from preau.accounts.actors import actor_of
from preau.accounts.perms import Scope, allowed, permission
from preau.availability.enums import OccupancyKind
from preau.availability.models import Occupancy
from preau.booking.actions.dates import record_no_show
from preau.booking.enums import UNSENT
from preau.booking.models import BookingDate
from preau.core.cards import Panel
from preau.core.errors import Refusal
from preau.desk.actions import inventories
from preau.desk.enums import Moment, Signer
from preau.desk.forms.inventories import InventoryForm, PhotoForm, SignatureForm
from preau.desk.inventories import digest
from preau.desk.models import Inventory, InventoryPhoto
from preau.desk.queries.planning import booking_of
from preau.documents import store
from preau.payments.cards import deposit_of_booking


@dataclass(frozen=True)
class Sheet:
    """A use and a moment, with the inventory once it is begun."""

    occupancy: Occupancy
    moment: Moment
    inventory: Inventory | None

    @property
    def permission_scope(self) -> Scope:
        return self.occupancy.permission_scope

    @property
    def url(self) -> str:
        return reverse("desk:inventory", args=[self.occupancy.pk, self.moment.value])


def load_sheet(*, occupancy_id: int, moment: str) -> Sheet:
    uses = Occupancy.objects.select_related("space", "place__owner", "place__commune")
    occupancy = get_object_or_404(uses, pk=occupancy_id, kind=OccupancyKind.BOOKING)
    if moment not in Moment.values:
        raise Http404
    found = Inventory.objects.filter(occupancy=occupancy, moment=moment).first()
    if found is not None:
        found.occupancy = occupancy
    return Sheet(occupancy, Moment(moment), found)


def load_inventory(*, inventory_id: int) -> Inventory:
    rows = Inventory.objects.select_related(
        "occupancy__space", "occupancy__place__owner", "made_by"
    )
    return get_object_or_404(rows, pk=inventory_id)


def load_photo(*, inventory_photo_id: int) -> InventoryPhoto:
    rows = InventoryPhoto.objects.select_related(
        "file", "thumbnail", "inventory__occupancy__space", "inventory__occupancy__place"
    )
    return get_object_or_404(rows, pk=inventory_photo_id)


def url_of(inventory: Inventory) -> str:
    return reverse("desk:inventory", args=[inventory.occupancy_id, inventory.moment])


@permission("desk.inventory", load=load_sheet)
def sheet(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Begin it, fill it in, then read it, add pictures and sign."""
    if request.method == "POST" and sheet.inventory is None:
        try:
            inventories.begin(sheet.occupancy, sheet.moment, actor=actor_of(request))
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        return redirect(sheet.url)
    if sheet.inventory is None:
        return render(request, "desk/inventory/begin.html", _context(sheet))
    asked = request.method == "POST" or "remplir" in request.GET
    editing = asked or not sheet.inventory.written_at
    if sheet.inventory.is_frozen or not editing:
        return _read(request, sheet.inventory)
    return _fill_in(request, sheet, sheet.inventory)


def _context(sheet: Sheet) -> dict[str, object]:
    return {
        "sheet": sheet,
        "occupancy": sheet.occupancy,
        "place": sheet.occupancy.place,
        "zone": sheet.occupancy.place.time_zone,
        "booking": booking_of(sheet.occupancy),
        "title": f"État des lieux, {sheet.moment.label.lower()}",
    }


def _fill_in(request: HttpRequest, sheet: Sheet, inventory: Inventory) -> HttpResponse:
    form = InventoryForm(request.POST or None, inventory=inventory)
    if form.is_bound and form.is_valid():
        try:
            inventories.write(
                inventory, form.items(), form.cleaned_data["remarks"], actor=actor_of(request)
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "C’est enregistré. Il reste à signer.")
            return redirect(sheet.url)
    return render(request, "desk/inventory/fill.html", _context(sheet) | {"form": form})


def _read(
    request: HttpRequest,
    inventory: Inventory,
    *,
    photo_form: PhotoForm | None = None,
    signature: SignatureForm | None = None,
) -> HttpResponse:
    seen = digest(inventory)
    forms = {side: SignatureForm(side=side, seen=seen) for side in Signer}
    if signature is not None:
        forms[Signer(str(signature.prefix))] = signature
    sheet = Sheet(inventory.occupancy, Moment(inventory.moment), inventory)
    context = _context(sheet)
    context |= {
        "inventory": inventory,
        "photos": inventory.photos.select_related("thumbnail"),
        "photo_form": photo_form or PhotoForm(),
        "host_form": forms[Signer.HOST],
        "occupant_form": forms[Signer.OCCUPANT],
        "may_write": allowed(actor_of(request), "desk.inventory", inventory),
        "deposit": _deposit(request, context["booking"]),
    }
    return render(request, "desk/inventory/read.html", context)


def _deposit(request: HttpRequest, booking: object) -> Panel | None:
    """The deposit, once what was found is known."""
    return deposit_of_booking(request, booking) if booking else None


@permission("desk.inventory_read", load=load_inventory)
def read(request: HttpRequest, inventory: Inventory) -> HttpResponse:
    """What both sides have before them; the occupant reads it here."""
    return _read(request, inventory)


@permission("desk.inventory", load=load_inventory)
def add_photo(request: HttpRequest, inventory: Inventory) -> HttpResponse:
    if request.method != "POST":
        return redirect(url_of(inventory))
    form = PhotoForm(request.POST, request.FILES)
    if form.is_valid():
        data = form.cleaned_data
        try:
            inventories.add_photo(inventory, data["file"], data["caption"], actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "La photo est ajoutée.")
            return redirect(url_of(inventory))
    return _read(request, inventory, photo_form=form)


@permission("desk.inventory", load=load_photo)
def remove_photo(request: HttpRequest, photo: InventoryPhoto) -> HttpResponse:
    if request.method == "POST":
        try:
            inventories.remove_photo(photo, actor=actor_of(request))
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
    return redirect(url_of(photo.inventory))


@permission("desk.inventory_read", load=load_photo)
def photo(request: HttpRequest, photo: InventoryPhoto) -> HttpResponse:
    """The picture, for those who read the inventory only."""
    file = photo.thumbnail if "petite" in request.GET else photo.file
    response = HttpResponse(store.read(file), content_type=file.media_type)
    response["Cache-Control"] = "private, max-age=3600"
    return response


@permission("desk.inventory", load=load_inventory)
def sign(request: HttpRequest, inventory: Inventory) -> HttpResponse:
    """One side signs: a name, a consent, and proof that this is what was read."""
    side = Signer.HOST if "accueil-side" in request.POST else Signer.OCCUPANT
    if request.method != "POST":
        return redirect(url_of(inventory))
    form = SignatureForm(request.POST, side=side, seen=digest(inventory))
    if not form.is_valid():
        return _read(request, inventory, signature=form)
    data = form.cleaned_data
    try:
        signed = inventories.sign(
            inventory, side, data["name"], seen=data["seen"], actor=actor_of(request)
        )
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect(url_of(inventory))
    done = "Les deux parties ont signé." if signed.is_closed else "C’est signé."
    messages.success(request, done)
    return redirect(url_of(inventory))


@permission("desk.inventory", load=load_inventory)
def reopen(request: HttpRequest, inventory: Inventory) -> HttpResponse:
    if request.method == "POST":
        try:
            inventories.reopen(inventory, actor=actor_of(request))
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, "La signature est retirée : vous pouvez corriger.")
    return redirect(url_of(inventory))


def load_date(*, occupancy_id: int) -> BookingDate:
    rows = BookingDate.objects.select_related("booking__place", "occupancy__place")
    return get_object_or_404(rows.exclude(booking__state__in=UNSENT), occupancy=occupancy_id)


@permission("desk.inventory", load=load_date)
def no_show(request: HttpRequest, date: BookingDate) -> HttpResponse:
    """Nobody came: noted on the date, from the day's sheet."""
    if request.method == "POST":
        try:
            record_no_show(date, actor=actor_of(request))
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, "C’est noté : personne n’est venu.")
    place = date.occupancy.place
    day = date.period.start.astimezone(place.zone).date()
    response = redirect("desk:day", place.pk)
    response["Location"] += f"?jour={day.isoformat()}"
    return response
