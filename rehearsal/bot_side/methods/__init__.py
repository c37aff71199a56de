"""The Bot API's methods by name; names are found whatever their case, as on the server."""

from collections.abc import Callable

from rehearsal.bot_side.methods import (
    downloads,
    editing,
    identity,
    membership,
    presses,
    sending,
    topics,
)
from rehearsal.bot_side.parameters import Parameters
from rehearsal.stage.world import World

Method = Callable[[World, Parameters], object]

METHODS: dict[str, Method] = {
    "getMe": identity.get_me,
    "setMyName": identity.set_my_name,
    "getMyName": identity.get_my_name,
    "setMyDescription": identity.set_my_description,
    "getMyDescription": identity.get_my_description,
    "setMyShortDescription": identity.set_my_short_description,
    "getMyShortDescription": identity.get_my_short_description,
    "setMyCommands": identity.set_my_commands,
    "getMyCommands": identity.get_my_commands,
    "deleteMyCommands": identity.delete_my_commands,
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "sendDocument": sending.send_document,
    "sendMediaGroup": sending.send_media_group,
    "sendChatAction": sending.send_chat_action,
    "editMessageText": editing.edit_message_text,
    "editMessageCaption": editing.edit_message_caption,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "deleteMessage": editing.delete_message,
    "deleteMessages": editing.delete_messages,
    "pinChatMessage": editing.pin_chat_message,
    "unpinChatMessage": editing.unpin_chat_message,
    "unpinAllChatMessages": editing.unpin_all_chat_messages,
    "answerCallbackQuery": presses.answer_callback_query,
    "getChat": membership.get_chat,
    "getChatMember": membership.get_chat_member,
    "getChatMemberCount": membership.get_chat_member_count,
    "getChatAdministrators": membership.get_chat_administrators,
    "leaveChat": membership.leave_chat,
    "getFile": downloads.get_file,
    "createForumTopic": topics.create_forum_topic,
    "editForumTopic": topics.edit_forum_topic,
    "closeForumTopic": topics.close_forum_topic,
    "reopenForumTopic": topics.reopen_forum_topic,
    "deleteForumTopic": topics.delete_forum_topic,
}
RECEIVING = ("getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo")
SPELLING = {name.lower(): name for name in (*METHODS, *RECEIVING)}
