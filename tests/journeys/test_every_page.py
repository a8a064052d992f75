"""Every page that opens without a particular state, as somebody who may see it, with axe.

The things shown and their addresses come from `tests/permissions/samples.py`. What only acts (no
GET) or gives a file is no page. A page that the samples cannot open is named in ELSEWHERE, with
the test that visits it or the reason why none does.
"""

import pytest
from django.urls import reverse

from tests.permissions.samples import World
from tests.permissions.samples_projects import PROJECT_ROOMS
from tests.permissions.walker import addresses, arguments, ask, cookies_of

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

#: Who tries each page, in this order; the first to whom it opens is the one who looks at it.
WHO = ["administrator", "operator", "holder_member", "holder", "resident", "anonymous", "member"]
#: In the rooms of projects: those who may most, first.
WHO_OF_PROJECTS = ["ddt_agent", "mayor", "partner", *WHO]
POST_LEADS_BACK = "acts on POST; a GET leads back to the page of its button"
A_KEY = "asks for a key: test_accounts"
SIGNING_IN = "asks that signing in be under way: test_accounts"
A_STATE = "asks for a state of its own: test_side_pages"
A_HOLD = "asks for a held slot: test_booking_pages"
IDENTIFIED = "asks for the code sent to the signatory: test_signing"
#: No page there, but JSON for tokens: tests/api, its whole description included.
FOR_PROGRAMS = "api:v1"
ELSEWHERE = {
    "api:root": "says in JSON that nothing is there: tests/api/test_calls",
    "mirrors:start": "of a draft alone: test_mirrors",
    "payments:come_back": "comes from a provider: test_paying",
    "payments:trial_by_link": "asks for a trial under way: tests/payments/test_by_link",
    **dict.fromkeys(
        (
            "payments:export_refunds",
            "payments:approve_refund",
            "payments:refuse_refund",
            "payments:refund_paid",
            "payments:refund_bank_again",
            "payments:receive_deposit",
            "payments:return_deposit",
            "payments:announce_deposit",
            "payments:add_deposit_photo",
            "payments:answer_deposit",
            "payments:keep_deposit",
        ),
        "leads back to the page it is sent from, where its form is: test_money_back",
    ),
    "connectors:grant_prepare": "of a démarche named in the query: test_grants",
    "agreements:sign_read": IDENTIFIED,
    "agreements:sign_file": IDENTIFIED,
    "agreements:sign_consent": IDENTIFIED,
    "agreements:sign_refuse": IDENTIFIED,
    "agreements:sign_progress": IDENTIFIED,
    "agreements:sign_copy": IDENTIFIED,
    "agreements:sign_proof": IDENTIFIED,
    "account_confirm_login_code": SIGNING_IN,
    "mfa_authenticate": SIGNING_IN,
    "identity_leave": "leads to a provider: test_identities",
    "identity_return": "comes from a provider: test_identities",
    "identity_signed_out": "comes from a provider: test_identities",
    "identity_link": "asks that a provider know the person: test_identities",
    "accounts:join_answer": POST_LEADS_BACK,
    "accounts:prove": POST_LEADS_BACK,
    "mfa_login_webauthn": "answers to the script of the sign-in page",
    "mfa_edit_webauthn": A_KEY,
    "mfa_remove_webauthn": A_KEY,
    "mfa_reauthenticate": A_KEY,
    "mfa_reauthenticate_webauthn": A_KEY,
    "mfa_view_recovery_codes": A_KEY,
    "mfa_download_recovery_codes": A_KEY,
    "agreements:my_link": "only on POST, from the button of the agreement",
    "availability:remove": POST_LEADS_BACK,
    "availability:exception_remove": POST_LEADS_BACK,
    "availability:school_holiday_remove": POST_LEADS_BACK,
    "capacity:open_hours": "asks for hours in its address: test_capacity",
    "capacity:offer_hours": "asks for hours in its address: test_capacity",
    "directory:points": "answers to the script of the map",
    "directory:exception_remove": POST_LEADS_BACK,
    "directory:offer_remove": POST_LEADS_BACK,
    "directory:confirm": POST_LEADS_BACK,
    "directory:state": POST_LEADS_BACK,
    "directory:decide": POST_LEADS_BACK,
    "economics:propose": "asks for costs and providers: test_economics",
    "economics:edit_line": "asks which hypothesis in its address: tests/economics",
    "initiatives:submission_file": "gives a file that its sample has not: tests/initiatives",
    "initiatives:listing_photo": "gives a picture that its sample has not: tests/initiatives",
    "projects:draft_resume": "a draft of one's own: test_filing",
    "projects:acknowledge": POST_LEADS_BACK,
    "projects:assessment_join": POST_LEADS_BACK,
    "portfolio:points": "answers to the script of the map",
    "portfolio:move": POST_LEADS_BACK,
    "booking:details": A_HOLD,
    "booking:recap": A_HOLD,
    "booking:again": A_HOLD,
    "booking:abandon": A_HOLD,
    "booking:series_change": A_HOLD,
    "booking:pieces": A_HOLD,
    "booking:piece_add": A_HOLD,
    "booking:piece_provide": A_STATE,
    "booking:piece_verify": POST_LEADS_BACK,
    "booking:wait": A_STATE,
    "booking:leave_line": POST_LEADS_BACK,
    "booking:change_ask": A_STATE,
    "booking:change_accept": POST_LEADS_BACK,
    "booking:change_withdraw": POST_LEADS_BACK,
    "booking:write": POST_LEADS_BACK,
    "booking:accept": POST_LEADS_BACK,
    "pricing:duplicate": POST_LEADS_BACK,
    "pricing:archive": POST_LEADS_BACK,
    "desk:give_back": POST_LEADS_BACK,
    "desk:no_show": POST_LEADS_BACK,
    "desk:inventory_add_photo": POST_LEADS_BACK,
    "desk:inventory_sign": POST_LEADS_BACK,
    "desk:inventory_reopen": POST_LEADS_BACK,
    "desk:remove_photo": POST_LEADS_BACK,
    "desk:import_begin": POST_LEADS_BACK,
    "desk:import_halt": POST_LEADS_BACK,
    "desk:occupancy": "of a booking, leads to its page; of a closure: test_town",
    "projects:blockage_take": POST_LEADS_BACK,
    "projects:blockage_release": POST_LEADS_BACK,
    "projects:suggestion_send": POST_LEADS_BACK,
    "projects:suggestion_adapt": "asks which suggestion: test_help",
    "projects:suggestion_discard": "asks which suggestion: test_help",
    "projects:recommendations_send": POST_LEADS_BACK,
    "projects:recommendation_remove": POST_LEADS_BACK,
    "projects:recommendation_answer": POST_LEADS_BACK,
    "portal:notice_open": POST_LEADS_BACK,
    "portal:mail_formatted": "no script may touch it, axe neither; seen framed by portal:mail",
}


