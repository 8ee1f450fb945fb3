"""`python -m benchmarks [name …]`: runs all benchmarks, or the named ones."""

import importlib
import pkgutil
import sys
from pathlib import Path


def names() -> list[str]:
    """The modules of this folder that are benchmarks."""
    found = pkgutil.iter_modules([str(Path(__file__).parent)])
    return sorted(each.name for each in found if not each.name.startswith("_"))


def main(asked: list[str]) -> int:
    """Run them in order; 2 for a name that there is not."""
    known = names()
    unknown = [name for name in asked if name not in known]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    for name in asked or known:
        print(f"== {name} ==", flush=True)
        importlib.import_module(f"benchmarks.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
