"""The examples of the page of the package run."""

import os
import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "src" / "python" / "README.md"


def test_the_examples_of_the_page_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "releases").mkdir()
    (tmp_path / "releases" / "notice.md").write_text("# A notice\n\nRoads grew.\n")
    examples = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert len(examples) > 2
    assert len(examples[0].splitlines()) <= 10
    names: dict[str, object] = {}
    before = Path.cwd()
    os.chdir(tmp_path)
    try:
        for example in examples:
            exec(compile(example, str(PAGE), "exec"), names)
    finally:
        os.chdir(before)
    printed = capsys.readouterr().out
    assert "Port News 2025-06-30 The <mark>carbon market</mark> reached the port." in printed
    assert "1 [] 4" in printed
    assert "['b', 'a'] [('rail', 1), ('trade', 1)]" in printed