def rooms():
    """The addresses of each room; those without one are of signing in."""
    found = {}
    for name, pattern in addresses():
        room, _, _ = name.rpartition(":")
        if room != FOR_PROGRAMS:
            found.setdefault(room or "account", []).append((name, pattern))
    return found


ROOMS = rooms()


@pytest.fixture
def world(db, settings, tmp_path, room):
    settings.MEDIA_ROOT = tmp_path
    settings.IS_DEMO = True
    return World(projects=is_of_projects(room))


def is_of_projects(room):
    return f"{room}:" in PROJECT_ROOMS


def is_page(response):
    is_html = response["Content-Type"].startswith("text/html")
    return response.status_code == 200 and is_html and b"</html>" in response.content


def is_no_page(response):
    return response.status_code in {405, 200}


def who_opens(url, jars, people):
    """Somebody to whom it opens; "" where it is no page; None where it opens to nobody."""
    for who in people:
        response = ask("get", url, jars[who])
        if is_page(response):
            return who
        if is_no_page(response):
            return ""
    return None


def enter(open_visitor, jar):
    visitor = open_visitor()
    for morsel in jar.values():
        cookie = {"name": morsel.key, "value": morsel.value, "url": visitor.origin}
        visitor.page.context.add_cookies([cookie])
    return visitor


def look(visitor, url):
    """What is wrong with a page, or nothing."""
    try:
        visitor.go(url)
        visitor.assert_accessible()
    except AssertionError as fault:
        visitor.faults.clear()
        return [f"{url}: {fault}"]
    return []


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_every_page_is_accessible(room, world, open_visitor):
    jars, visitors, faults = cookies_of(world), {}, []
    people = WHO_OF_PROJECTS if is_of_projects(room) else WHO
    for name, pattern in ROOMS[room]:
        if name in ELSEWHERE:
            continue
        url = reverse(name, kwargs=arguments(name, pattern, world))
        who = who_opens(url, jars, people)
        if who is None:
            faults.append(f"{name} opens to nobody: mend its sample, or say why in ELSEWHERE.")
        elif who:
            visitors[who] = visitors.get(who) or enter(open_visitor, jars[who])
            faults += look(visitors[who], url)
    assert not faults, "\n".join(faults)


def test_nothing_is_excused_that_no_longer_exists():
    assert set(ELSEWHERE) <= {name for name, _ in addresses()}
