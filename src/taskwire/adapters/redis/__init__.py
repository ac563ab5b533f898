"""The bus: one subscriber connection per process, and a publisher that costs nobody anything."""
