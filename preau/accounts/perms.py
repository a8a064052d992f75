"""The one place where a permission is decided.

Each room declares its lines of the matrix (action → roles) in its own `perms.py`. A view carries
its action through `@permission`; the middleware refuses a view that carries none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from preau.accounts.actors import Actor
from preau.accounts.audiences import named_by
from preau.accounts.enums import MembershipRole, Role
from preau.core.errors import Refusal
from preau.core.registries import role_sources

if TYPE_CHECKING:
    from preau.accounts.models import Organization

#: action → roles that may do it. Filled by `declare`.
MATRIX: dict[str, frozenset[Role]] = {}

_RANK = {
    MembershipRole.MEMBER: {Role.MEMBER},
    MembershipRole.CARETAKER: {Role.MEMBER, Role.CARETAKER},
    MembershipRole.APPROVER: {Role.MEMBER, Role.APPROVER},
    MembershipRole.MANAGER: {Role.MEMBER, Role.CARETAKER, Role.APPROVER, Role.MANAGER},
    MembershipRole.ADMINISTRATOR: {
        Role.MEMBER,
        Role.CARETAKER,
        Role.APPROVER,
        Role.MANAGER,
        Role.ADMINISTRATOR,
    },
}


@dataclass(frozen=True, slots=True)
class Scope:
    """What a thing belongs to, as far as rights go.

    Attributes:
        organization_id: who manages it; membership roles there count.
        place_id: the place it is in; roles given on that place count.
        holder_user_id, holder_organization_id: for whom it exists (an occupant); they are HOLDER.
        project_id: the project it belongs to; roles there count.
        reader_keys: audience lines it was shown to ("place:12"); whoever they name is READER.
    """

    organization_id: int | None = None
    place_id: int | None = None
    holder_user_id: int | None = None
    holder_organization_id: int | None = None
    project_id: int | None = None
    reader_keys: frozenset[str] = frozenset()


NOWHERE = Scope()


def declare(lines: dict[str, Iterable[Role]]) -> None:
    """Add lines to the matrix; an action is declared once."""
    for action, roles in lines.items():
        if action in MATRIX:
            raise ValueError(f"{action} is already declared.")
        MATRIX[action] = frozenset(roles)


def roles_of(actor: Actor, scope: Scope = NOWHERE) -> set[Role]:
    """Everything the actor is towards a thing, wearing the present hat."""
    roles = {Role.ANYONE}
    if actor.user is None:
        return roles
    roles.add(Role.SIGNED_IN)
    if actor.is_operator:
        roles.add(Role.OPERATOR)
    if scope.holder_user_id == actor.user_id and actor.user_id is not None:
        roles.add(Role.HOLDER)
    if actor.membership is not None:
        if actor.organization_id == scope.holder_organization_id:
            roles.add(Role.HOLDER)
        if actor.organization_id == scope.organization_id:
            roles |= _RANK[MembershipRole(actor.membership.role)]
    if scope.reader_keys and named_by(actor, scope.reader_keys):
        roles.add(Role.READER)
    for source in role_sources:
        roles |= source(actor, scope)
    return roles


def allowed(actor: Actor, action: str, subject: Any = None) -> bool:
    """Whether the actor may do the action to the subject (any object with `permission_scope`)."""
    if actor.is_system:
        return True
    scope = subject.permission_scope if subject is not None else NOWHERE
    return bool(MATRIX[action] & roles_of(actor, scope))


View = Callable[..., HttpResponse]


def merged_sentence(gone: Organization, heir: Organization, *, worn: bool = True) -> str:
    """What whoever follows an old link reads; `worn` when they act for the one that took over."""
    hat = ", et c’est pour elle que vous agissez" if worn else ""
    return (
        f"« {gone} » a été réunie à « {heir} » : tout ce qui était à la première est à la"
        f" seconde{hat}."
    )


def _same_page(request: HttpRequest, gone: int, heir: int) -> HttpResponseRedirect:
    """The page asked for, of the organisation that took over."""
    match = request.resolver_match
    assert match is not None
    kwargs = {name: heir if value == gone else value for name, value in match.kwargs.items()}
    query = request.META.get("QUERY_STRING", "")
    address = reverse(match.view_name, kwargs=kwargs)
    return HttpResponseRedirect(f"{address}?{query}" if query else address)


@dataclass(frozen=True, slots=True)
class Permission:
    """What a view asks for; kept on the view as `view.permission`, walked by the tests."""

    action: str
    load: Callable[..., Any] | None


class Denied(PermissionDenied):
    """Signed in, but not allowed with the present hat. Carries what was asked, for the 403 page.

    Attributes:
        opens: which hats would open it, where the matrix alone does not say.
    """

    def __init__(
        self, action: str, subject: Any, *, opens: Callable[[Actor], bool] | None = None
    ) -> None:
        super().__init__(action)
        self.opens = opens or (lambda actor: allowed(actor, action, subject))


def _page_of_form(request: HttpRequest) -> str:
    """The page a form was sent from: the address that takes it may show nothing."""
    came = request.headers.get("referer", "")
    ours = url_has_allowed_host_and_scheme(
        came, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    parts = urlsplit(came)
    page = parts._replace(scheme="", netloc="", fragment="").geturl()
    return page if ours and parts.netloc else request.path


def login_redirect(request: HttpRequest) -> HttpResponseRedirect:
    """To the sign-in page, and back here afterwards; after a form, to the page that showed it."""
    back = request.get_full_path() if request.method == "GET" else _page_of_form(request)
    return HttpResponseRedirect(f"{resolve_url(settings.LOGIN_URL)}?next={quote(back)}")


def permission(action: str, *, load: Callable[..., Any] | None = None) -> Callable[[View], View]:
    """Guard a view with one action of the matrix.

    Args:
        action: a line of the matrix.
        load: turns the URL's values into the subject (raises Http404); the view then receives
            `(request, subject)` instead of the raw values.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            subject = load(**kwargs) if load else None
            actor: Actor = request.actor  # type: ignore[attr-defined]
            # An organisation merged into another: its old links and forms are the other's now.
            heir = getattr(subject, "merged_into", None)
            if heir is not None:
                subject, gone = heir, subject
            if not allowed(actor, action, subject):
                if actor.user is None:
                    return login_redirect(request)
                raise Denied(action, subject)
            if heir is not None:
                messages.info(
                    request, merged_sentence(gone, heir, worn=actor.organization_id == heir.pk)
                )
                if request.method in {"GET", "HEAD"}:
                    return _same_page(request, gone.pk, heir.pk)
            return view(request, subject) if load else view(request, **kwargs)

        guarded.permission = Permission(action, load)  # type: ignore[attr-defined]
        return guarded

    return decorate


