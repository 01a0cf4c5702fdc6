"""The words that lists use beside titles: labels of links, venues, dates, headings that hold no papers."""

from __future__ import annotations

import re
import unicodedata

_LABELS = frozenset(
    """
    abs abstract acl acm anthology app appendix arxiv article bib bibtex blog blogpost blogs book checkpoint
    checkpoints cite code codes dataset datasets data demo demos doc docs documentation doi download git github
    gitlab here hf home homepage html huggingface ieee leaderboard link links media model models notebook notes
    official openreview page paper papers pdf post poster preprint presentation project projects ps publication
    reddit repo repository report review resource resources s2 scholar site slide slides source spotlight
    springer supp supplement supplementary survey list talk thread tweet twitter url video videos web webpage
    website weights wiki x youtube version the a and on of this more full other our
    论文 代码 项目 主页 链接 数据 数据集 博客 视频 论文链接 代码链接 项目主页 解读 知乎 模型
    論文 コード リンク 논문 코드
    """.split()
)
_VENUES = frozenset(
    """
    aaai access accepted acl acm aistats annual applsci arxiv bmvc chi cikm coling colm computing conference
    conll corl corr cvpr eacl eccv emnlp finding findings iccv icassp icde icdm iclr icml icra ieee ijcai ijcv
    interspeech iros jmlr journal kdd lrec miccai mm mlsys naacl nature nature nips neurips oral pakdd pami
    pmlr poster preprint proceedings rss science sigir sigkdd spotlight surveys tacl tip tkde tmlr tmm toplas tpami
    transactions uai uist usenix vldb wacv workshop wsdm www published submitted in to at best paper award
    jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july august september
    october november december new title date published
    """.split()
)
_BOILERPLATE = re.compile(
    r"\b(?:table of contents?|contents?|toc|contribut\w*|citations?|citing|cite|licen[cs]e|acknowledge?ments?|star history|stargazers"
    r"|contact|introduction|about|updates?|news|changelog|what is|why|how to|faq|overview|motivation|disclaimer"
    r"|maintainers?|sponsors?|support|usage|todo|目录|引用|贡献|致谢|简介)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+")
PROJECT_LABELS = frozenset(
    "code codes project projects github repo repository website site page homepage web webpage git 代码 项目 主页".split()
)
PAPER_LABELS = frozenset(
    "paper papers pdf abs abstract arxiv article doi preprint publication link html 论文".split()
)


def words(text: str) -> list[str]:
    """The words of a text, folded."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def is_label(text: str) -> bool:
    """Whether a link's label says what kind of thing it leads to (`Paper`, `[pdf]`, `arXiv 2024`) and names nothing."""
    return (
        all(word in _LABELS or word in _VENUES or _counts(word) for word in words(text[:100]))
        and len(text) < 100
    )


def is_date_or_venue(text: str) -> bool:
    """Whether a text before a title is only a date, a number or a venue (`[2024/05]`, `ACL 2023`, `🔥`)."""
    return len(text) < 100 and all(word in _VENUES or _counts(word) for word in words(text))


def is_boilerplate(heading: str) -> bool:
    """Whether a heading is one that lists have beside their sections (`Contributing`, `Table of Contents`)."""
    return _BOILERPLATE.search(heading) is not None


def _counts(word: str) -> bool:
    return word.strip("0123456789") in {"", "v", "st", "nd", "rd", "th"}
