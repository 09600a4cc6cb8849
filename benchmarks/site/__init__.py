"""The page: rankings, entries and the race as a static site that needs no server."""
