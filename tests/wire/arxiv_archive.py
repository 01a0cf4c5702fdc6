"""What arXiv holds, for the stand-in: records, and which of them a question matches."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PHYSICS = frozenset(
    {
        "astro-ph", "cond-mat", "gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math-ph",
        "nlin", "nucl-ex", "nucl-th", "physics", "quant-ph",
    }
)  # fmt: skip
GROUPS = frozenset({"cs", "econ", "eess", "math", "physics", "q-bio", "q-fin", "stat"})
CS = frozenset(
    {
        "AI", "AR", "CC", "CE", "CG", "CL", "CR", "CV", "CY", "DB", "DC", "DL", "DM", "DS", "ET",
        "FL", "GL", "GR", "GT", "HC", "IR", "IT", "LG", "LO", "MA", "MM", "MS", "NA", "NE", "NI",
        "OH", "OS", "PF", "PL", "RO", "SC", "SD", "SE", "SI", "SY",
    }
)  # fmt: skip
STAT = frozenset({"AP", "CO", "ME", "ML", "OT", "TH"})


@dataclass(frozen=True)
class Record:
    """One paper as arXiv knows it now.

    Authors are (keyname, forenames); `datestamp` is the day of modification.
    """

    id: str
    title: str = "A paper"
    authors: tuple[tuple[str, str], ...] = (("Doe", "Jane"),)
    abstract: str = "We say something."
    categories: tuple[str, ...] = ("cs.CL",)
    created: date = date(2024, 9, 16)
    updated: date | None = None
    datestamp: date = date(2024, 9, 16)
    comments: str = ""
    journal_ref: str = ""
    doi: str = ""
    version: int = 1
    published: datetime | None = None
    deleted: bool = False

    @property
    def submitted(self) -> datetime:
        """When the first version came in."""
        return self.published or datetime.combine(self.created, time(12), UTC)

    @property
    def revised(self) -> datetime:
        """When the version shown came in."""
        return datetime.combine(self.updated, time(12), UTC) if self.updated else self.submitted

    @property
    def sets(self) -> tuple[str, ...]:
        """The OAI sets it stands in, one a category, cross-lists included."""
        return tuple(set_of(category) for category in self.categories)


def set_of(category: str) -> str:
    """`cs.CL` → `cs:cs:CL`."""
    archive = category.partition(".")[0]
    group = "physics" if archive in PHYSICS else archive
    return f"{group}:{category.replace('.', ':')}"


def is_set(spec: str) -> bool:
    """Whether arXiv has this set: a group, an archive of it, or a category of that."""
    group, _, rest = spec.partition(":")
    archive, _, category = rest.partition(":")
    if group not in GROUPS or (
        ":" in spec and archive not in (PHYSICS if group == "physics" else {group})
    ):
        return False
    known = {"cs": CS, "stat": STAT}.get(archive)
    return not category or known is None or category in known


@dataclass
class Archive:
    """All records, by id; a later one of the same id takes the place of the earlier."""

    records: dict[str, Record] = field(default_factory=dict)

    def add(self, *records: Record) -> None:
        """Announce records, or change them."""
        self.records.update((record.id, record) for record in records)

    def modified(self, spec: str | None, since: date | None, until: date | None) -> list[Record]:
        """The records of a set with a day of modification in the window, in arXiv's order."""
        found = [
            record
            for record in self.records.values()
            if (since is None or record.datestamp >= since)
            and (until is None or record.datestamp <= until)
            and (spec is None or any((f"{own}:").startswith(f"{spec}:") for own in record.sets))
        ]
        return sorted(found, key=lambda record: (record.datestamp, record.id))

    def load_recorded(self, folder: Path) -> int:
        """Add every record in the format `arXiv` from recorded answers; say how many are new."""
        before = len(self.records)
        for path in sorted(folder.glob("*.xml")):
            for element in ET.parse(path).getroot().iter():
                if element.tag.rpartition("}")[2] == "record":
                    self._load(element)
        return len(self.records) - before

    def _load(self, element: ET.Element) -> None:
        described = element.find("{*}metadata/{*}arXiv")
        if described is None:
            return

        def text(name: str) -> str:
            return described.findtext(f"{{*}}{name}", "")

        updated = text("updated")
        self.add(
            Record(
                id=text("id"),
                title=text("title"),
                authors=tuple(
                    (author.findtext("{*}keyname", ""), author.findtext("{*}forenames", ""))
                    for author in described.iterfind("{*}authors/{*}author")
                ),
                abstract=text("abstract"),
                categories=tuple(text("categories").split()),
                created=date.fromisoformat(text("created")),
                updated=date.fromisoformat(updated) if updated else None,
                datestamp=date.fromisoformat(element.findtext("{*}header/{*}datestamp", "")),
                comments=text("comments"),
                journal_ref=text("journal-ref"),
                doi=text("doi"),
                version=2 if updated else 1,
            )
        )
