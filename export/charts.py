"""Training curves as SVG, drawn into the page itself."""

import json
import math
from html import escape

WIDTH, HEIGHT, PADDING = 280, 110, 6
COLOURS = ("#2563ab", "#b4472c", "#5b8f3a", "#7a4fa3", "#b88a1e", "#3c8f8f")
# What an entry of the log counts with, rather than measures.
COUNTERS = ("epoch", "step", "seconds")


def read_log(path):
    """`{name: {stage: [(step, value), …]}}` of a run's `log.jsonl`."""
    curves = {}
    if not path.exists():
        return curves
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        stage = entry.get("stage", "training")
        for name, value in entry.items():
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            if is_number and math.isfinite(value) and name not in COUNTERS:
                points = curves.setdefault(name, {}).setdefault(stage, [])
                points.append((entry.get("step", len(points)), value))
    return curves


def draw_charts(curves):
    """One small chart for each name, all stages in it, and a legend; HTML."""
    stages = list(dict.fromkeys(stage for chart in curves.values() for stage in chart))
    colours = {s: COLOURS[i % len(COLOURS)] for i, s in enumerate(stages)}
    legend = "".join(
        f'<span><i style="background:{colour}"></i>{escape(stage)}</span>'
        for stage, colour in colours.items()
    )
    charts = "".join(draw_chart(name, chart, colours) for name, chart in curves.items())
    return f'<p class="legend">{legend}</p><div class="charts">{charts}</div>'


def draw_chart(name, chart, colours):
    """Each stage as a line over its own share of steps, 0 to 1."""
    values = [value for points in chart.values() for _, value in points]
    low, high = min(values), max(values)
    spread = (high - low) or 1.0
    lines = []
    for stage, points in chart.items():
        last_step = max(step for step, _ in points) or 1
        places = [
            (
                PADDING + step / last_step * (WIDTH - 2 * PADDING),
                HEIGHT - PADDING - (value - low) / spread * (HEIGHT - 2 * PADDING),
            )
            for step, value in points
        ]
        lines.append(draw_line(places, colours[stage]))
    return (
        f"<figure><figcaption>{escape(name)}: {low:.3g} to {high:.3g}</figcaption>"
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(name)} over training">{"".join(lines)}</svg></figure>'
    )


def draw_line(places, colour):
    if len(places) == 1:
        x, y = places[0]
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2" fill="{colour}"/>'
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    return (
        f'<polyline points="{points}" fill="none" stroke="{colour}" '
        'stroke-width="1.5" stroke-linejoin="round"/>'
    )
