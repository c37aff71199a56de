"""What we ask: conversations as data, pure, and every sentence for people."""
