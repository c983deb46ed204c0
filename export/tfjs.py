"""The generator as a TF.js graph model."""

import contextlib
import importlib
import importlib.util
import io
import sys
from types import ModuleType

PIP_LINE = "pip install --no-deps tensorflowjs==4.22.0"
# tensorflowjs imports these at its top and graph models need none of them; no
# versions of them go with the newest TensorFlow.
UNUSED = (
    "jax",
    "jax.experimental",
    "jax.experimental.jax2tf",
    "tensorflow_decision_forests",
    "tensorflow_hub",
    "tf_keras",
)


def write_tfjs(saved_model_folder, folder, is_half=False):
    """Writes `model.json` and weight shards with the names of the signature.

    Args:
        is_half: Whether weights are stored as float16, which halves the download.

    Raises:
        ImportError: If tensorflowjs is not installed.
    """
    convert = import_converter()
    # It prints progress and warns of TensorFlow's own deprecations.
    with contextlib.redirect_stdout(io.StringIO()):
        convert(
            str(saved_model_folder),
            str(folder),
            quantization_dtype_map={"float16": "*"} if is_half else None,
            use_structured_outputs_names=True,
        )


def import_converter():
    """The converter of tensorflowjs, imported with stand-ins for what it never uses."""
    if importlib.util.find_spec("tensorflowjs") is None:
        raise ImportError(
            "TF.js models need the package tensorflowjs, whose requirements fit no "
            f"TensorFlow of today; none of them is used. Run: {PIP_LINE}"
        )
    module = "tensorflowjs.converters.tf_saved_model_conversion_v2"
    with stand_ins():
        return importlib.import_module(module).convert_tf_saved_model


class StandIn(ModuleType):
    """A module that has every attribute, as long as nobody calls one."""

    __path__ = ()

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return StandIn(f"{self.__name__}.{name}")


@contextlib.contextmanager
def stand_ins():
    """Puts stand-ins where modules are missing, and takes them away again."""
    absent = [name for name in UNUSED if name not in sys.modules]
    sys.modules.update({name: StandIn(name) for name in absent})
    try:
        yield
    finally:
        for name in absent:
            sys.modules.pop(name, None)
