"""What the product says, read off its code: every template and every error that is raised."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
SAYERS = {"sentence": (0,), "counted": (1, 2), "joined": (0,)}
"""The functions of bot.domain.sentences, and which of their arguments are templates."""

SAYING = {*SAYERS, "passage", "clauses"}
HOME = "bot.domain.sentences"


@dataclass(frozen=True)
class Said:
    """A template, or None where none can be read off the code, and where it stands."""

    template: str | None
    where: str


@cache
def trees() -> dict[Path, ast.Module]:
    """Every module of the product, parsed."""
    files = sorted((ROOT / "bot").rglob("*.py"))
    return {file.relative_to(ROOT): ast.parse(file.read_text(encoding="utf-8")) for file in files}


@cache
def calls() -> tuple[tuple[Path, ast.Call], ...]:
    """Every call in the product, and the file it stands in."""
    return tuple(
        (file, node) for file in trees() for node in nodes(file) if isinstance(node, ast.Call)
    )


@cache
def nodes(file: Path) -> tuple[ast.AST, ...]:
    """All of a module."""
    return tuple(ast.walk(trees()[file]))


@cache
def templates() -> tuple[Said, ...]:
    """All templates that the code makes sentences of."""
    return tuple(
        said
        for file, tree in trees().items()
        if file != Path("bot/domain/sentences.py")
        for said in _in_module(file, tree)
    ) + tuple(
        Said(text, HOME)
        for node in nodes(Path("bot/domain/sentences.py"))
        if isinstance(node, ast.Call) and _name(node.func) == "sentence"
        for text in [_text(node.args[0], {})]
    )


def _in_module(file: Path, tree: ast.Module) -> Iterator[Said]:
    names = _imported(file)
    constants = _constants(tree) if names else {}
    for node in nodes(file) if names else ():
        if not isinstance(node, ast.Call):
            continue
        sayer = names.get(_name(node.func))
        for place in SAYERS.get(sayer or "", ()):
            where = f"{file}:{node.lineno}"
            text = _text(node.args[place], constants) if len(node.args) > place else None
            yield Said(text, where)


@cache
def _imported(file: Path) -> dict[str, str]:
    """The names under which a module calls the functions that make sentences."""
    found: dict[str, str] = {}
    for node in nodes(file):
        if isinstance(node, ast.ImportFrom) and node.module == HOME:
            known = (alias for alias in node.names if alias.name in SAYING)
            found |= {alias.asname or alias.name: alias.name for alias in known}
        if isinstance(node, ast.ImportFrom) and node.module == "bot.domain":
            modules = (one.asname or one.name for one in node.names if one.name == "sentences")
            found |= {f"{module}.{name}": name for module in modules for name in SAYING}
    return found


def _constants(tree: ast.Module) -> dict[str, str]:
    """The texts that stand in a module under a name of their own."""
    return {
        target.id: text
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and (text := _text(node.value, {})) is not None
    }


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Name):
        return function.id
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return f"{function.value.id}.{function.attr}"
    return ""


def _text(node: ast.expr, constants: dict[str, str]) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return constants.get(node.id) if isinstance(node, ast.Name) else None


def gaps(template: str) -> list[str]:
    """The names of a template's gaps in order. Raises ValueError where one is not just a name."""
    found = []
    for _text_before, name, form, conversion in Formatter().parse(template):
        if name is None:
            continue
        if not name.isidentifier() or form or conversion:
            raise ValueError(f"{{{name}}} in {template!r} is more than a name")
        found.append(name)
    return found


def wording(template: str) -> str:
    """What stands in a template beside its gaps."""
    return "".join(before for before, *_gap in Formatter().parse(template))


def has_words(template: str) -> bool:
    """Whether there is anything to translate."""
    return any(character.isalpha() for character in wording(template))


@dataclass(frozen=True)
class Raised:
    """An error for people: where it is raised, with what, and whether that is a sentence."""

    where: str
    text: str
    is_sentence: bool


@cache
def errors() -> frozenset[str]:
    """UserError and all that is one, by name."""
    known = {"UserError"}
    classes = [node for tree in trees().values() for node in tree.body]
    while True:
        more = {
            node.name
            for node in classes
            if isinstance(node, ast.ClassDef) and any(_name(base) in known for base in node.bases)
        }
        if more <= known:
            return frozenset(known)
        known |= more


@cache
def raised() -> tuple[Raised, ...]:
    """Every error for people that is raised with a text."""
    found = []
    for file in trees():
        for node in nodes(file):
            made = node.exc if isinstance(node, ast.Raise) else None
            if isinstance(made, ast.Call) and made.args and _name(made.func) in errors():
                text, says = ast.unparse(made.args[0]), _sayers_of(file)
                found.append(Raised(f"{file}:{made.lineno}", text, _says(made.args[0], says)))
    return tuple(found)


@cache
def _sayers_of(file: Path) -> frozenset[str]:
    """What makes sentences in a module: functions brought in, its own, and what it names."""
    says = set(_imported(file))
    for _round in range(2 if says else 0):  # a function may pass on what another says
        for node in nodes(file):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                given = [one.value for one in ast.walk(node) if isinstance(one, ast.Return)]
                if given and all(value is not None and _says(value, says) for value in given):
                    says.add(node.name)
            if isinstance(node, ast.Assign) and _says(node.value, says):
                says |= {one.id for one in node.targets if isinstance(one, ast.Name)}
    return frozenset(says)


def _says(node: ast.expr, says: set[str] | frozenset[str]) -> bool:
    """Whether a sentence is made there, and no text is put together by itself."""
    if isinstance(node, ast.JoinedStr | ast.Constant | ast.BinOp):
        return False
    return any(_name(one) in says for one in ast.walk(node) if isinstance(one, ast.Name))


SHOWN = {"say": None, "text": None, "Span": 1, "Button": 1, "Menu": 1, "Choice": 1}
"""What lays out an answer, and how many of its arguments people read; None is all."""

READ = {"title", "footer", "label", "placeholder"}
"""The same, given by name."""


@cache
def plain_arguments() -> tuple[tuple[str, str], ...]:
    """Words in the code that are laid out for people and are no sentence: file and words."""
    faces = ("bot/commands/", "bot/chat/", "bot/console")
    return tuple(
        (str(file), _text(given, {}) or ast.unparse(given))
        for file, node in calls()
        if str(file).startswith(faces)
        for given in _read_by_people(node)
        if _is_plain(given)
    )


def _read_by_people(call: ast.Call) -> list[ast.expr]:
    name = _name(call.func)
    if name == "replace":
        name = "Reply"
    if name not in {*SHOWN, "Reply"}:
        return []
    first = call.args[: SHOWN[name]] if name in SHOWN else []
    return [*first, *(one.value for one in call.keywords if one.arg in READ)]


def _is_plain(node: ast.expr) -> bool:
    """Whether words stand in a text that the code writes there itself."""
    if isinstance(node, ast.JoinedStr):
        return any(_is_plain(part) for part in node.values)
    if isinstance(node, ast.BinOp):
        return _is_plain(node.left) or _is_plain(node.right)
    if isinstance(node, ast.IfExp):
        return _is_plain(node.body) or _is_plain(node.orelse)
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and any(character.isalpha() for character in node.value)
    )
