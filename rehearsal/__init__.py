"""The try-out: a Telegram on this machine, with people, groups and a clock of its own."""
