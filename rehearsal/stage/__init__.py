"""The rehearsal in memory: people, chats, messages and the rules Telegram keeps about them."""
