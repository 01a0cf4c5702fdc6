"""`python -m bot`."""

import sys

if __name__ == "__main__":
    try:
        from bot.cli import main

        main()
    except KeyboardInterrupt:
        # While modules are still being imported; from then on `main` sees to it.
        sys.exit(130)
