"""Telegram as the bot meets it: the Bot API over HTTP, polling, webhooks and faults."""
