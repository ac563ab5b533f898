"""Lines `lane<TAB>message` from stdin to the rooms, by a write-only manager, as its papers say."""

import json
import os
import sys

import socketio

manager = socketio.RedisManager(os.environ["REDIS_URL"], write_only=True)
print("ready", flush=True)
for line in sys.stdin:
    lane, _, text = line.rstrip("\n").partition("\t")
    manager.emit("message", json.loads(text), room=lane)
