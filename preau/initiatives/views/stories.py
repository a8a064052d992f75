"""What everybody reads of stories."""

from __future__ import annotations

from allauth.core.ratelimit import consume_or_429
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed, permission
from preau.core import forms
from preau.core.errors import Refusal
from preau.core.forms import sent
from preau.initiatives.actions import stories as actions
from preau.initiatives.forms.listings import SignalForm, commune_field, commune_of
from preau.initiatives.loading.stories import load_photo, load_published
from preau.initiatives.models import Story, StoryPhoto
from preau.initiatives.queries import stories as queries
from preau.initiatives.views.listings import picture
from preau.territories.models import Commune


class WhereForm(forms.Form):
    """Stories of the département of a commune."""

    mark_optional = False
    commune = commune_field("Près de quelle commune ?", required=False)

    def clean_commune(self) -> Commune | None:
        return commune_of(self.cleaned_data["commune"])


@permission("story.read")
@require_safe
def story_list(request: HttpRequest) -> HttpResponse:
    form = WhereForm(request.GET)
    form.is_valid()
    commune, after = form.cleaned_data.get("commune"), request.GET.get("apres", "")
    page = queries.page(commune=commune, after=after)
    kept = {"commune": request.GET.get("commune", "")} if commune else {}
    context = {
        "form": form,
        "commune": commune,
        "page": page,
        "next": f"?{urlencode(kept | {'apres': page.next})}" if page.next else "",
        "first": f"?{urlencode(kept)}" if after else "",
    }
    return render(request, "initiatives/story_list.html", context)


@permission("story.read", load=load_published)
@require_safe
def show(request: HttpRequest, story: Story) -> HttpResponse:
    may = allowed(actor_of(request), "story.manage", story)
    context = {"story": story, "photos": list(story.photos.all()), "may_manage": may}
    return render(request, "initiatives/story_show.html", context)


@permission("story.read", load=load_photo)
@require_safe
def photo(request: HttpRequest, photo: StoryPhoto) -> HttpResponse:
    """Of a published story for anyone; otherwise for its authors and the operator."""
    is_public = photo.story.is_public
    if not is_public and not allowed(actor_of(request), "story.manage", photo.story):
        raise Http404("Cette image n’existe pas.")
    small = request.GET.get("taille") == "petite"
    return picture(photo.thumbnail if small else photo.file, is_public=is_public)


@permission("story.signal", load=load_published)
def signal(request: HttpRequest, story: Story) -> HttpResponse:
    form = SignalForm(sent(request))
    if request.method == "POST":
        refused: HttpResponse | None = consume_or_429(request, action="signal_initiative")
        if refused is not None:
            return refused
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.signal(story, data["reason"], data["message"], actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Merci. Le récit va être relu.")
            return redirect("initiatives:story_show", story.key)
    return render(request, "initiatives/story_signal.html", {"story": story, "form": form})
