"""Time-stamps of a trusted authority over HTTP (RFC 3161, SHA-256)."""

from __future__ import annotations

import base64
import secrets

from asn1crypto import algos, tsp

from preau.integrations.http import Rejected, Service, Unavailable

TIMEOUT_SECONDS = 10.0
LARGEST_ANSWER = 200_000
_GRANTED = {"granted", "granted_with_mods"}


def stamp(
    digest: bytes,
    *,
    url: str,
    user: str = "",
    password: str = "",
    timeout: float = TIMEOUT_SECONDS,
) -> bytes:
    """The token (DER of a CMS `SignedData`) over a SHA-256 digest; its signature is not judged.

    Raises:
        Unavailable: no answer in time, a refusal, or a token for something else.
    """
    nonce = secrets.randbits(63)
    request = tsp.TimeStampReq(
        {
            "version": 1,
            "message_imprint": {
                "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
                "hashed_message": digest,
            },
            "nonce": nonce,
            "cert_req": True,
        }
    )
    content = _exchange(request.dump(), url, (user, password) if user else None, timeout)
    try:
        response = tsp.TimeStampResp.load(content, strict=True)
        status = response["status"]["status"].native
        if status not in _GRANTED:
            raise Unavailable(f"refused: {status}")
        token = response["time_stamp_token"]
        about = token["content"]["encap_content_info"]["content"].parsed
        imprint = about["message_imprint"]
        same = (
            imprint["hashed_message"].native == digest
            and imprint["hash_algorithm"]["algorithm"].native == "sha256"
            and about["nonce"].native == nonce
        )
        der: bytes = token.dump()
    except (ValueError, TypeError, KeyError, AttributeError):
        raise Unavailable("the answer is not a time-stamp") from None
    if not same:
        raise Unavailable("the answer is about something else")
    return der


def _exchange(body: bytes, url: str, auth: tuple[str, str] | None, timeout: float) -> bytes:
    headers = {
        "Content-Type": "application/timestamp-query",
        "Accept": "application/timestamp-reply",
    }
    if auth:
        headers["Authorization"] = "Basic " + base64.b64encode(":".join(auth).encode()).decode()
    try:
        answer = Service(url, headers, timeout=timeout).send("POST", "", content=body)
    except Rejected as error:  # nothing of ours is at fault: this is no authority
        raise Unavailable(str(error)) from None
    if len(answer.body) > LARGEST_ANSWER:
        raise Unavailable("the answer is too large")
    return answer.body
