"""Training in a child process: what it is given, what it answers, and all the ways it may end."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from bot.domain.errors import SourceError, TrainingFailed
from bot.domain.model import Model
from bot.learning import process, wire
from bot.learning.process import ChildTrainer
from bot.learning.training import train
from storage.models import Example, Label

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

CLONE = Path(__file__).resolve().parents[2]
KEYWORDS = {"synthetic data": 2.0, "数据": 0.5}
LEARNER = """
import sys, types
from pathlib import Path

HERE = Path(__file__).parent

class Model:
    def __init__(self, content):
        self.content = content
    def dump(self):
        return self.content

def train(keywords, examples):
    {body}

sys.modules["bot.learning.training"] = types.ModuleType("training")
sys.modules["bot.learning.training"].train = train
from bot.learning.child import main
main()
"""
LEARNS_ALL = "return Model(repr((keywords, list(examples))).encode())"
SLEEPS = "import time; list(examples); (HERE / 'there').touch(); time.sleep(60)"

Install = "Callable[[str], Path]"


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Make this program the child's; the folder it stands in is given back."""

    def install(program: str) -> Path:
        folder = tmp_path / "code"
        folder.mkdir()
        (folder / "stand_in_child.py").write_text(program)
        monkeypatch.setattr(sys, "path", [str(folder), *sys.path])
        monkeypatch.setattr(process, "MODULE", "stand_in_child")
        return folder

    return install


@pytest.fixture
def learner(install: Install) -> Install:
    """Put this body in the place of `train`: the rest of the child is the product's own."""
    return lambda body: install(LEARNER.replace("{body}", body))


@pytest.fixture(autouse=True)
async def _nothing_is_left() -> AsyncIterator[None]:
    """However a training ends: no task, no process, no open file more than before."""
    this = psutil.Process()
    before, others = this.num_fds(), this.children()  # a worker may have a server that forks bots
    yield
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert this.children() == others
    assert this.num_fds() == before


def example(number: int, **changes: Any) -> Example:
    """An example with a text of its own."""
    values = {"title": f"Title {number}", "abstract": "We do.", "label": Label.UNLABELLED}
    return Example(f"arXiv:2401.{number:05}", **(values | changes))


async def source(*examples: Example) -> AsyncIterator[Example]:
    """Examples as a database gives them."""
    for one in examples:
        yield one


class Endless:
    """A source that never ends; it knows how far it was read, and whether it was closed."""

    def __init__(self, size: int = 1000) -> None:
        self.read = 0
        self.closed = False
        self._abstract = "x" * size

    async def examples(self) -> AsyncIterator[Example]:
        """Examples, one after the other."""
        try:
            while True:
                self.read += 1
                yield example(self.read, abstract=self._abstract)
        finally:
            self.closed = True


async def until(holds: Callable[[], bool]) -> None:
    """Wait for another process to do something."""
    async with asyncio.timeout(30):
        while not holds():  # noqa: ASYNC110 - nothing tells what another process does
            await asyncio.sleep(0.005)


async def failure(examples: AsyncIterator[Example] | None = None) -> str:
    """The sentence with which a training fails."""
    with pytest.raises(TrainingFailed) as raised:
        await ChildTrainer().train(KEYWORDS, examples or source(example(1)))
    assert str(raised.value).startswith("The ranker was not trained: ")
    return raised.value.sentence


async def learnt(*examples: Example) -> bytes:
    """What is learnt of examples."""
    return await ChildTrainer().train(KEYWORDS, source(*examples))


async def test_every_example_comes_as_it_is(learner: Install) -> None:
    """Whatever stands in a title, hostile characters included, the child gets it unchanged."""
    learner(LEARNS_ALL)
    hostile = "\ud800 \x00 \r\n\u2028 “quoted” \\ 🧪 {} [1]"
    examples = [example(number, title=hostile * (number % 3)) for number in range(100)]
    examples += [example(200, label=Label.REJECTED, reason="off topic"), example(201, abstract="")]
    assert await learnt(*examples) == repr((KEYWORDS, examples)).encode()


@pytest.mark.parametrize("count", [0, process.SLICE, process.SLICE + 1])
async def test_any_number_of_examples_is_counted(learner: Install, count: int) -> None:
    """None at all, a full slice, and one more: the end is never taken for an example."""
    learner("return Model(str(len(list(examples))).encode())")
    assert await learnt(*(example(number) for number in range(count))) == str(count).encode()


