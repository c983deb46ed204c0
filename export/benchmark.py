"""How much an exported model costs: milliseconds, multiply-adds, bytes."""

import time

import numpy as np
import tensorflow as tf

NUM_ROUNDS = 4
FRAMES_A_ROUND = 10


def measure_costs(generator, folder, paths):
    """What one frame costs.

    Args:
        paths: `{format name: path in the folder}`.

    Returns:
        `{"parameters", "multiply_adds", "formats": {format name: {"bytes",
        "milliseconds": {number of threads: ...}}}}`; TFLite alone is timed.
    """
    formats = {name: {"bytes": num_bytes(folder, path)} for name, path in paths.items()}
    lite = {name: folder / paths[name] for name in paths if name.startswith("tflite")}
    for name, milliseconds in time_tflite(lite).items():
        formats[name]["milliseconds"] = milliseconds
    return {
        "parameters": generator.count_params(),
        "multiply_adds": count_multiply_adds(generator),
        "formats": formats,
    }


def num_bytes(folder, path):
    """Of a file in the folder, or of everything beside a file that lies deeper."""
    inner = folder / path.partition("/")[0]
    files = inner.rglob("*") if inner.is_dir() else [inner]
    return sum(file.stat().st_size for file in files if file.is_file())


def count_multiply_adds(generator):
    """Multiply-adds of one frame in convolutions and matrix products."""
    specs = [
        tf.TensorSpec((1, *spec.shape[1:]), spec.dtype) for spec in generator.inputs
    ]
    draw = tf.function(lambda *inputs: generator(list(inputs), training=False))
    operations = draw.get_concrete_function(*specs).graph.get_operations()
    return sum(COSTS[op.type](op) for op in operations if op.type in COSTS)


def convolution_cost(operation):
    height, width, channels, _ = operation.inputs[1].shape
    return operation.outputs[0].shape.num_elements() * height * width * channels


def depthwise_cost(operation):
    height, width, _, _ = operation.inputs[1].shape
    return operation.outputs[0].shape.num_elements() * height * width


def product_cost(operation):
    """Of `(..., m, k)` times `(..., k, n)`, either maybe transposed."""
    first, outputs = operation.inputs[0].shape, operation.outputs[0].shape
    is_transposed = "adj_x" if "adj_x" in operation.node_def.attr else "transpose_a"
    depth = first[-2] if operation.get_attr(is_transposed) else first[-1]
    return outputs.num_elements() * depth


COSTS = {
    "Conv2D": convolution_cost,
    "DepthwiseConv2dNative": depthwise_cost,
    "MatMul": product_cost,
    "BatchMatMulV2": product_cost,
}


def time_tflite(paths, num_threads=(1, 2)):
    """Median milliseconds a frame.

    All variants take turns, so that a busy moment of the machine hits each of them.

    Args:
        paths: `{format name: path of a .tflite file}`.

    Returns:
        `{format name: {number of threads: milliseconds}}`.
    """
    draw = {
        (format_name, threads): load(path, threads)
        for format_name, path in paths.items()
        for threads in num_threads
    }
    seconds = {key: [] for key in draw}
    for _ in range(NUM_ROUNDS):
        for key, invoke in draw.items():
            for _ in range(FRAMES_A_ROUND):
                start = time.perf_counter()
                invoke()
                seconds[key].append(time.perf_counter() - start)
    return {
        format_name: {
            str(threads): round(
                1e3 * float(np.median(seconds[format_name, threads])), 3
            )
            for threads in num_threads
        }
        for format_name in paths
    }


def load(path, num_threads):
    """A function that draws one frame."""
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(str(path), num_threads=num_threads)
    interpreter.allocate_tensors()
    for details in interpreter.get_input_details():
        zeros = np.zeros(details["shape"], details["dtype"])
        interpreter.set_tensor(details["index"], zeros)
    interpreter.invoke()
    return interpreter.invoke
