"""What a person sees: the question that Google asks, and their calendar, to drag and to delete."""

import html
from collections.abc import Mapping
from pathlib import Path

from tests.fake_google.accounts import OWNER
from tests.fake_google.answers import Answer, Json
from tests.fake_google.google import Google

_HTML = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}
_CALENDAR = Path(__file__).with_name("calendar.html")
_WHAT = {
    "calendar.app.created": "Make secondary calendars, and see, create, change and delete their events",
}

_STYLE = """<style>body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:4rem auto;padding:0 1rem}
fieldset{border:1px solid #ccc;border-radius:8px;padding:1rem;margin:1rem 0}
button{font:inherit;padding:.5rem 1.2rem;margin-inline-end:.5rem}</style>"""


def consent_page(query: Mapping[str, str]) -> Answer:
    """A box for each scope, ticked; a real person may untick one."""
    boxes = "".join(
        f'<label><input type="checkbox" name="scope" value="{html.escape(scope)}" checked> '
        f"{html.escape(_what(scope))}</label><br>"
        for scope in query["scope"].split()
    )
    page = f"""<!DOCTYPE html><html lang="en"><link rel="icon" href="data:,"><title>Sign in: fake Google</title>{_STYLE}
<h1>Fake Google</h1><p>An application wants access to an account.</p>
<form method="post"><p><label>Account <input name="account" value="{OWNER}" size="30"></label></p>
<fieldset><legend>It wants to</legend>{boxes}</fieldset>
<button name="answer" value="allow">Continue</button>
<button name="answer" value="deny">Cancel</button></form></html>"""
    return Answer(200, page.encode(), _HTML)


def refused(fault: str) -> Answer:
    page = (
        f"<!DOCTYPE html><title>Error 400</title><h1>Access blocked</h1><p>Error 400: {fault}</p>"
    )
    return Answer(400, page.encode(), _HTML)


def calendar_page() -> Answer:
    """The page asks for the events itself, again and again."""
    return Answer(200, _CALENDAR.read_bytes(), _HTML)


def listed(google: Google) -> Json:
    """The living events of all calendars, for the page."""
    calendars = [
        {
            "id": calendar.id,
            "title": calendar.fields.get("summary", calendar.id),
            "events": [
                {
                    "id": event.id,
                    "summary": event.fields.get("summary", ""),
                    "start": event.fields["start"],
                    "end": event.fields["end"],
                    "extendedProperties": event.fields.get("extendedProperties", {}),
                }
                for event in google.living(calendar.id)
            ],
        }
        for calendar in google.calendars.values()
    ]
    return {"calendars": calendars, "zone": google.zone}


def _what(scope: str) -> str:
    return _WHAT.get(scope.rpartition("/auth/")[2], scope)
