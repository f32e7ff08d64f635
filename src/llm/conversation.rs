//! A conversation as it is sent: without empty turns, and with the rules where a server reads them.
//!
//! Pure. Our own request keeps an empty reply of the model as it was; endpoints refuse one. Where the
//! rules stand in the first message, the sides take turns: what one says in a row is one message,
//! since servers that want the one want the other.

use crate::llm::dialect::RulesPosition;
use crate::llm::{ChatRequest, Message, Role};

/// The messages of a request as they are sent.
pub(super) fn turns(request: &ChatRequest, opening: RulesPosition) -> Vec<Message> {
    let spoken = request.messages.iter().filter(|m| is_spoken(m));
    let mut turns: Vec<Message> = Vec::with_capacity(request.messages.len());
    for message in spoken {
        let role = match (message.role, opening) {
            (Role::System, RulesPosition::FirstMessage) => Role::User,
            (role, _) => role,
        };
        match turns.last_mut() {
            Some(last) if last.role == role && opening == RulesPosition::FirstMessage => {
                last.content.push_str("\n\n");
                last.content.push_str(&message.content);
            }
            _ => turns.push(Message {
                role,
                content: message.content.clone(),
            }),
        }
    }
    turns
}

/// Whether there are words in a message.
pub(super) fn is_spoken(message: &Message) -> bool {
    !message.content.trim().is_empty()
}

/// What the model has said last, where the request goes on with a conversation.
pub(super) fn last_reply(request: &ChatRequest) -> Option<&str> {
    let mut messages = request.messages.iter().rev();
    let reply = messages.find(|message| message.role == Role::Assistant)?;
    Some(&reply.content)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::llm::samples::request;

    fn told(request: &ChatRequest, opening: RulesPosition) -> String {
        let turn = |m: &Message| format!("{:?}: {}\n", m.role, m.content);
        turns(request, opening).iter().map(turn).collect()
    }

    #[test]
    fn a_conversation_without_empty_turns_is_sent_as_it_is() {
        let corrective = request().follow_up("B", "Again.".into());
        assert_eq!(
            turns(&corrective, RulesPosition::OwnMessage),
            corrective.messages
        );
        assert_eq!(last_reply(&corrective), Some("B"));
        assert_eq!(last_reply(&request()), None);
    }

    #[test]
    fn an_empty_reply_is_left_out() {
        for empty in ["", " \n"] {
            let corrective = request().follow_up(empty, "Again.".into());
            let expected = "System: Choose well.\nUser: Which one?\nUser: Again.\n";
            assert_eq!(told(&corrective, RulesPosition::OwnMessage), expected);
        }
    }

    #[test]
    fn the_rules_move_into_the_first_message() {
        let corrective = request().follow_up("B", "Again.".into());
        let expected = "User: Choose well.\n\nWhich one?\nAssistant: B\nUser: Again.\n";
        assert_eq!(told(&corrective, RulesPosition::FirstMessage), expected);
        let empty = request().follow_up("", "Again.".into());
        let expected = "User: Choose well.\n\nWhich one?\n\nAgain.\n";
        assert_eq!(told(&empty, RulesPosition::FirstMessage), expected);
    }
}
