"""Thin translations between the world and the inside. No adapter imports another."""
