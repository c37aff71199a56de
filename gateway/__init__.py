"""The durable edge to Telegram: kept before acknowledged, sent when owed."""
