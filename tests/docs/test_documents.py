"""Documents lead where they say, describe what there is, and name no machine of ours."""

import re
from pathlib import Path

import pytest

from tests.floor_plan.plan import ROOT

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)|<img[^>]+src=\"([^\"]+)\"")
_CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)


def _documents() -> list[Path]:
    top = list(ROOT.glob("*.md"))
    below = [
        path
        for folder in ("docs", "shops", "src")
        for path in (ROOT / folder).rglob("*.md")
        if ".egg-info" not in str(path)
    ]
    return sorted(top + below)


def _anchors(text: str) -> set[str]:
    """Return the anchors that a renderer makes of the headings."""
    titles = re.findall(r"^#+ +(.+)$", _CODE.sub("", text), re.MULTILINE)
    raw = re.findall(r"^#+ +(.+)$", text, re.MULTILINE)
    return {_slug(title) for title in titles + raw}


def _slug(title: str) -> str:
    kept = re.sub(r"[^\w\- ]", "", title.strip().lower())
    return kept.replace(" ", "-")


def dead_links(document: Path) -> list[str]:
    """Name the relative links of a document that lead nowhere."""
    found = []
    for markdown, html in _LINK.findall(_CODE.sub("", document.read_text())):
        link = markdown or html
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = document.parent / name if name else document
        if not target.exists() or (anchor and not _has_anchor(target, anchor)):
            found.append(link)
    return found


def _has_anchor(target: Path, anchor: str) -> bool:
    return target.suffix != ".md" or anchor in _anchors(target.read_text())


@pytest.mark.parametrize("document", _documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    assert dead_links(document) == []


def test_a_dead_link_is_caught(tmp_path: Path) -> None:
    document = tmp_path / "a.md"
    document.write_text(
        "# One thing\n[here](#one-thing) [gone](#two) [self](a.md) [lost](b.md)\n"
        "[away](https://example.org/) `[code](c.md)`\n"
    )
    assert dead_links(document) == ["#two", "b.md"]


def test_every_target_is_described() -> None:
    targets = re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
    described = re.findall(
        r"^\| `make ([a-z]+)`", (ROOT / "docs" / "development.md").read_text(), re.MULTILINE
    )
    assert len(targets) >= 8
    assert sorted(targets) == sorted(described)


def test_the_changelog_has_a_place_for_what_comes() -> None:
    assert "\n## [Unreleased]\n" in (ROOT / "CHANGELOG.md").read_text()


def test_every_decision_fits_one_page_and_names_alternatives() -> None:
    for document in sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md")):
        text = document.read_text()
        assert text.count("\n") <= 80, f"{document.name} is longer than a page"
        assert "alternative" in text.lower(), f"{document.name} names no alternative"