# --- Acting in public ---------------------------------------------------------------------------


def can_act_in_public(organization: Organization | None) -> bool:
    """A person for themself may; an organisation once verified (until then: drafts only)."""
    return organization is None or organization.is_verified


def require_verified(actor: Actor) -> None:
    """Call it before an organisation publishes, requests, signs.

    Raises:
        Refusal: the actor's organisation is not verified yet.
    """
    if not can_act_in_public(actor.organization):
        raise Refusal(
            f"« {actor.organization} » n’est pas encore vérifiée : elle ne peut que préparer des"
            " brouillons. Faites-la vérifier depuis sa page, dans « Mes structures ».",
            code="organization_not_verified",
        )


# --- The room's own lines of the matrix ---------------------------------------------------------

declare(
    {
        "account.sign_in": [Role.ANYONE],
        "account.use": [Role.SIGNED_IN],
        "account.rescue": [Role.OPERATOR],
        "identity.unlink": [Role.HOLDER],
        "invitation.read": [Role.ANYONE],
        "invitation.accept": [Role.SIGNED_IN],
        "organization.create": [Role.SIGNED_IN],
        "organization.read": [Role.MEMBER, Role.OPERATOR],
        "organization.edit": [Role.ADMINISTRATOR, Role.OPERATOR],
        "organization.prove": [Role.ADMINISTRATOR],
        "organization.verify": [Role.OPERATOR],
        "organization.merge": [Role.OPERATOR],
        "membership.list": [Role.MEMBER, Role.OPERATOR],
        "membership.invite": [Role.ADMINISTRATOR, Role.OPERATOR],
        "membership.change": [Role.ADMINISTRATOR, Role.OPERATOR],
        "membership.leave": [Role.HOLDER],
    }
)
