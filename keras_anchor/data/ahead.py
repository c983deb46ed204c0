"""Threads that work ahead of whoever takes what they make, in the order of asking."""

import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor

DONE = object()


def ahead(items):
    """Yields the items while a thread already computes the next one."""
    items = iter(items)
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(next, items, DONE)
        while (item := future.result()) is not DONE:
            future = pool.submit(next, items, DONE)
            yield item


def map_ahead(function, items):
    """Yields `function(*item)` in order, while threads compute the next ones."""
    num_threads = os.cpu_count()
    with ThreadPoolExecutor(num_threads) as pool:
        futures = deque()
        for item in items:
            futures.append(pool.submit(function, *item))
            if len(futures) > 2 * num_threads:
                yield futures.popleft().result()
        while futures:
            yield futures.popleft().result()
