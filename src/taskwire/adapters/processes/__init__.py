"""The processes of one machine: who starts whom, who dies with whom, and what survives.

It knows nothing of tasks, databases or sockets; it starts commands and watches them.
"""
