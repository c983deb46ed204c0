"""How often a question finds its answer in a text, and how often a strange one does.

    python benchmarks/answers.py

The texts and questions lie in `tests/faq`, English and Mandarin. The thresholds were
chosen on the library's; the shop's were held out. The baseline is scikit-learn's TF-IDF
as it comes, over words (`jieba`'s would be a dictionary more), with the threshold that
is best for it on the library's.

- right: the answer that fits is given, of the questions that have one.
- wrong: another one is given.
- false: an answer is given to a question that nothing fits.
"""

import json
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from keras_anchor.conversation.answers import THRESHOLDS, Answers
from keras_anchor.conversation.phrases import find_language

FOLDER = Path(__file__).parents[1] / "tests" / "faq"
NAMES, LANGUAGES = ("library", "shop"), ("en", "zh")


class Words(Answers):
    """The baseline: words, and the cosine of a question and an entry."""

    def __init__(self, path):
        super().__init__(path)
        texts = [" ".join([*e.questions, e.answer]) for e in self.entries]
        self.plain = TfidfVectorizer()
        self.rows = self.plain.fit_transform(texts)

    def score(self, question):
        return (self.rows @ self.plain.transform([question]).T).toarray()[:, 0]


def score_all(kind, name):
    """`{language: [(score, whether the entry is right, or None), ...]}`."""
    answers, rows = kind(FOLDER / f"{name}.md"), {key: [] for key in LANGUAGES}
    asked = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    pairs = [(q, heading) for heading, qs in asked["fits"].items() for q in qs]
    for question, heading in [*pairs, *((q, None) for q in asked["nothing"])]:
        scores = answers.score(question)
        best = answers.entries[int(np.argmax(scores))]
        is_right = None if heading is None else heading in best.questions
        rows[find_language(question)].append((float(scores.max()), is_right))
    return rows


def rates(rows, threshold):
    """Shares that are right, wrong and false."""
    fitting = [row for row in rows if row[1] is not None]
    strange = [row for row in rows if row[1] is None]
    right = np.mean([score >= threshold and is_right for score, is_right in fitting])
    wrong = np.mean([score >= threshold and not ok for score, ok in fitting])
    return right, wrong, np.mean([score >= threshold for score, _ in strange])


def choose(rows):
    """The threshold with most right answers, where a false one costs two of them."""

    def worth(threshold):
        right, wrong, false = rates(rows, threshold)
        return right - wrong - 2 * false

    return max(np.arange(0.05, 1.0, 0.01), key=worth)


def main():
    print(f"{'':<24}{'questions':>10}{'right':>8}{'wrong':>8}{'false':>8}")
    for kind in (Answers, Words):
        tables = {name: score_all(kind, name) for name in NAMES}
        for name in NAMES:
            for language in LANGUAGES:
                threshold = THRESHOLDS[language]
                if kind is Words:
                    threshold = choose(tables["library"][language])
                rows = tables[name][language]
                label = f"{kind.__name__.lower()} {name} {language}"
                shares = "".join(f"{x:8.0%}" for x in rates(rows, threshold))
                print(f"{label:<24}{len(rows):>10}{shares}")


if __name__ == "__main__":
    main()
