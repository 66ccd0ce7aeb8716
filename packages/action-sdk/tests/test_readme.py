"""The README's action is one, and its tests are tests."""

import re
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"
BLOCK = re.compile(r"^```python\n# (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

CONFIG = """[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
filterwarnings = error
pythonpath = .
"""


def test_the_example_of_ten_lines_passes_the_tests_beside_it(tmp_path: Path) -> None:  # S43, S164
    files = dict(BLOCK.findall(README.read_text(encoding="utf-8")))
    assert sorted(files) == ["dice.py", "test_dice.py"]
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    config = tmp_path / "pytest.ini"
    config.write_text(CONFIG, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-c", str(config), "-p", "no:xdist", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_is_ten_lines() -> None:
    text = dict(BLOCK.findall(README.read_text(encoding="utf-8")))["dice.py"]
    lines = [line for line in text.splitlines() if line.strip() and not re.match("from|import", line)]
    assert len(lines) <= 10
