"""Sockets: picows inside uvicorn, on the same port as REST."""
