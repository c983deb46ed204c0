"""Pieces of HTML that reports are made of."""

import base64
from html import escape


def section(title, *parts, note=""):
    note = f'<p class="note">{note}</p>' if note else ""
    return f"<section><h2>{title}</h2>{note}{''.join(parts)}</section>"


def table(header, rows):
    """An HTML table; cells are HTML, the first of a row is its name."""
    head = "".join(f"<th>{cell}</th>" for cell in header)
    lines = "".join(
        f"<tr><th>{first}</th>{''.join(f'<td>{cell}</td>' for cell in rest)}</tr>"
        for first, *rest in rows
    )
    head = f"<thead><tr>{head}</tr></thead>" if header else ""
    return f'<div class="scroll"><table>{head}<tbody>{lines}</tbody></table></div>'


def number(value):
    if value is None:
        return "–"
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"


def bar(share):
    width = 100.0 * min(max(share, 0.0), 1.0)
    return f'<span class="bar"><i style="width:{width:.0f}%"></i></span>'


def embed(path, label):
    kind = "png" if path.suffix == ".png" else "jpeg"
    data = base64.b64encode(path.read_bytes()).decode()
    return f'<img alt="{escape(label)}" src="data:image/{kind};base64,{data}">'
