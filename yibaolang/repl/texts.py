"""The words of the prompt in both languages: texts.toml, read when one is needed."""

import os

from yibaolang.report.texts import Texts

TEXTS = Texts(os.path.join(os.path.dirname(__file__), "texts.toml"))
say = TEXTS.say
