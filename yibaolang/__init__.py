"""Rules of China's employee medical-insurance personal accounts, as sentences that compute."""

__version__ = "0.1.0"
