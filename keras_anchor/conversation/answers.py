"""Answers out of the user's own text: the entry that fits a question, or none."""

import functools
import re
import unicodedata
from collections import Counter

import numpy as np

from keras_anchor.conversation.faq import read_faq
from keras_anchor.conversation.phrases import find_language, phrase

# Chosen on the library's questions of `benchmarks/answers.py`, judged on the shop's.
# English questions share single letters with everything, Chinese ones nearly none.
THRESHOLDS, NGRAM_RANGE = {"en": 0.59, "zh": 0.30}, (1, 3)
# Words that every question is made of and that say nothing of what is asked.
FUNCTION_WORDS = re.compile(
    r"\b(?:"
    "a|about|am|an|and|any|are|as|at|be|been|but|by|can|could|d|did|do|does|"
    "for|from|get|give|had|has|have|hello|here|hey|hi|how|i|if|in|into|is|it|"
    "its|just|know|let|like|ll|m|many|may|me|mine|much|must|my|need|of|on|"
    "one|or|our|please|re|s|shall|should|so|some|t|tell|than|thank|thanks|"
    "that|the|their|them|then|there|these|they|this|those|to|up|us|ve|want|"
    "was|we|were|what|when|where|which|who|why|will|with|would|you|your"
    r")\b"
)
FUNCTION_CHARACTERS = re.compile(
    "请问|你好|您好|谢谢|我想|想要|想知道|知道|告诉我|能不能|可不可以|可以|能够|需要|是不是|"
    "有没有|什么时候|什么样|什么|怎么样|怎么办|怎么|怎样|如何|哪里|哪儿|哪个|哪些|多少|几点|"
    "为什么|谁|吗|呢|吧|啊|呀|的|了|我们|你们|他们|我|你|您|是|在|有|要|能|会|和|与|或|就|"
    "都|也|还|很|这|那|把|被|给|对|里|上|下|个|一下"
)


class Answers:
    """Finds the entry of a text that fits a question best.

    TF-IDF over the characters of words, so that `opening` finds `opened` and Chinese
    needs no dictionary.

    Args:
        path: Markdown with `## question` headings, or lines of `Q:` and `A:`.
        thresholds: `{"en": …, "zh": …}`, the least similarity at which an entry fits a
            question in a language: 0 for nothing in common, 1 for the very words of
            its question or its answer, 2 at most.

    Raises:
        ValueError: If the text holds no answers.
        ModuleNotFoundError: If scikit-learn is not installed.
    """

    place = None

    def __init__(self, path, thresholds=None):
        self.entries, self.thresholds = read_faq(path), thresholds or THRESHOLDS
        questions = [text for entry in self.entries for text in entry.questions]
        answers = [entry.answer for entry in self.entries]
        self.vectorizer = make_vectorizer()
        self.vectorizer.fit(questions + answers)
        self.analyse = self.vectorizer.build_analyzer()
        self.questions = self.vectorizer.transform(questions)
        self.answers = self.vectorizer.transform(answers)
        counts = [len(entry.questions) for entry in self.entries]
        self.firsts = np.cumsum([0, *counts[:-1]])

    def answer(self, question, history=()):
        """Yields the answer that fits, or says that none does.

        Args:
            history: What was asked and answered before; each question stands alone.
        """
        del history
        entry, _ = self.find(question)
        yield entry.answer if entry else phrase("nothing fits", question)

    def find(self, question):
        """The entry that fits, or None; and how similar the most similar one is."""
        scores = self.score(question)
        best = int(np.argmax(scores))
        is_fitting = scores[best] >= self.thresholds[find_language(question)]
        return (self.entries[best] if is_fitting else None), float(scores[best])

    def score(self, question):
        """How similar each entry is, `(num_entries,)`."""
        vector = self.vectorizer.transform([question])
        by_question = (self.questions @ vector.T).toarray()[:, 0]
        by_answer = (self.answers @ vector.T).toarray()[:, 0]
        scores = np.maximum.reduceat(by_question, self.firsts)
        return self.known_share(question) * (scores + by_answer)

    def known_share(self, question):
        """How much of a question the text has words for, `[0, 1]`.

        The vectorizer leaves unknown characters out, as if they had not been asked.
        """
        weights, vocabulary = self.vectorizer.idf_, self.vectorizer.vocabulary_
        known = unknown = 0.0
        for gram, count in Counter(self.analyse(question)).items():
            is_known = gram in vocabulary
            weight = weights[vocabulary[gram]] if is_known else weights.max()
            squared = ((1.0 + np.log(count)) * weight) ** 2
            known, unknown = (
                known + is_known * squared,
                unknown + (1 - is_known) * squared,
            )
        return np.sqrt(known / (known + unknown)) if known else 0.0


def make_vectorizer():
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer
    except ModuleNotFoundError:
        raise missing("scikit-learn") from None
    return TfidfVectorizer(
        preprocessor=keep_content,
        analyzer="char_wb",
        ngram_range=NGRAM_RANGE,
        sublinear_tf=True,
    )


def missing(name):
    return ModuleNotFoundError(
        f"Answering from a text needs {name}. Install it: "
        'pip install "keras-anchor[live]"'
    )


def simplify(text):
    """Traditional Chinese characters to simplified ones, which more people type."""
    if find_language(text) != "zh":
        return text
    return load_converter().convert(text)


@functools.lru_cache(maxsize=1)
def load_converter():
    try:
        from opencc import OpenCC
    except ModuleNotFoundError:
        raise missing("opencc-python-reimplemented") from None
    return OpenCC("t2s")


def keep_content(text):
    """Lower-case words that say what a text is about, of one width, in one script."""
    text = simplify(unicodedata.normalize("NFKC", text).lower())
    text = " ".join(re.sub(r"[\W_]+", " ", text).split())
    content = FUNCTION_WORDS.sub(" ", FUNCTION_CHARACTERS.sub(" ", text))
    return " ".join(content.split()) or text
