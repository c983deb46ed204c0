"""Small PDF files of slides, written by hand."""

PAGE_WIDTH, PAGE_HEIGHT = 960, 540


def make_pdf(colours, width=PAGE_WIDTH, height=PAGE_HEIGHT):
    """A PDF of pages in colours `(red, green, blue)` in `[0, 1]`, each with a square.

    The black square's side is a tenth of the width; it lies at the upper left.
    """
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", None]
    for red, green, blue in colours:
        side = width // 10
        drawing = (
            f"{red} {green} {blue} rg 0 0 {width} {height} re f\n"
            f"0 0 0 rg {side} {height - 2 * side} {side} {side} re f\n"
        )
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] "
            f"/Contents {len(objects) + 2} 0 R >>"
        )
        objects.append(f"<< /Length {len(drawing)} >>\nstream\n{drawing}endstream")
    kids = " ".join(f"{3 + 2 * index} 0 R" for index in range(len(colours)))
    objects[1] = f"<< /Type /Pages /Kids [{kids}] /Count {len(colours)} >>"
    data, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    end = (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\n"
        f"startxref\n{len(data)}\n%%EOF\n"
    )
    return data + end.encode()
