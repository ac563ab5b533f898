"""The engine in virtual time: gateways, log, bus and clients in one process, all from one seed."""
