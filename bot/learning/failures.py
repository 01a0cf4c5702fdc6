"""What went wrong in a training, and what to do, each as one sentence."""

from __future__ import annotations

import signal

from bot.domain.errors import TrainingFailed
from bot.domain.sentences import sentence
from bot.learning import wire


def not_started(program: str, error: OSError) -> TrainingFailed:
    """There is no interpreter, or the system gives no process."""
    return TrainingFailed(
        sentence(
            "The ranker was not trained: {program} cannot be started ({reason}). If the bot was"
            " moved or updated while it ran, start it again.",
            program=program or "Python",
            reason=error.strerror or str(error),
        )
    )


def too_slow(seconds: float) -> TrainingFailed:
    """It did not end in time."""
    return TrainingFailed(
        sentence(
            "The ranker was not trained: it took longer than {minutes} minutes. Try again when the"
            " machine has less to do.",
            minutes=round(seconds / 60),
        )
    )


def too_much(most: int) -> TrainingFailed:
    """The child said more than a model can be long."""
    return TrainingFailed(
        sentence(
            "The ranker was not trained: its process answered with more than {most} MB. Start the"
            " bot again; if that does not help, report it.",
            most=most // 2**20,
        )
    )


def no_model(what: str) -> TrainingFailed:
    """The child ended well, and its answer is none."""
    return TrainingFailed(
        sentence(
            "The ranker was not trained: its process answered with {what}. If the bot was updated"
            " while it ran, start it again.",
            what=what,
        )
    )


def ended(status: int, said: str) -> TrainingFailed:
    """The child ended otherwise than well; `said` is its last word on stderr."""
    if status in {-signal.SIGKILL, wire.NO_MEMORY}:
        return TrainingFailed(
            sentence(
                "The ranker was not trained: its process was killed or got no more memory. Training"
                " needs about 400 MB together with the bot: end what else takes memory.",
            )
        )
    return TrainingFailed(
        sentence(
            "The ranker was not trained: its process ended with {status} and said: {said}. Try"
            " again; if it says the same, report it with this line.",
            status=_name(status),
            said=said or "nothing",
        )
    )


def _name(status: int) -> str:
    return f"status {status}" if status > 0 else _signal(-status)


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # a real-time signal has no name
        return f"signal {number}"
