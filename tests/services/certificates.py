"""A certificate of our own, made as an operator makes theirs: by openssl, in one command."""

import subprocess
from pathlib import Path

from tooling.servers import nginx as source


def make_certificate(folder: Path, *more: str) -> None:
    """By the README's command; `-subj` is what a person is asked for."""
    folder.mkdir()
    words = ["req", "-x509", "-nodes", "-days", "365", "-newkey", "rsa:2048"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    openssl = source.find_openssl()
    assert openssl is not None, "there is no openssl; `make test` installs one"
    command = [str(openssl), *words, *files, "-subj", "/CN=localhost", *more]
    subprocess.run(command, check=True, capture_output=True)
