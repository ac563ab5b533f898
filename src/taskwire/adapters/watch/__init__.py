"""A small client of our own protocol: `taskwire watch`, and an example to write others from.

`channel.py` decides and knows no network; `client.py` talks; `printing.py` shows.
"""
