"""The one exception of this package."""

from safespace.errors import SafeSpaceError


class MLSError(SafeSpaceError):
    """An MLS object was refused; `code` says why, in the words of `safespace.errors.CODES`.

    Whatever the bytes given to this package, this is the only exception it raises about them.
    """
