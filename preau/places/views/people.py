"""Who has a role on a place."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core.errors import Refusal
from preau.core.forms import sent
from preau.places import actions
from preau.places.enums import PlaceRoleKind
from preau.places.forms.place import RoleForm
from preau.places.models import Place, PlaceRole
from preau.places.views.loading import load_place, load_role


@permission("place.people", load=load_place)
def people(request: HttpRequest, place: Place) -> HttpResponse:
    """The list, and the form to add someone."""
    form = RoleForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            given = actions.give_role(
                actor=actor_of(request),
                place=place,
                email=form.cleaned_data["email"],
                role=PlaceRoleKind(form.cleaned_data["role"]),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Le rôle est donné. Un message part à {given.user.email}.")
            return redirect("places:people", place.pk)
    roles = place.roles.select_related("user").order_by("role", "user__email")
    return render(request, "places/people.html", {"place": place, "form": form, "roles": roles})


@permission("place.people", load=load_role)
@require_POST
def role_remove(request: HttpRequest, role: PlaceRole) -> HttpResponse:
    actions.remove_role(actor=actor_of(request), role=role)
    messages.success(request, f"{role.user.email} n’a plus le rôle « {role.get_role_display()} ».")
    if role.user_id == actor_of(request).user_id:
        return redirect("places:list")
    return redirect("places:people", role.place_id)