async def test_an_answer_of_megabytes_comes_whole(learner: Install) -> None:
    """A model larger than any pipe or buffer on the way."""
    learner("list(examples); return Model(bytes(range(256)) * 40_000)")
    assert await learnt(example(1)) == bytes(range(256)) * 40_000


async def test_what_is_printed_is_no_part_of_the_model(learner: Install) -> None:
    """A library may print, also past Python, and fill stderr: neither harms nor holds it up."""
    learner(
        "import os; print('hello'); os.write(1, b'deep'); sys.stderr.write('x' * 300_000);"
        " list(examples); return Model(b'model')"
    )
    assert await learnt(example(1)) == b"model"


async def test_the_child_knows_no_secret_and_stands_back(
    learner: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One core, a low priority, hashes that do not change, and neither token nor password."""
    monkeypatch.setenv("DISCORD_TOKEN", "secret")
    monkeypatch.setenv("PGPASSWORD", "secret")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    learner(
        "import json, os; list(examples);"
        " return Model(json.dumps([dict(os.environ), os.nice(0)]).encode())"
    )
    environment, nice = json.loads(await learnt())
    assert "secret" not in environment.values()
    assert environment["OPENBLAS_NUM_THREADS"] == environment["OMP_NUM_THREADS"] == "1"
    assert environment["PYTHONHASHSEED"] == "0"
    assert environment["LC_ALL"] == "C.UTF-8"
    assert nice == min(19, os.nice(0) + 10)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems choose by themselves")
async def test_where_memory_runs_out_the_child_goes_first(learner: Install) -> None:
    """The system looks for something to kill: it finds the training before the bot."""
    learner("list(examples); return Model(Path('/proc/self/oom_score_adj').read_bytes())")
    assert await learnt() == b"1000\n"


async def test_it_works_in_any_folder(
    learner: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The child has the code of its parent, not what lies in the folder it happens to stand in."""
    learner(LEARNS_ALL)
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "bot").mkdir(parents=True)
    (elsewhere / "bot" / "__init__.py").write_text("raise SystemExit('the wrong bot')")
    (elsewhere / "json.py").write_text("raise SystemExit('the wrong json')")
    monkeypatch.chdir(elsewhere)
    assert await learnt() == repr((KEYWORDS, [])).encode()


async def test_ctrl_c_is_for_the_bot_alone(learner: Install) -> None:
    """A terminal tells the whole group: the child goes on until the bot ends it."""
    learner(
        "import os, signal; os.kill(os.getpid(), signal.SIGINT); list(examples);"
        " return Model(b'model')"
    )
    assert await learnt() == b"model"


async def test_a_slow_child_holds_the_source_back(learner: Install) -> None:
    """Examples wait where they are stored until the child reads on; they do not pile up here."""
    folder = learner(
        "import time\n    while not (HERE / 'go').exists(): time.sleep(0.005)\n    "
        "return Model(str(len(list(examples))).encode())"
    )
    read = 0

    async def counted() -> AsyncIterator[Example]:
        nonlocal read
        for number in range(400):
            read += 1
            yield example(number, abstract="x" * 10_000)

    training = asyncio.create_task(ChildTrainer().train(KEYWORDS, counted()))
    for _ in range(30):
        before = read
        await asyncio.sleep(0.01)
    assert before == read
    assert 0 < read < 100
    (folder / "go").touch()
    assert await training == b"400"


async def test_killed_for_memory(learner: Install) -> None:
    """The system kills what takes too much: the sentence says how much is needed."""
    learner("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    assert "400 MB" in await failure()


async def test_killed_while_it_is_told(learner: Install) -> None:
    """A child that is gone in the middle of the examples: its source is closed at once."""
    learner("import os; next(examples); os.kill(os.getpid(), 9)")
    endless = Endless()
    assert "400 MB" in await failure(endless.examples())
    assert endless.closed


async def test_no_memory_left(learner: Install) -> None:
    """Refused memory is said as a kill is."""
    learner("raise MemoryError")
    assert "400 MB" in await failure()


async def test_another_signal_is_named(learner: Install) -> None:
    """A crash in a library says which."""
    learner("import os, signal; os.kill(os.getpid(), signal.SIGABRT)")
    assert "ended with SIGABRT" in await failure()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("raise ValueError('too\\nfew')", "status 1 and said: ValueError: too few."),
        ("import absent_library", "ModuleNotFoundError: No module named 'absent_library'"),
        ("raise KeyError", "status 1 and said: KeyError"),
        ("import os; os._exit(7)", "status 7 and said: nothing."),
    ],
)
async def test_a_failure_is_told_in_its_own_words(learner: Install, body: str, said: str) -> None:
    """The last line of the child is what the log needs."""
    learner(body)
    assert said in await failure()


