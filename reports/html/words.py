"""The words of a page that are not the document's own: labels of buttons, captions, notes; a language is one row."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """The words of one language, `code` as in BCP 47; `{…}` is a hole."""

    code: str
    contents: str
    skip: str
    fold: str
    unfold: str
    light: str
    dark: str
    copy: str
    copy_short: str
    copied: str
    refused: str
    copy_equation: str
    copy_formula: str
    copy_code: str
    equation: str
    formula: str
    figure: str
    table: str
    captioned: str
    code_block: str
    rests: str
    defined: str
    places: str
    close: str
    mark: str
    gap: str
    made: str


ENGLISH = Words(
    code="en",
    contents="Contents",
    skip="Skip to the text",
    fold="Fold all",
    unfold="Unfold all",
    light="Light",
    dark="Dark",
    copy="Copy LaTeX",
    copy_short="Copy",
    copied="Copied",
    refused="Copying is not allowed here",
    copy_equation="Copy LaTeX of equation {number}",
    copy_formula="Copy LaTeX of this formula",
    copy_code="Copy the program",
    equation="Equation {number}",
    formula="Formula",
    figure="Figure {number}",
    table="Table {number}",
    captioned="<strong>{kind}.</strong> ",
    code_block="Program",
    rests="What this rests on",
    defined="defined in",
    places="marked in {count} places",
    close="Close",
    mark="Mark {quantity} wherever it stands",
    gap="gap {number}",
    made="Made by Backproof. This page needs no network.",
)

CHINESE = Words(
    code="zh",
    contents="目录",
    skip="跳到正文",
    fold="全部折叠",
    unfold="全部展开",
    light="浅色",
    dark="深色",
    copy="复制 LaTeX",
    copy_short="复制",
    copied="已复制",
    refused="此处不允许复制",
    copy_equation="复制 LaTeX：公式 {number}",
    copy_formula="复制 LaTeX：此公式",
    copy_code="复制程序",
    equation="公式 {number}",
    formula="公式",
    figure="图 {number}",
    table="表 {number}",
    captioned="<strong>{kind}</strong>\u3000",
    code_block="程序",
    rests="所依据的公式",
    defined="定义于",
    places="共标出 {count} 处",
    close="关闭",
    mark="标出所有 {quantity}",
    gap="空格 {number}",
    made="由 Backproof 生成。本页无需网络。",
)

WORDS = {row.code: row for row in (ENGLISH, CHINESE)}


def words(language: str) -> Words:
    """The row of a language; raises `ValueError` for one that has no row.

    Each language of `reports.wording.language` has one.
    """
    if language not in WORDS:
        raise ValueError(f"a page is written in one of {', '.join(WORDS)}, not {language!r}")
    return WORDS[language]
