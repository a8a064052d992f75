"""Sign-in by a code sent by e-mail, passkeys for staff, no password (docs/adr/0005)."""

from config import environment as env

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "preau.accounts.adapter.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
# The code proves the address at each sign-in: nothing else to confirm.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 8}
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = 2
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_TIMEOUT = 15 * 60
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
# "key" is the address typed. A town hall shares one IP address among its staff.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "request_login_code": "60/30m/ip,4/10m/key,30/d/key",
    # Sign-in elsewhere: leaving, then coming back; a town hall shares one address.
    "identity_start": "60/m/ip",
    "identity_return": "60/m/ip",
    # Slots held before signing in: a robot with fresh sessions must not empty a planning.
    "hold_slot": "30/30m/ip",
    # Drafts of projects begun before signing in, and the links sent to take them up again.
    "start_draft": "20/30m/ip",
    "draft_link": "30/30m/ip,3/30m/key,10/d/key",
    # Letters that confirm the support of whoever is not signed in; "key" is their address.
    "give_support": "60/30m/ip,3/30m/key,10/d/key",
    # Answers to listings, remarks of readers, pledges; "key" is a person or an address.
    "answer_listing": "60/30m/ip,30/30m/key",
    "signal_initiative": "20/30m/ip",
    # A campaign has up to twelve targets: somebody generous promises a part of each.
    "pledge": "90/30m/ip,30/30m/key",
    # Each pledge signed out writes to an address that nobody has proved.
    "pledge_letter": "60/30m/ip,12/30m/key,24/d/key",
    # What anybody says of a place of the directory, without an account.
    "signal_place": "20/60m/ip",
    # What links in e-mails let somebody do signed out.
    "act_by_link": "30/30m/ip",
    # A signature takes seconds to judge.
    "verify_document": "40/10m/ip",
    # "key" is the signatory's address.
    "signing_code": "60/30m/ip,4/10m/key,20/d/key",
    "signing_link": "60/30m/ip,3/30m/key,10/d/key",
}
# How many reverse proxies stand before us: the client's address is read that far from the right.
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("PREAU_TRUSTED_PROXIES", 0)
# Several processes count the same attempts: the cache is a table of PostgreSQL.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
MFA_SUPPORTED_TYPES = ["webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = env.text("PREAU_MODE", "demo") != "production"
# A write on each page would cost more than knowing the last minute is worth.
USERSESSIONS_TRACK_ACTIVITY = False
