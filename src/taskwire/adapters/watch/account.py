"""Signs in over REST and stays signed in; sells no secrets: the password stays in this process."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Any, Self

import httpx2

RENEW_BEFORE_S = 60.0


class SignInRefused(Exception):  # noqa: N818 - reads as what happened
    """Wrong e-mail or password, or an account that is gone: trying again does not help."""


class Account:
    """Use it as a context. Network trouble comes out as `OSError`; the caller tries again."""

    def __init__(self, url: str, email: str, password: str) -> None:
        self._http = httpx2.AsyncClient(base_url=url, timeout=10.0)
        self._credentials = {"email": email, "password": password}
        self._access_token = ""
        self._renew_at_s = 0.0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await self._http.aclose()

    async def access_token(self) -> str:
        """A token with some life left in it."""
        if time.monotonic() >= self._renew_at_s:
            await self._renew()
        return self._access_token

    async def ticket(self) -> str:
        """A token for one socket, good once."""
        answer = await self._ask_for_ticket()
        if answer.status_code == httpx2.codes.UNAUTHORIZED:
            self._renew_at_s = 0.0  # revoked before its time: one new sign-in, then give up
            answer = await self._ask_for_ticket()
        return str(_body(answer)["token"])

    async def _ask_for_ticket(self) -> httpx2.Response:
        header = {"Authorization": f"Bearer {await self.access_token()}"}
        return await self._post("/api/auth/ws-ticket", headers=header)

    async def _renew(self) -> None:
        """By the refresh cookie while it is good, otherwise by the password."""
        answer = await self._post("/api/auth/refresh") if self._access_token else None
        if answer is None or answer.status_code != httpx2.codes.OK:
            answer = await self._post("/api/auth/login", json=self._credentials)
        body = _body(answer)
        self._access_token = str(body["access_token"])
        self._renew_at_s = time.monotonic() + float(body["expires_in"]) - RENEW_BEFORE_S

    async def _post(self, path: str, **options: Any) -> httpx2.Response:  # noqa: ANN401 - httpx's own
        try:
            return await self._http.post(path, **options)
        except httpx2.HTTPError as error:
            raise ConnectionError(f"{type(error).__name__}: {error}") from error


def _body(answer: httpx2.Response) -> dict[str, Any]:
    if answer.status_code in {400, 401, 403, 404, 422}:
        raise SignInRefused(_reason(answer))
    if answer.status_code != httpx2.codes.OK:
        raise ConnectionError(f"the server answered {answer.status_code}")
    body: dict[str, Any] = answer.json()
    return body


def _reason(answer: httpx2.Response) -> str:
    try:
        return str(answer.json()["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return f"the server answered {answer.status_code}"
