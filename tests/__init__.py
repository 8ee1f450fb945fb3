"""Tests; the folders mirror yibaolang."""
