"""Tests of what the dialogs say and of what their actions decide."""
