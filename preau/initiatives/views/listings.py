"""What everybody reads of listings; answering one, signalling one."""

from __future__ import annotations

from uuid import uuid4

from allauth.core.ratelimit import consume_or_429
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from preau.accounts.actors import actor_of
from preau.accounts.audiences import named_by
from preau.accounts.perms import allowed, permission
from preau.conversations.forms import MessageForm
from preau.conversations.queries import messages_of
from preau.core.errors import Refusal
from preau.core.forms import sent
from preau.documents import store
from preau.documents.images import MEDIA_TYPE
from preau.documents.models import StoredFile
from preau.initiatives.actions import answers as actions
from preau.initiatives.enums.listings import ListingState
from preau.initiatives.forms.listings import AnswerForm, SearchForm, SignalForm
from preau.initiatives.loading.listings import load_answer, load_listing, load_shown
from preau.initiatives.models import Answer, Listing
from preau.initiatives.queries import listings as queries


@permission("listing.read")
def listing_list(request: HttpRequest) -> HttpResponse:
    """What is offered and sought, the newest first, narrowed as asked."""
    query = request.GET.copy()
    organization = actor_of(request).organization
    if not query and organization is not None:
        query["commune"] = f"{organization.commune.name} ({organization.commune.departement_id})"
    query.setdefault("rayon", str(queries.RADIUS_KM))
    form = SearchForm(query)
    form.is_valid()
    asked, after = form.asked(), query.get("apres", "")
    page = queries.page(asked, after=after)
    context = {
        "form": form,
        "asked": asked,
        "page": page,
        "next": _at(query, page.next) if page.next else "",
        "first": _at(query, "") if after else "",
    }
    return render(request, "initiatives/listing_list.html", context)


def _at(asked: QueryDict, after: str) -> str:
    query = asked.copy()
    query.pop("apres", None)
    if after:
        query["apres"] = after
    return f"?{query.urlencode()}"


@permission("listing.read", load=load_shown)
@require_safe
def show(request: HttpRequest, listing: Listing) -> HttpResponse:
    actor = actor_of(request)
    context = {
        "listing": listing,
        "is_live": listing.state == ListingState.PUBLISHED,
        "is_mine": named_by(actor, listing.writer_keys) if actor.user else False,
        "may_keep": allowed(actor, "listing.keep", listing),
    }
    return render(request, "initiatives/listing_show.html", context)


@permission("listing.answer", load=load_shown)
def answer(request: HttpRequest, listing: Listing) -> HttpResponse:
    """The first message of a conversation, or one more of the one begun."""
    actor = actor_of(request)
    form = AnswerForm(sent(request))
    if request.method == "POST":
        refused: HttpResponse | None = consume_or_429(
            request, action="answer_listing", key=str(actor.user_id)
        )
        if refused is not None:
            return refused
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = actions.answer(
                listing, data["body"], idempotency_key=data["token"] or uuid4(), actor=actor
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Votre message est envoyé. La réponse arrivera ici.")
            return redirect("initiatives:listing_answer", made.pk)
    return render(request, "initiatives/listing_reply.html", {"listing": listing, "form": form})


@permission("listing.talk", load=load_answer)
def conversation(request: HttpRequest, found: Answer) -> HttpResponse:
    """Both sides read and write; neither sees an address."""
    actor = actor_of(request)
    form = MessageForm(sent(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            key = data["token"] or uuid4()
            actions.write(found, data["body"], idempotency_key=key, actor=actor)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("initiatives:listing_answer", found.pk)
    listing = found.listing
    context = {
        "answer": found,
        "listing": listing,
        "page": messages_of(found.thread, before=request.GET.get("avant")),
        "form": form,
        "zone": listing.zone,
        "is_shown": listing.state in {ListingState.PUBLISHED, ListingState.EXPIRED},
        "may_keep": allowed(actor, "listing.keep", listing),
    }
    return render(request, "initiatives/listing_conversation.html", context)


@permission("listing.signal", load=load_shown)
def signal(request: HttpRequest, listing: Listing) -> HttpResponse:
    form = SignalForm(sent(request))
    if request.method == "POST":
        refused: HttpResponse | None = consume_or_429(request, action="signal_initiative")
        if refused is not None:
            return refused
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.signal(listing, data["reason"], data["message"], actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Merci. L’annonce va être vérifiée.")
            return redirect("initiatives:listing_show", listing.key)
    return render(request, "initiatives/listing_signal.html", {"listing": listing, "form": form})


@permission("listing.read", load=load_listing)
@require_safe
def photo(request: HttpRequest, listing: Listing) -> HttpResponse:
    """Of a published listing for anyone; otherwise for those who keep or moderate it."""
    file = listing.thumbnail if request.GET.get("taille") == "petite" else listing.file
    actor, is_public = actor_of(request), listing.state == ListingState.PUBLISHED
    may = is_public or any(
        allowed(actor, action, listing) for action in ("listing.keep", "listing.moderate")
    )
    if file is None or not may:
        raise Http404("Cette image n’existe pas.")
    return picture(file, is_public=is_public)


def picture(file: StoredFile, *, is_public: bool) -> HttpResponse:
    response = HttpResponse(store.read(file), content_type=MEDIA_TYPE)
    response["X-Content-Type-Options"] = "nosniff"
    # An hour: what is withdrawn meanwhile must not be shown much longer.
    response["Cache-Control"] = "public, max-age=3600" if is_public else "private, no-store"
    return response
