"""Schedules (进度): networks, critical path, earned value, risk, forecasts, levelling.

`calendar` and `network` say what is given, `path` when it can happen, `earned` how far it has come,
`chance` and `owners` what may move it, `forecast` and `calibration` how honest a date is;
`levelling` shares out what is scarce, and `check` judges it. Nothing is imported here: what is
compiled loads slowly, and whoever asks for a float does not wait for it.
"""
