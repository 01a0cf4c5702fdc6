"""`python -m bot.learning`: the child process in which the ranker is trained."""

from __future__ import annotations

from bot.learning.child import main

if __name__ == "__main__":
    main()
