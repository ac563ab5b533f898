"""Google over HTTP: consent and tokens, calendars and events. It decides nothing."""
