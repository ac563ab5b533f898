"""The environment variables our child programs get: the person's own, and what they lack."""

import os
import ssl
from pathlib import Path

from tooling.places import CACHE, VENV

# Where the systems we know keep all trusted certificates in one file.
_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/cert.pem",
)


def for_children() -> dict[str, str]:
    """Return the environment for uv, npm and the tools; what the person has set stays."""
    quiet = {"NPM_CONFIG_UPDATE_NOTIFIER": "false", "NPM_CONFIG_FUND": "false"}
    variables = {**quiet, **_certificates(), **_caches(), **os.environ, "PATH": _path()}
    # With "production" in it, npm leaves out the very tools that build and test the page.
    variables.pop("NODE_ENV", None)
    # With this set, each of the hundreds of processes of a test run compiles its libraries anew,
    # which is half of what its start costs.
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    return variables


def certificate_bundle() -> Path | None:
    """Return the machine's own list of trusted certificates, if it has one."""
    candidates = [ssl.get_default_verify_paths().cafile, *_BUNDLES]
    return next((Path(name) for name in candidates if name and Path(name).is_file()), None)


def _certificates() -> dict[str, str]:
    # uv and Node bring lists of their own and do not ask the machine. Behind a company's
    # proxy only the machine knows the right certificate; on a machine without a list, only
    # theirs will do.
    bundle = certificate_bundle()
    if bundle is None:
        return {}
    return {"UV_SYSTEM_CERTS": "true", "NODE_EXTRA_CA_CERTS": str(bundle)}


def _caches() -> dict[str, str]:
    # A service account often has a home folder that it cannot write to.
    home = Path("~").expanduser()
    if os.access(home, os.W_OK):
        return {}
    return {"UV_CACHE_DIR": str(CACHE / "uv"), "NPM_CONFIG_CACHE": str(CACHE / "npm")}


def _path() -> str:
    return os.pathsep.join([str(VENV / "bin"), os.environ.get("PATH", os.defpath)])
