"""What a person can say or press: python-telegram-bot handlers, one module per area."""
