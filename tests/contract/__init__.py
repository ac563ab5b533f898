"""What every store promises, whichever database is behind it: one suite, run on each."""
