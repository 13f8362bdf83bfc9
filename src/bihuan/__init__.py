"""Bihuan (闭环): a development zone run as a closed loop. The rooms are shown in docs/index.md."""

__version__ = "0.1.0"
