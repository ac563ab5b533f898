"""From where somebody signs in, in words that a person recognises, and whether it is known.

The header is never repeated: what a stranger wrote into it must not speak through a security notice.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
from dataclasses import dataclass

from taskwire.domain.notification import SIGN_IN, News

# In this order: each of them claims to be the ones after it as well.
_BROWSERS = (
    ("Edge", re.compile(r"\bEdg(?:e|A|iOS)?/")),
    ("Opera", re.compile(r"\b(?:OPR|Opera)/")),
    ("Samsung Internet", re.compile(r"\bSamsungBrowser/")),
    ("Firefox", re.compile(r"\b(?:Firefox|FxiOS)/")),
    ("Chrome", re.compile(r"\b(?:Chrome|CriOS|Chromium|HeadlessChrome)/")),
    ("Safari", re.compile(r"\bSafari/")),
    ("curl", re.compile(r"^curl/")),
)
_SYSTEMS = (
    ("iPhone", re.compile(r"\biPhone\b")),
    ("iPad", re.compile(r"\biPad\b")),
    ("Android", re.compile(r"\bAndroid\b")),
    ("ChromeOS", re.compile(r"\bCrOS\b")),
    ("Windows", re.compile(r"\bWindows\b")),
    ("macOS", re.compile(r"\bMac(?:intosh| OS X)\b")),
    ("Linux", re.compile(r"\bLinux\b")),
)
UNKNOWN = "an unknown device"
USER_AGENT_LENGTH_READ = 1000

# Providers give a household another address within its network every day.
_NETWORK_BITS = {4: 24, 6: 48}


@dataclass(frozen=True, slots=True)
class Device:
    """`name` as `Firefox on Linux`; `address` as the connection has it."""

    name: str
    address: str

    def mark(self, person_id: int) -> str:
        """What is kept to know it again: a hash, the same for the same device and network."""
        words = f"{person_id}\n{self.name}\n{_network(self.address)}"
        return hashlib.sha256(words.encode()).hexdigest()


def device_of(user_agent: str, address: str) -> Device:
    read = user_agent[:USER_AGENT_LENGTH_READ]
    browser, system = _first(_BROWSERS, read), _first(_SYSTEMS, read)
    name = f"{browser} on {system}" if browser and system else browser or system or UNKNOWN
    return Device(name, address)


def sign_in_news(device: Device) -> News:
    place = f" from {device.address}" if device.address else ""
    return News(SIGN_IN, device.name, f"Somebody signed in to your account{place}.")


def _first(known: tuple[tuple[str, re.Pattern[str]], ...], text: str) -> str | None:
    return next((name for name, pattern in known if pattern.search(text)), None)


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((parsed, _NETWORK_BITS[parsed.version]), strict=False))
