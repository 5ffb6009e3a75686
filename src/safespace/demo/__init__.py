"""`safespace demo`: a living room to look at, and beside it what the server stored of it."""
