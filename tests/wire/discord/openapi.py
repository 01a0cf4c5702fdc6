"""Requests and answers held against Discord's own OpenAPI 3.1 description.

It comes from discord/discord-api-spec (MIT) and is read where it lies beside the project.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema_rs
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.conftest import SHARED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jsonschema.exceptions import ValidationError

PLACE = SHARED / "discord" / "openapi.json"
ROOT = "urn:discord"


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path template, with the parameters of both."""

    template: str
    method: str
    content: dict[str, Any]
    parameters: tuple[dict[str, Any], ...]
    names: dict[str, str]


class Schema:
    """Discord's description of itself, asked about one request or answer at a time."""

    def __init__(self, path: Path) -> None:
        self._document = json.loads(path.read_text("utf-8"))
        self._paths = sorted(self._document["paths"].items(), key=lambda item: -_literals(item[0]))
        self._patterns = [(_pattern(template), template, item) for template, item in self._paths]
        resource = Resource.from_contents(self._document, default_specification=DRAFT202012)
        self._registry: Registry[Any] = Registry().with_resource(ROOT, resource)
        self._validators: dict[tuple[str, ...], Draft202012Validator] = {}
        # Compiled, it judges in a hundredth of the time, but does not tell as well what is wrong.
        self._compiled = jsonschema_rs.Registry([(ROOT, self._document)])
        self._judges: dict[str, jsonschema_rs.Draft202012Validator] = {}

    def find(self, method: str, path: str) -> Operation | None:
        """The operation a request means, or None where Discord has no such route."""
        for pattern, template, item in self._patterns:
            match = pattern.fullmatch(path)
            if match and method.lower() in item:
                content = item[method.lower()]
                parameters = (*item.get("parameters", ()), *content.get("parameters", ()))
                return Operation(template, method.lower(), content, parameters, match.groupdict())
        return None

    def problems(self, method: str, path: str, query: dict[str, str], body: Any) -> list[str]:
        """What is wrong with a request; empty when it is valid."""
        operation = self.find(method, path)
        if operation is None:
            return [f"Discord has no route {method} {path}"]
        return [*self._parameter_problems(operation, query), *self._body_problems(operation, body)]

    def answer_problems(self, method: str, path: str, status: int, body: Any) -> list[str]:
        """What is wrong with an answer of ours."""
        operation = self.find(method, path)
        described = operation.content["responses"].get(str(status), {}) if operation else {}
        if operation is None or "application/json" not in described.get("content", {}):
            return []
        where = ("responses", str(status), "content", "application/json", "schema")
        place = ("paths", operation.template, operation.method, *where)
        if self._is_valid(_reference(place), body):
            return []
        errors = self._validator(place).iter_errors(body)
        return [problem for error in errors for problem in _flat(error)]

    def _validator(self, where: tuple[str, ...]) -> Draft202012Validator:
        if where not in self._validators:
            self._validators[where] = Draft202012Validator(
                _reference(where), registry=self._registry
            )
        return self._validators[where]

    def _is_valid(self, schema: dict[str, Any], value: Any) -> bool:
        key = json.dumps(schema)
        if key not in self._judges:
            self._judges[key] = jsonschema_rs.Draft202012Validator(schema, registry=self._compiled)
        return self._judges[key].is_valid(value)

    def _body_problems(self, operation: Operation, body: Any) -> list[str]:
        described = operation.content.get("requestBody") or {}
        contents = described.get("content") or {}
        if not contents:
            return [] if body is None else ["this route takes no body"]
        if body is None:
            return ["a body is required"] if described.get("required") else []
        kind = "application/json" if "application/json" in contents else next(iter(contents))
        where = ("requestBody", "content", kind, "schema")
        place = ("paths", operation.template, operation.method, *where)
        if self._is_valid(_reference(place), body):
            return []
        # Discord takes a snowflake as a number too, which the description does not say.
        errors = self._validator(place).iter_errors(_ids_as_text(body))
        return [problem for error in errors for problem in _flat(error)]

    def _parameter_problems(self, operation: Operation, query: dict[str, str]) -> list[str]:
        known = {p["name"]: p for p in operation.parameters if p["in"] == "query"}
        problems = [f"unknown query parameter {name}" for name in query if name not in known]
        given = {name: (known[name], value) for name, value in query.items() if name in known}
        for parameter in operation.parameters:
            if parameter["in"] == "path":
                given[parameter["name"]] = (parameter, operation.names[parameter["name"]])
            elif parameter.get("required") and parameter["name"] not in query:
                problems.append(f"query parameter {parameter['name']} is required")
        for name, (parameter, value) in given.items():
            problems.extend(
                f"{name}: {problem}" for problem in self._value_problems(parameter, value)
            )
        return problems

    def _value_problems(self, parameter: dict[str, Any], text: str) -> list[str]:
        schema = {**parameter["schema"]}
        if "$ref" in schema:
            schema["$ref"] = ROOT + schema["$ref"]
        if any(self._is_valid(schema, reading) for reading in _readings(text)):
            return []
        validator = Draft202012Validator(schema, registry=self._registry)
        return [error.message[:200] for error in validator.iter_errors(text)]


@cache
def load(path: Path = PLACE) -> Schema | None:
    """The schema, or None where the description is not there."""
    return Schema(path) if path.exists() else None


def _reference(where: tuple[str, ...]) -> dict[str, Any]:
    return {"$ref": f"{ROOT}#/{'/'.join(map(_escape, where))}"}


def _literals(template: str) -> int:
    return sum(1 for part in template.split("/") if part and not part.startswith("{"))


def _pattern(template: str) -> re.Pattern[str]:
    pieces = re.split(r"\{(\w+)\}", template)
    return re.compile(
        "".join(f"(?P<{p}>[^/]+)" if i % 2 else re.escape(p) for i, p in enumerate(pieces))
    )


def _escape(step: str) -> str:
    replaced = step.replace("~", "~0").replace("/", "~1")
    return replaced.replace("{", "%7B").replace("}", "%7D")


def _readings(text: str) -> Iterator[Any]:
    """A query value is text, and perhaps also a number or a truth value."""
    yield text
    if re.fullmatch(r"-?\d+", text):
        yield int(text)
    if text.lower() in {"true", "false", "1", "0"}:
        yield text.lower() in {"true", "1"}


def _ids_as_text(value: Any, key: str = "", parent: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _ids_as_text(item, name, key) for name, item in value.items()}
    if isinstance(value, list):
        return [_ids_as_text(item, key, parent) for item in value]
    number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if number and _names_id(key, parent, value) else value


def _names_id(key: str, parent: str, value: int) -> bool:
    if key == "id":
        return parent == "attachments" or value > 2**31
    return key.endswith("_id") or key in {"roles", "users", "applied_tags"}


def _flat(error: ValidationError) -> list[str]:
    """Of a union tell the branch that was meant: whose `type` fits, else with the fewest errors."""
    if error.validator in {"anyOf", "oneOf"} and error.context:
        branches: dict[Any, list[ValidationError]] = {}
        for inner in error.context:
            branches.setdefault(inner.schema_path[0], []).append(inner)
        meant = min(branches.values(), key=lambda errors: (any(map(_is_kind, errors)), len(errors)))
        return [problem for inner in meant for problem in _flat(inner)]
    place = "/".join(map(str, error.absolute_path)) or "body"
    return [f"{place}: {error.message[:200]}"]


def _is_kind(error: ValidationError) -> bool:
    path = list(error.relative_path)
    return path == ["type"] or (error.validator == "type" and not path)
