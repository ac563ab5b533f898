"""Faults on purpose, and a checker that would catch us lying."""
