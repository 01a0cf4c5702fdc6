"""Where a paper was published, from its ids, its journal reference and its comment."""

from __future__ import annotations

import gzip
import json
import re
import time
from collections import Counter

import pytest

from bot.domain.venue import venue
from storage.models import PaperId
from tests.conftest import SHARED
from tests.factories import paper

COMMENTS = SHARED / "comments" / "comments.jsonl.gz"


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("Accepted at EMNLP 2024 Findings", "EMNLP 2024 Findings"),
        ("Findings of ACL2025; 9 pages", "ACL 2025 Findings"),
        ("To appear in ACL 2024", "ACL 2024"),
        ("NeurIPS 2023 (Spotlight)", "NeurIPS 2023 (spotlight)"),
        ("9 pages, 6 figures, AAAI 2025 Oral", "AAAI 2025 (oral)"),
        ("Accepted to AAAI-26", "AAAI 2026"),
        ("Accepted by KDD'25", "KDD 2025"),
        ("accepted at NIPS 2017", "NeurIPS 2017"),
        ("Accepted at the GEM Workshop @ ACL 2026", "ACL 2026 workshop"),
        ("Accepted for CVPRW '25", "CVPR 2025 workshop"),
        ("Accepted at EIML@ICML 2026", "ICML 2026 workshop"),
        ("8 pages. Published in TMLR (2025)", "TMLR 2025"),
        ("Accepted by TASLP", "TASLP"),
        ("Accepted at the 31st Conference on Things (CoTh 2025)", "CoTh 2025"),
        ("[NAACL 2025] The first authors contribute equally", "NAACL 2025"),
        ("Code: https://github.com/x/y. Accepted to ICLR 2026. 17 pages", "ICLR 2026"),
        ("Accepted at ArabicNLP 2025, co-located with EMNLP 2025", "ArabicNLP 2025"),
    ],
)
def test_a_comment_that_says_so_names_the_venue(comment: str, expected: str) -> None:
    """In one way of writing it."""
    assert venue(paper(comment=comment)) == expected


@pytest.mark.parametrize(
    "comment",
    [
        "",
        "9 pages, 3 figures",
        "Submitted to EMNLP 2025",
        "Under review at ICLR 2026",
        "41 pages. Preprint under review for the Track on Evaluations at NeurIPS 2026",
        "Journal extension of our CVPR 2024 paper",
        "Extended version of a paper accepted at KDD 2023",
        "MSC 2020: 68T05",
        "Solution of the EMNLP 2024 shared task",
        "Evaluated on ImageNet 2012 and COVID-19 data, accepted manuscript",
        "Follows the ACL 2023 template",
        "Withdrawn from AAAI 2024",
        "ACL ARR 2026 March submission",
    ],
)
def test_a_comment_that_does_not_say_it_plainly_names_none(comment: str) -> None:
    """Nothing is better than a wrong venue."""
    assert venue(paper(comment=comment)) == ""


@pytest.mark.parametrize(
    ("paper_id", "expected"),
    [
        ("acl:2024.acl-long.12", "ACL 2024"),
        ("acl:2024.emnlp-main.7", "EMNLP 2024"),
        ("acl:2023.findings-emnlp.5", "EMNLP 2023 Findings"),
        ("acl:2024.lrec-main.1", "LREC-COLING 2024"),
        ("acl:2022.lrec-1.1", "LREC 2022"),
        ("acl:2024.tacl-1.3", "TACL 2024"),
        ("acl:2020.cl-1.2", "Computational Linguistics 2020"),
        ("acl:2023.bionlp-1.2", "BioNLP 2023"),
        ("acl:P19-1234", "ACL 2019"),
        ("acl:D99-0601", "EMNLP 1999"),
        ("acl:W18-5401", ""),
        ("openreview:abcdef", ""),
        ("doi:10.1000/xyz", ""),
    ],
)
def test_an_id_of_the_anthology_names_the_venue(paper_id: str, expected: str) -> None:
    """As primary id or as an alias, before anything that authors write."""
    assert venue(paper(id=PaperId(paper_id))) == expected
    found = paper(aliases=(PaperId(paper_id),), comment="Accepted at ICML 2025")
    assert venue(found) == (expected or "ICML 2025")


def test_a_journal_reference_is_taken_at_its_word() -> None:
    """A venue that is known is named briefly, another as it is written."""
    known = paper(journal_ref="Proceedings of the 2023 EMNLP, pages 1-9", comment="ICML 2025")
    assert venue(known) == "EMNLP 2023"
    assert (
        venue(paper(journal_ref="Phys. Rev.\nLett. 12, 3 (2021)"))
        == "Phys. Rev. Lett. 12, 3 (2021)"
    )
    assert len(venue(paper(journal_ref="word " * 400))) <= 80


def test_hostile_comments_take_no_time() -> None:
    """Whatever is repeated in them."""
    began = time.process_time()
    for part in ("accepted ", "ACL ", "A-", "2024 ", "(", "'24", "workshop 2024 ACL,", "under "):
        assert len(venue(paper(comment=part * 50_000))) < 60
    assert time.process_time() - began < 1


@pytest.mark.skipif(not COMMENTS.exists(), reason="the recorded comments are not here")
def test_real_comments_name_venues_as_they_are_called() -> None:
    """A third of them names one; the most frequent are conferences that there are."""
    with gzip.open(COMMENTS, "rt", encoding="utf-8") as lines:
        comments = [json.loads(line)["comment"] for line in lines]
    found = [venue(paper(comment=comment)) for comment in comments]
    named = [one for one in found if one]
    assert 1_700 < len(named) < 2_100
    frequent = {
        name for name, count in Counter(one.split()[0] for one in named).items() if count > 20
    }
    assert {"ACL", "EMNLP", "ICML", "ICLR", "NeurIPS", "CVPR", "AAAI", "Interspeech"} <= frequent
    assert all(re.fullmatch(r".{2,80}", one) for one in named)
