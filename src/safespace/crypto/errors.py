"""What the cryptographic parts raise."""


class CryptoError(ValueError):
    """Something does not open, does not verify or is not of the agreed form. Says which, never what was inside."""
