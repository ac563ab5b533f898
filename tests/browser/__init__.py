"""The page in a real Chromium, against the real product: what its users would see."""
