"""Interlaced pictures, two moments in one: found, and made whole."""

from collections import Counter

from keras_anchor.data.video.containers import import_av

# No format has interlaced pictures higher than this.
MAX_INTERLACED_HEIGHT = 1088
# FFmpeg's numbers for fields of which the bottom one is shown first.
BOTTOM_FIRST = (3, 4)


def find_field_order(pictures, stream):
    """Which field comes first, "tff" or "bff"; "" if pictures are not interlaced.

    The pictures themselves decide where they move: flags are often wrong, since
    progressive films are broadcast as interlaced ones. Else the flags do.
    """
    first = pictures[0][0]
    # Interlacing is for screens: GIFs and the like have a palette, whose dither combs.
    if first.height > MAX_INTERLACED_HEIGHT or first.format.is_rgb:
        return ""
    votes = Counter(vote for place in pictures for vote in comb(place, stream))
    order = max("tff", "bff", key=votes.__getitem__)
    if votes[order] >= 3 and votes[order] > 3 * (votes.total() - votes[order]):
        return order
    if votes["progressive"] >= 3 and votes["progressive"] > 3 * votes[order]:
        return ""
    if not any(frame.interlaced_frame for place in pictures for frame in place):
        return ""
    return "bff" if stream.codec_context.field_order in BOTTOM_FIRST else "tff"


def comb(frames, stream):
    """FFmpeg's `idet` of each frame that moves: "tff", "bff" or "progressive"."""
    graph = filter_graph(frames[0], stream, "idet")
    for frame in [*frames, None]:
        for seen in pull_frames(graph, frame):
            vote = seen.metadata.get("lavfi.idet.single.current_frame", "undetermined")
            if vote != "undetermined":
                yield vote


def deinterlace(frames, stream, field_order):
    """Yields whole frames made of both fields; the first field tells the time."""
    graph, shape = None, None
    for frame in frames:
        if (frame.width, frame.height, frame.format.name) != shape:
            if graph:
                yield from pull_frames(graph, None)
            shape = frame.width, frame.height, frame.format.name
            graph = filter_graph(
                frame, stream, "bwdif", mode="send_frame", parity=field_order
            )
        yield from pull_frames(graph, frame)
    if graph:
        yield from pull_frames(graph, None)


def filter_graph(frame, stream, name, **options):
    """One of FFmpeg's filters for frames like this one."""
    av = import_av()
    graph = av.filter.Graph()
    source = graph.add_buffer(
        width=frame.width,
        height=frame.height,
        format=frame.format,
        time_base=stream.time_base,
    )
    sink = graph.add("buffersink")
    graph.link_nodes(source, graph.add(name, **options), sink).configure()
    return graph


def pull_frames(graph, frame):
    """Yields the frames a filter has ready after one more, or None for the end."""
    av = import_av()
    graph.push(frame)
    while True:
        try:
            yield graph.pull()
        except (av.BlockingIOError, av.EOFError):
            return