async def test_a_child_that_leaves_at_once(install: Install) -> None:
    """It reads nothing and says why, on however many lines: the examples stop, the last counts."""
    install("import sys; sys.exit('a long story\\n' * 10_000 + 'this is why\\n\\n')")
    endless = Endless()
    assert "status 1 and said: this is why." in await failure(endless.examples())
    assert endless.closed


async def test_an_answer_before_the_examples_ended(install: Install) -> None:
    """It closes its ears and answers nevertheless: that is no model of these examples."""
    install(
        "import os; from bot.learning import wire; os.close(0);"
        " os.write(1, wire.head(b'model') + b'model')"
    )
    endless = Endless()
    assert "before it knew all examples" in await failure(endless.examples())
    assert endless.closed


READS = "import sys; sys.stdin.buffer.read(); out = sys.stdout.buffer; "


@pytest.mark.parametrize(
    ("says", "what"),
    [
        ("out.write(b'hello, world, this is no model')", "30 bytes that are no model"),
        ("pass", "0 bytes that are no model"),
        ("out.write(wire.head(b'model') + b'mo')", "2 bytes of a model of 5"),
        ("out.write(wire.head(b'model') + b'models')", "6 bytes of a model of 5"),
        ("out.write(wire.head(b'model')[:9])", "9 bytes that are no model"),
    ],
)
async def test_an_answer_that_is_no_model(install: Install, says: str, what: str) -> None:
    """Something else, nothing, less or more than was announced: none of it is taken."""
    install(READS + "from bot.learning import wire; " + says)
    assert what in await failure()


