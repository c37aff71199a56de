"""Telegram as people meet it: what they do and see, and the stage they stand on, over HTTP."""
