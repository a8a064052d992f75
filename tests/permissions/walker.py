"""Going through every address as every persona, and comparing with the matrix."""

from http.cookies import SimpleCookie

from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from preau.accounts.enums import Role
from preau.accounts.perms import MATRIX, NOWHERE
from tests.accounts.factories import sign_in
from tests.permissions import samples


def addresses(resolver=None, namespace=""):
    """`(name, pattern)` of every address, those of the libraries included."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern, inner)
        else:
            yield f"{namespace}{pattern.name or pattern.pattern}", pattern


def arguments(name, pattern, world):
    """The arguments of an address, or None with no sample for them."""
    wanted = pattern.pattern.converters
    if name in samples.SAMPLES:
        return samples.SAMPLES[name](world)
    known = samples.SAMPLES_BY_ARGUMENT
    if any(argument not in known for argument in wanted):
        return None
    return {argument: known[argument](world) for argument in wanted}


def cookies_of(world):
    """Each persona signs in once."""
    jars = {"anonymous": SimpleCookie()}
    for name, (user, membership) in world.people.items():
        jars[name] = sign_in(Client(), user, membership).cookies
    return jars


def ask(method, url, cookies):
    """One request whose writes are undone."""
    client = Client()
    client.cookies = SimpleCookie({name: morsel.value for name, morsel in cookies.items()})
    with transaction.atomic():
        response = getattr(client, method)(url)
        for close in response._resource_closers if response.streaming else ():
            close()  # a file that nobody reads; response.close() would end the connection too
        transaction.set_rollback(True)
    return response


def outcome(response):
    if response.status_code == 403:
        return "forbidden"
    login = resolve_url(settings.LOGIN_URL)
    if response.status_code == 302 and response.url.split("?")[0] == login:
        return "sign in"
    return "error" if response.status_code >= 500 else "served"


def expected(persona, permitted):
    if permitted:
        return "served"
    return "sign in" if persona.name == "anonymous" else "forbidden"


def faults(name, pattern, world, jars):
    """Sentences about what differs from the matrix; none when all is well."""
    view = pattern.callback
    asked = getattr(view, "permission", None)
    if asked is None and name not in samples.THIRD_PARTY:
        return [f"{name}: the view declares no @permission."]
    given = arguments(name, pattern, world)
    if given is None:
        return [
            f"{name}: no sample for {pattern.pattern}. Add its arguments to SAMPLES in"
            " tests/permissions/samples.py."
        ]
    url = reverse(name, kwargs=given)
    try:
        subject = asked.load(**given) if asked and asked.load else None
    except Http404:
        return [f"{name}: the sample leads to nothing (404). Mend it in samples.py."]
    scope = subject.permission_scope if subject is not None else NOWHERE
    allowed_roles = MATRIX[asked.action] if asked else {samples.THIRD_PARTY[name]}
    found = []
    for persona in samples.personas_for(name):
        permitted = bool(allowed_roles & persona.roles(world, scope))
        found += _compare(name, url, persona, permitted, jars)
    return found


def _compare(name, url, persona, permitted, jars):
    for method in ("get", "post"):
        response = ask(method, url, jars[persona.name])
        got, wanted = outcome(response), expected(persona, permitted)
        # Signing in again is how a library asks an entrant to start from the beginning.
        restart = name in samples.THIRD_PARTY and got == "sign in" and permitted
        again = name in samples.ASKS_AGAIN and permitted and got in {"forbidden", "sign in"}
        if got != wanted and not restart and not again:
            yield (
                f"{name}: {method.upper()} {url} as {persona.name}: {got}"
                f" ({response.status_code}), the matrix says {wanted}."
            )


def with_role(role):
    return [persona for persona in samples.PERSONAS if role in persona.town_roles]


ROLES_COVERED = {Role.ANYONE, Role.SIGNED_IN, Role.HOLDER, Role.READER, Role.OPERATOR}.union(
    *(one.town_roles | one.project_roles for one in samples.personas_for("projects:"))
)
