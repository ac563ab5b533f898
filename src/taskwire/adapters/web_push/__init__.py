"""Web Push: messages to a browser without an open page, through the service its maker runs.

RFC 8030 (the request), RFC 8291 (the encryption: the service cannot read what it passes on) and
RFC 8292 (VAPID: who is sending).
"""
