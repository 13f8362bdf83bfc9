"""Stopping a job needs no more than a button."""

from django import forms


class StopForm(forms.Form):
    """停止：一个按钮。"""
