"""What a restored database must not have in common with the one it was copied from.

A new epoch: pages have seen numbers that are no longer in the log, and must begin again from a
snapshot. No open sign-in: what was signed out since the copy would be signed in again. And no number
of a person that was given to somebody since the copy: a token of theirs may still be alive.
"""

from __future__ import annotations

COUNTED = ("people", "tasks", "events", "streams", "notifications", "jobs")
"""Tables whose rows the manifest counts."""

PEOPLE_SKIPPED = 10_000
"""More than have signed up since any copy that somebody restores."""

# Run by psql before and after the tables are replaced, all in one transaction.
REMEMBER_SESSIONS = """
CREATE TEMPORARY TABLE left_behind (
    id text, person_id bigint, created_at timestamptz, expires_at timestamptz
) ON COMMIT DROP;
DO $$ BEGIN
    IF to_regclass('public.sessions') IS NOT NULL THEN
        INSERT INTO left_behind
        SELECT id, person_id, created_at, expires_at FROM public.sessions WHERE closed_at IS NULL;
    END IF;
END $$;
"""

TURN = f"""
INSERT INTO public.sessions (id, person_id, created_at, expires_at)
SELECT id, person_id, created_at, expires_at FROM left_behind ON CONFLICT DO NOTHING;
UPDATE public.log_epoch SET epoch = '{{epoch}}';
UPDATE public.sessions SET closed_at = now() WHERE closed_at IS NULL;
SELECT setval(
    pg_get_serial_sequence('public.people', 'id'),
    (SELECT coalesce(max(id), 0) FROM public.people) + {PEOPLE_SKIPPED}
);
"""  # noqa: S608 - put together from this module's constants and a number of ours
