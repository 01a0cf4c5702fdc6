"""The words that lists use beside titles.

Labels of links, venues and dates before titles, headings that hold no papers.
"""

from __future__ import annotations

import re
import unicodedata


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LABEL_WORDS = """
abs abstract acl acm anthology app appendix arxiv article author authors bib bibtex blog blogpost
blogs book checkpoint checkpoints cite code codes colab dataset datasets data demo demos doc docs
documentation doi download git github gitlab here hf home homepage html huggingface ieee
implementation leaderboard link links media model models notebook notes official openreview page
paper papers pdf post poster preprint presentation project projects ps publication reddit reference
repo repository report review resource resources s2 scholar site slide slides source spotlight
springer supp supplement supplementary survey list talk thread tweet twitter url video videos web
webpage website weights wiki x youtube version the a and on of this more full our available coming
not soon tba unofficial yet
論文 コード リンク 논문 코드
"""
_LANGUAGE_WORDS = """
c high java julia keras matlab performance python pytorch r tensorflow tf
"""
_CHINESE_LABEL = re.compile(
    r"(?:论文|原文|代码|源码|项目|主页|官网|网页|链接|地址|下载|数据集|数据|博客|视频|演示|解读|详解|知乎|模型"
    r"|摘要|中文版?|英文版?|和|与|及)+\d?"
)
_VENUE_WORDS = """
aaai acl acm aistats arxiv bioinformatics biorxiv bmvc chemrxiv chi cikm coling colm commun
communications conll corl corr cvpr eacl eccv embo emnlp findings
iccv icassp icde icdm iclr icml icra ieee ijcai ijcv interspeech iros jmlr kdd lrec miccai mlsys
medrxiv naacl nat nature neurips nips pakdd pami pmlr preprint rep rss science sigir sigkdd tacl tip
tkde tmlr tmm
tpami uai uist usenix vldb wacv workshop wsdm www
"""
_LEADING_WORDS = """
accepted at award best conference finding in journal new oral paper poster proceedings published
spotlight submitted survey to date title
jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july august
september october november december
"""
_LABELS = _set(_LABEL_WORDS)
_LANGUAGES = _set(_LANGUAGE_WORDS)
_LANGUAGE_BEFORE = re.compile(
    r"\b(?:python|pytorch|tensorflow|keras|julia|java|matlab)\s+(?=\w)", re.IGNORECASE
)
_VENUES = _set(_VENUE_WORDS)
_LEADING = _VENUES | _set(_LEADING_WORDS)
_PROJECT_WORDS = """
code codes project projects github repo repository website site page homepage web webpage git
implementation reference
代码 项目 主页
"""
PROJECT_LABELS = _set(_PROJECT_WORDS)
_PAPER_WORDS = "paper papers pdf abs abstract arxiv article doi preprint publication link html 论文"
PAPER_LABELS = _set(_PAPER_WORDS)
_BOILERPLATE = re.compile(
    r"\b(?:table of contents?|contents?|toc|contribut\w*|citations?|citing|cite|licen[cs]e"
    r"|acknowledge?ments?|star history|stargazers|contact|introduction|about|updates?|news"
    r"|changelog|what is|why|how to|faq|motivation|disclaimer|maintainers?|sponsors?"
    r"|support|usage|todo|目录|引用|贡献|致谢|简介)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+")


def words(text: str) -> list[str]:
    """The words of a text, folded."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def is_label(text: str) -> bool:
    """Whether a link's label only says what it leads to: `Paper`, `[pdf]`, `arXiv 2024`."""
    if len(text) >= 100 or is_language(text):
        return False
    found = words(text)
    if re.match(r"[\[/]*10\.\d{4,9}/\S+$", text):
        return True
    return all(_labels(word) or word in _LANGUAGES for word in found) or _is_dated_venue(found)


def _labels(word: str) -> bool:
    return (
        word in _LABELS
        or word in _VENUES
        or _counts(word)
        or _CHINESE_LABEL.fullmatch(word) is not None
    )


def _is_dated_venue(found: list[str]) -> bool:
    """`NeurIPS 2021 Datasets and Benchmarks Track`."""
    dated = any(re.fullmatch(r"(?:19|20)\d\d", word) for word in found)
    return dated and len(found) < 8 and found[0] in _VENUES


def is_date_or_venue(text: str) -> bool:
    """Whether what stands before a title is only a date or venue: `[2024/05]`, `ACL 2023`, `🔥`."""
    return len(text) < 100 and all(word in _LEADING or _counts(word) for word in words(text))


def without_language(label: str) -> str:
    """`Pytorch Code` without the language, which another work need not have: `Code`."""
    return _LANGUAGE_BEFORE.sub("", label)


def is_venue(word: str) -> bool:
    """Whether a word is a conference, a journal or a server of preprints."""
    return word.casefold() in _VENUES


def is_news(heading: str) -> bool:
    """Whether a heading is that of a list's own news, which tell of papers in sentences."""
    return re.search(r"\b(?:news|updates?|changelog)\b", heading, re.IGNORECASE) is not None


def is_language(label: str) -> bool:
    """Whether a label only names the language or library of a work's code: `PyTorch`."""
    found = words(label)
    return bool(found) and all(word in _LANGUAGES for word in found)


def is_boilerplate(heading: str) -> bool:
    """Whether a heading is one that lists have beside their sections: `Contributing`."""
    return _BOILERPLATE.search(heading) is not None


def _counts(word: str) -> bool:
    return word.strip("0123456789") in {"", "v", "st", "nd", "rd", "th"}
