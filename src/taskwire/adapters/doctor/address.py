"""The public address: whether it answers, by which certificate, and by which clock."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx2

from taskwire.adapters.doctor.finding import Finding, ill, well, worth_a_look

ANSWER_S = 10.0
CERTIFICATE_DAYS_MIN = 14
CLOCK_OFF_S = 30.0
DAY_S = 86_400


async def look_at_address(url: str) -> list[Finding]:
    findings = [] if urlsplit(url).scheme != "https" else [await _certificate(url)]
    try:
        # Whether the certificate can be trusted is said above; here it must not hide all else.
        async with httpx2.AsyncClient(verify=False, timeout=ANSWER_S, trust_env=False) as http:
            answer = await http.get(url)
            guarded = [(await http.get(url + path)).status_code for path in ("/metrics", "/readyz")]
    except httpx2.HTTPError as error:
        return [
            *findings,
            ill("address", f"{url} does not answer: {str(error) or type(error).__name__}"),
        ]
    return [*findings, *_page(url, answer), *_guarded(url, guarded)]


def _page(url: str, answer: httpx2.Response) -> Iterator[Finding]:
    if answer.is_redirect:
        yield ill("address", f"{url} leads to {answer.headers['location']}: is that PUBLIC_URL?")
    elif answer.status_code != httpx2.codes.OK or "Taskwire" not in answer.text:
        yield ill("address", f"{url} answered {answer.status_code}, and not with our page")
    else:
        yield well("address", f"{url} answers with the page")
    said = answer.headers.get("date")
    if said is None:
        return
    off_s = parsedate_to_datetime(said).timestamp() - time.time()
    if abs(off_s) > CLOCK_OFF_S:
        yield ill(
            "clock", f"{url} is {off_s:+.0f} s off this machine: tokens live {ANSWER_S:.0f} s"
        )
    else:
        yield well("clock", "the same here and there")


def _guarded(url: str, statuses: list[int]) -> Iterator[Finding]:
    is_public = urlsplit(url).hostname not in {"localhost", "127.0.0.1", "::1"}
    if is_public and httpx2.codes.OK in statuses:
        yield worth_a_look("proxy", "/metrics and /readyz are open to everybody: keep them inside")


async def _certificate(url: str) -> Finding:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or 443
    try:
        days = await asyncio.to_thread(_days_left, host, port)
    except ssl.SSLCertVerificationError as error:
        return worth_a_look("certificate", f"browsers will warn: {error.verify_message}")
    except (OSError, ssl.SSLError) as error:
        return ill("certificate", f"no TLS at {host}:{port}: {error}")
    if days < CERTIFICATE_DAYS_MIN:
        return worth_a_look("certificate", f"it ends in {days:.0f} days: renew it")
    return well("certificate", f"good for {days:.0f} more days")


def _days_left(host: str, port: int) -> float:
    context = ssl.create_default_context()
    with (
        socket.create_connection((host, port), timeout=ANSWER_S) as plain,
        context.wrap_socket(plain, server_hostname=host) as secure,
    ):
        certificate = secure.getpeercert() or {}
    ends = ssl.cert_time_to_seconds(str(certificate["notAfter"]))
    return (ends - time.time()) / DAY_S
