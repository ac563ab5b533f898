from pathlib import Path

from taskwire.adapters.processes.embedded_redis import redis_command, redis_configuration

CONFIGURATION = redis_configuration(Path('/a "b"/redis.sock'), "pass-word", Path("/a/redis.log"))


def test_the_command_line_carries_no_password_and_no_path() -> None:
    assert redis_command()[1:] == ["-"]


def test_it_listens_on_a_private_socket_only() -> None:
    lines = CONFIGURATION.decode().splitlines()
    assert "port 0" in lines
    assert "unixsocketperm 700" in lines
    assert 'requirepass "pass-word"' in lines
    assert r'unixsocket "/a \"b\"/redis.sock"' in lines


def test_long_replies_count_towards_the_limit_of_a_slow_subscriber() -> None:
    assert b"min-string-size-avoid-copy-reply 1073741824" in CONFIGURATION
