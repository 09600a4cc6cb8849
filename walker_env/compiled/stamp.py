"""One mark of all compiled source: it changes when one of the files does.

numba keeps machine code on disk for as long as the file of the *called* function is unchanged. It
does not look at what that function calls, so an edited helper in another file would go unnoticed.
But the values that a function closes over are part of its key; a function that closes over `STAMP`
is compiled anew exactly when a file has changed.
"""

from __future__ import annotations

import hashlib
from pathlib import Path


def source_stamp(*files: Path) -> str:
    """SHA-256 over the names and contents of files."""
    found = hashlib.sha256()
    for path in files:
        found.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


_HERE = Path(__file__).parent

STAMP = source_stamp(*sorted(_HERE.glob("*.py")), _HERE.parent / "schema.py")
"""Of this package's files and of `schema`."""
