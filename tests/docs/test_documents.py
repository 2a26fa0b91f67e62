"""Documents lead where they say, describe what there is, and name no machine of ours."""

import re
from pathlib import Path

import pytest

from tests.floor_plan.plan import ROOT

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)|<img[^>]+src=\"([^\"]+)\"")
_CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
_PAGE = 60


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


def faults(decisions: Path) -> list[str]:
    """Say which pages of a folder of decisions are too long, one-sided or not listed."""
    index = (decisions / "README.md").read_text()
    found = []
    for page in sorted(decisions.glob("*.md")):
        if page.name == "README.md":
            continue
        text = page.read_text()
        if text.count("\n") > _PAGE:
            found.append(f"{page.name} is longer than a page")
        if not re.search(r"\n\n\*\*Considered\.\*\*\s+(?!\*\*|#)\S", text):
            found.append(f"{page.name} names no alternative")
        if f"]({page.name})" not in index:
            found.append(f"{page.name} is not listed")
    return found


def test_every_decision_fits_one_page_names_alternatives_and_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    assert len(list(folder.glob("*.md"))) > 1, "there are decisions beside README.md"
    assert faults(folder) == []


def test_a_bad_decision_is_caught(tmp_path: Path) -> None:
    good = "# A\n\n**Decided.** This.\n\n**Considered.** That: slower.\n"
    (tmp_path / "README.md").write_text("# Decisions\n[a](a.md) [b](b.md) [c](c.md)\n")
    (tmp_path / "a.md").write_text(good)
    (tmp_path / "b.md").write_text("# B\n\nAn alternative is **Considered.**\n")
    (tmp_path / "c.md").write_text(good + "on and on\n" * _PAGE)
    (tmp_path / "d.md").write_text(good)
    assert faults(tmp_path) == [
        "b.md names no alternative",
        "c.md is longer than a page",
        "d.md is not listed",
    ]
