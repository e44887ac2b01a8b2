"""`python -m tinytroupe_cli`, and the command `troupe`."""

from __future__ import annotations

from tinytroupe_cli.cli.app import main

if __name__ == "__main__":
    main()
