"""What the relay costs, next to a bare WebSocket broadcast in the same run."""
