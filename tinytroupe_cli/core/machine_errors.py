"""Tells what the machine would not do from what we did wrong."""

from __future__ import annotations

import errno

_OF_THE_MACHINE = {
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE, errno.EFBIG),
    *(errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG),
}
"""A full or locked disk, a file where a folder should be: the user's to mend, no bug of ours."""


def is_of_the_machine(error: BaseException) -> bool:
    """Return whether an error tells of a full disk, a locked folder or the like."""
    return isinstance(error, BrokenPipeError) or (isinstance(error, OSError) and error.errno in _OF_THE_MACHINE)
