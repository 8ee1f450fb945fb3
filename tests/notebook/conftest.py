"""An IPython with the magics loaded."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell

from tests.notebook.shells import printed, running


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[InteractiveShell]:
    with running(tmp_path) as made:
        assert printed(made, "%load_ext yibaolang") == ""
        yield made
