"""One fault at a time, at full size, on a real installation, with the clock in hand.

Where the torture run asks whether anything is ever lost, these ask how long it takes: each file
is one promise with its bounds, and says by how much it was kept or missed.
"""
