"""What the anchor says when it has no answer, in the language of the question."""

PHRASES = {
    "nothing fits": {
        "en": "I have no answer to that. Please ask me something else.",
        "zh": "这个问题我没有答案，请换一个问题。",
    },
    "failed": {
        "en": "I'm sorry, I can't answer right now. Please try again later.",
        "zh": "抱歉，我现在无法回答，请稍后再试。",
    },
    "broke off": {
        "en": "I'm sorry, that is all I can say right now.",
        "zh": "抱歉，我现在只能说到这里。",
    },
}


def find_language(text):
    """`zh` for text with Chinese characters, else `en`."""
    is_chinese = any(
        "\u3400" <= character <= "\u9fff" or "\uf900" <= character <= "\ufaff"
        for character in text
    )
    return "zh" if is_chinese else "en"


def phrase(name, question):
    """A set phrase in the language of a question."""
    return PHRASES[name][find_language(question)]
