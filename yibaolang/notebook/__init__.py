"""Cells of IPython and Jupyter: `%load_ext yibaolang`, then `%%yibao` and `%yibao`.

Outside of IPython there is no session to share:

>>> import yibaolang.notebook
>>> try:
...     yibaolang.notebook.session()
... except yibaolang.Refusal as refusal:
...     print(refusal.diagnostics[0].code)
YB047
"""

from yibaolang.notebook.magic import session, share

__all__ = ["session", "share"]
