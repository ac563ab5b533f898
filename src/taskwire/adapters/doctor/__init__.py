"""What `taskwire doctor` looks at from outside, as a browser would, and how it says what is wrong."""
