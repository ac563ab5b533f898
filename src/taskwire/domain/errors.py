"""Expected trouble, one type each. The adapters' one table turns them into answers."""

from __future__ import annotations


class RefusedError(Exception):
    """Something a person asked for cannot be done; `code` is for programs, `message` for people."""

    code = "refused"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InvalidError(RefusedError):
    """The request was understood and breaks a rule; nothing was changed."""

    code = "invalid"


class TooLargeError(RefusedError):
    code = "too_large"


class NotFoundError(RefusedError):
    """Missing and foreign are the same to the byte, so that ids tell nothing."""

    code = "not_found"

    def __init__(self, message: str = "There is nothing here with this id.") -> None:
        super().__init__(message)


class UnauthenticatedError(RefusedError):
    code = "unauthenticated"

    def __init__(self, message: str = "Sign in again.", *, code: str = "unauthenticated") -> None:
        super().__init__(message)
        self.code = code


class ForbiddenError(RefusedError):
    code = "forbidden"


class EmailTakenError(RefusedError):
    code = "email_taken"

    def __init__(self) -> None:
        super().__init__("There is an account with this e-mail address already.")


class LimitReachedError(RefusedError):
    code = "limit_reached"


class ThrottledError(RefusedError):
    """Too many of something; `retry_after_s` says when another try is worth it."""

    code = "throttled"

    def __init__(self, retry_after_s: int, what: str = "Too many failed attempts.") -> None:
        super().__init__(f"{what} Try again in {retry_after_s} seconds.")
        self.retry_after_s = retry_after_s


class KeyReusedError(RefusedError):
    code = "idempotency_key_reused"

    def __init__(self) -> None:
        super().__init__("This Idempotency-Key was used for another request. Make a new one.")


class UnavailableError(RefusedError):
    """The database did not answer in its bound; nothing is known to have changed."""

    code = "unavailable"

    def __init__(self, message: str = "The database does not answer. Try again soon.") -> None:
        super().__init__(message)
