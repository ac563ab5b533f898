"""Judges a run by its history and the database's end. It imports none of the product's code."""
