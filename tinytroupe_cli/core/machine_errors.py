"""Distinguishes failures of the machine from bugs of ours."""

from __future__ import annotations

import errno

_OF_THE_MACHINE = {
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE, errno.EFBIG),
    *(errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG),
}
"""A full or locked disk, a file in place of a folder: problems the user can fix."""


def is_of_the_machine(error: BaseException) -> bool:
    """Return whether an error tells of a full disk, a locked folder or the like."""
    return isinstance(error, BrokenPipeError) or (isinstance(error, OSError) and error.errno in _OF_THE_MACHINE)
