"""The use cases that change a room: enter, send, act, ask to join."""

from safespace.relay.relay import Relay

__all__ = ["Relay"]
