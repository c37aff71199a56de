"""The peer: six steps of a ConversationHandler, default settings, nothing kept."""

import sys
from typing import Any

from telegram import Update
from telegram.ext import (
    Application,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    filters,
)

STEPS = ("progress", "done", "plan", "obstacle", "words")
Context = ContextTypes.DEFAULT_TYPE


async def begin(update: Update, context: Context) -> int:
    assert update.message is not None
    await update.message.reply_text("1/6 progress?")
    return 0


def answered(step: int) -> Any:
    async def answer(update: Update, context: Context) -> int:
        assert update.message is not None and context.user_data is not None
        context.user_data[STEPS[step]] = update.message.text
        if step + 1 == len(STEPS):
            told = ", ".join(str(context.user_data[name]) for name in STEPS)
            await update.message.reply_text(f"sent: {told}")
            return ConversationHandler.END
        await update.message.reply_text(f"{step + 2}/6 {STEPS[step + 1]}?")
        return step + 1

    return answer


def main(token: str, base_url: str) -> None:
    application = Application.builder().token(token).base_url(f"{base_url}/bot").build()
    states: dict[object, list[Any]] = {
        step: [MessageHandler(filters.TEXT & ~filters.COMMAND, answered(step))]
        for step in range(len(STEPS))
    }
    application.add_handler(ConversationHandler([CommandHandler("report", begin)], states, []))
    application.run_polling()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
