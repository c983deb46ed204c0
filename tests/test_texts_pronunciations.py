import pytest

from keras_anchor.drive.texts.pronunciations import (
    Part,
    Pronunciations,
    apply_pronunciations,
    read_pronunciations,
)

FILE = """\
# Ours.
GIF = jif
Xiaomi = /ʃaʊˈmiː/   # the company
行长 = hang2 zhang3
行长们 = hang2 zhang3 men0
绿地 = lü4 di4
C# = see sharp
nginx = engine x
"""


@pytest.fixture
def ours(tmp_path):
    path = tmp_path / "words.txt"
    path.write_text(FILE, encoding="utf-8")
    return read_pronunciations(path)


def test_a_file_holds_spellings_ipa_and_pinyin(ours):
    assert ours.entries["GIF"] == Part("jif")
    assert ours.entries["Xiaomi"] == Part("Xiaomi", ipa="ʃaʊˈmiː")
    assert ours.entries["行长们"] == Part("行长们", pinyin="hang2 zhang3 men5")
    assert ours.entries["绿地"].pinyin == "lv4 di4"
    assert ours.entries["C#"] == Part("see sharp")


def test_the_longest_word_wins(ours):
    assert apply_pronunciations("行长们和行长", ours) == [
        Part("行长们", pinyin="hang2 zhang3 men5"),
        Part("和"),
        Part("行长", pinyin="hang2 zhang3"),
    ]


def test_latin_words_are_found_whole(ours):
    assert apply_pronunciations("A GIF, GIFs, gif.", ours) == [
        Part("A jif, GIFs, gif.")
    ]
    assert apply_pronunciations("用GIF吧", ours) == [Part("用jif吧")]


def test_small_letters_are_found_in_any_case(ours):
    assert apply_pronunciations("NGINX and Nginx", ours) == [
        Part("engine x and engine x")
    ]


def test_words_are_found_however_their_letters_are_encoded(tmp_path):
    path = tmp_path / "words.txt"
    path.write_text("Cafe\u0301 = coffee\nＡＢＣ = abbot", encoding="utf-8")
    ours = read_pronunciations(path)
    assert apply_pronunciations("Caf\u00e9 ABC", ours) == [Part("coffee abbot")]


def test_words_with_spaces_are_found_across_any_space():
    ours = Pronunciations({"New York": Part("New York", ipa="nuː jɔːk")})
    assert apply_pronunciations("New  York", ours) == [
        Part("New  York", ipa="nuː jɔːk")
    ]


def test_without_a_file_the_text_stays():
    assert apply_pronunciations("text", None) == [Part("text")]
    assert apply_pronunciations("text", Pronunciations()) == [Part("text")]
    assert apply_pronunciations("", None) == []


@pytest.mark.parametrize(
    ("lines", "error"),
    [
        ("GIF jif", r"line 1: received 'GIF jif', but a line holds `word = pron"),
        ("# one\n\nGIF =", r"line 3: received 'GIF =', but a line holds"),
        ("= jif", r"line 1: received '= jif'"),
        ("😀 = smile", r"line 1: received '😀 = smile'"),
        ("GIF = jif\nGIF = gif", r"line 2: 'GIF' stands already in line 1. Remove"),
        ("GIF = /dʒɪf", r"line 1: '/dʒɪf' is no IPA between two slashes"),
        ("GIF = //", r"line 1: '//' is no IPA"),
        ("GIF = /D3F/", r"line 1: '/D3F/' is no IPA"),
        ("行长 = hang2 zhang", r"line 1: 'zhang' is no syllable of pinyin with its"),
        ("行长 = hang2 zhang9", r"line 1: 'zhang9' is no syllable"),
        ("行长 = hang2", r"line 1: '行长' has 2 characters, but 'hang2' has 1 syll"),
    ],
)
def test_a_bad_line_is_named(tmp_path, lines, error):
    path = tmp_path / "words.txt"
    path.write_text(lines, encoding="utf-8")
    with pytest.raises(ValueError, match=error):
        read_pronunciations(path)


def test_what_is_no_text_file_is_refused(tmp_path):
    (tmp_path / "latin.txt").write_bytes("Café = coffee".encode("latin-1"))
    with pytest.raises(ValueError, match=r"latin.txt is no text in UTF-8. Save it"):
        read_pronunciations(tmp_path / "latin.txt")
    with pytest.raises(ValueError, match="There is no pronunciation file"):
        read_pronunciations(tmp_path / "none.txt")
    with pytest.raises(ValueError, match="There is no pronunciation file"):
        read_pronunciations(tmp_path)


def test_a_file_saved_by_notepad_is_read(tmp_path):
    (tmp_path / "words.txt").write_bytes(b"\xef\xbb\xbfGIF = jif\r\nABC = abbot\r\n")
    assert list(read_pronunciations(tmp_path / "words.txt").entries) == ["GIF", "ABC"]
