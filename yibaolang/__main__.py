"""`python -m yibaolang` is `yibao`."""

import sys

from yibaolang.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
