"""The real-time engine: channels of numbered messages, delivered once and in order.

It knows nothing of tasks, people, databases, Redis or HTTP. What it needs of the world is in
`ports.py`; what it promises is in docs/protocol.md.
"""