async def test_an_answer_without_end(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is longer than any model is not kept, and ends the child, even if it never listens."""
    monkeypatch.setattr(process, "MOST", 2**20)
    install("import sys\nwhile True: sys.stdout.buffer.write(b'x' * 65536)")
    endless = Endless()
    assert "more than 1 MB" in await failure(endless.examples())
    assert endless.closed


async def test_another_version_of_the_bot(
    learner: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files that were replaced under a running bot: it has to be started again."""
    learner(LEARNS_ALL)
    monkeypatch.setattr(wire, "FORMAT", 0)
    assert "the bot was updated while it ran: start it again" in await failure()


async def test_what_the_source_raises_is_passed_on(learner: Install) -> None:
    """A database that fails is not the child's fault; timeouts of its own included."""
    learner(LEARNS_ALL)

    async def broken(error: Exception) -> AsyncIterator[Example]:
        yield example(1)
        raise error

    for error in (SourceError("gone"), TimeoutError("slow"), ConnectionResetError("lost")):
        with pytest.raises(type(error), match=str(error)):
            await ChildTrainer().train(KEYWORDS, broken(error))


async def _cancelled(training: asyncio.Task[bytes]) -> None:
    training.cancel()
    with pytest.raises(asyncio.CancelledError):
        await training


@pytest.mark.parametrize("turns", range(8))
async def test_cancelled_while_it_starts(learner: Install, turns: int) -> None:
    """Nothing of a process that was about to be there."""
    learner(SLEEPS)
    training = asyncio.create_task(learnt(example(1)))
    for _ in range(turns):
        await asyncio.sleep(0)
    await _cancelled(training)


async def test_cancelled_while_it_is_told(learner: Install) -> None:
    """Between two examples, where the pipe is full: the source is closed too."""
    learner("import time; next(examples); (HERE / 'there').touch(); time.sleep(60)")
    endless = Endless()
    training = asyncio.create_task(ChildTrainer().train(KEYWORDS, endless.examples()))
    await until(lambda: endless.read > 100)
    await asyncio.sleep(0.02)
    await _cancelled(training)
    assert endless.closed


async def test_cancelled_while_the_source_waits(learner: Install) -> None:
    """For an example that does not come."""
    learner(SLEEPS)
    waits = asyncio.Event()

    async def waiting() -> AsyncIterator[Example]:
        yield example(1)
        waits.set()
        await asyncio.Event().wait()

    training = asyncio.create_task(ChildTrainer().train(KEYWORDS, waiting()))
    await waits.wait()
    await _cancelled(training)


async def test_cancelled_while_it_learns(learner: Install) -> None:
    """The child has everything and counts: it is killed and waited for, however often one asks."""
    folder = learner(SLEEPS)
    training = asyncio.create_task(learnt(example(1)))
    await until((folder / "there").exists)
    training.cancel()
    await asyncio.sleep(0)
    await _cancelled(training)


async def test_cancelled_while_it_answers(install: Install) -> None:
    """Half of the model is there, more than a buffer holds."""
    folder = install(
        READS + "import time; from pathlib import Path; out.write(b'x' * 1_000_000); out.flush();"
        " Path(__file__).with_name('there').touch(); time.sleep(60)"
    )
    training = asyncio.create_task(learnt(example(1)))
    await until((folder / "there").exists)
    await _cancelled(training)


async def test_a_loop_that_ends_leaves_no_child(learner: Install) -> None:
    """All tasks are cancelled at once at the end of a program: the child goes as well."""
    folder = learner(SLEEPS)

    async def program() -> None:
        left = asyncio.create_task(learnt(example(1)))
        await until((folder / "there").exists)
        assert not left.done()

    await asyncio.to_thread(asyncio.run, program())


async def test_ten_minutes_are_the_limit(learner: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the loop's clock; then the child is ended."""
    folder = learner(SLEEPS)
    loop, late = asyncio.get_running_loop(), 0.0
    began = loop.time
    monkeypatch.setattr(loop, "time", lambda: began() + late)
    training = asyncio.create_task(failure())
    await until((folder / "there").exists)
    late = 500.0
    await asyncio.sleep(0)
    assert not training.done()
    late = 601.0
    assert "longer than 10 minutes" in await training


async def test_no_interpreter(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Python was moved while the bot ran: the sentence says where it was."""
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    said = await failure()
    assert f"{tmp_path}/python cannot be started (No such file or directory)" in said


PARENT = """
import asyncio, sys
sys.path.insert(0, {folder!r})
from bot.learning import process
process.MODULE = "stand_in_child"

async def none():
    for _ in (): yield

asyncio.run(process.ChildTrainer().train({{}}, none()))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell of a parent's end")
async def test_the_child_dies_with_the_bot(learner: Install) -> None:
    """A bot that is killed leaves no process that counts on."""
    folder = learner(
        "import os, time; list(examples); (HERE / 'new').write_text(str(os.getpid()));"
        " (HERE / 'new').rename(HERE / 'pid'); time.sleep(60)"
    )
    code = PARENT.format(folder=str(folder))
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", code, cwd=CLONE)
    await until((folder / "pid").exists)
    child = psutil.Process(int((folder / "pid").read_text()))
    parent.kill()
    await parent.wait()
    with contextlib.suppress(psutil.NoSuchProcess):
        await until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)


async def test_the_ranker_is_learnt_in_the_child(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The product's own training, in whatever folder: the same model as anywhere else."""
    monkeypatch.chdir(tmp_path)
    examples = [
        example(number, title=f"Synthetic data {number}", label=Label.LISTED) for number in range(5)
    ]
    examples += [example(number, abstract=f"A tree {number}.") for number in range(10, 60)]
    learnt_here = train(KEYWORDS, examples).dump()
    assert await learnt(*examples) == learnt_here
    assert Model.load(learnt_here).dump() == learnt_here


def spoken(*said: bytes) -> subprocess.CompletedProcess[bytes]:
    """What the product's own child does when it is told this."""
    command = [sys.executable, "-m", process.MODULE]
    return subprocess.run(
        command,
        input=b"".join(said),
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        timeout=60,
        check=False,
    )


def test_examples_that_break_off_teach_nothing(learner: Install) -> None:
    """A parent that is gone, on whatever system: the child ends by itself, with one line."""
    learner(LEARNS_ALL)
    one = wire.encoded([example(1), example(2)])
    for said in ((one,), (one, wire.closing(1)), (one, wire.closing(3))):
        done = spoken(wire.opening(KEYWORDS), *said)
        assert (done.returncode, done.stdout) == (1, b"")
        assert done.stderr == b"ValueError: the examples broke off after 2\n"


def test_the_bot_itself_never_imports_numpy() -> None:
    """It would take 30 MB for as long as the bot runs; only the child may."""
    code = "import bot.learning.process, bot.learning.wire, sys; print('numpy' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=CLONE, stdout=subprocess.PIPE, check=True
    )
    assert done.stdout == b"False\n"
