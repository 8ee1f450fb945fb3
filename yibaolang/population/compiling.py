"""From IR text to functions of this processor, with the object code kept by its content.

llvmlite is loaded here only, when a kernel is wanted. What was compiled before is found by the text
(which is all that rules and this package put into the code), the version of llvmlite, and the
processor with its features, in a folder that nobody else can write to (`resources.cache_folder`);
without one it is compiled each time.
"""

import ctypes
import hashlib
import os
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from typing import Any

from yibaolang.language.diagnostics import Refusal, diagnostic
from yibaolang.resources import cache_folder

_PREFIX = "kernel-"
_MOST = 512
_SPEED = 3


class Kernel:
    """A compiled function: i64 (buffers, begin, end); see `call`."""

    def __init__(self, engine: Any, address: int, kept: bool) -> None:
        signature = ctypes.CFUNCTYPE(
            ctypes.c_int64, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64
        )
        # The engine owns the code: it must live as long as the function does.
        self._engine = engine
        self._function = signature(address)
        self.kept = kept
        """Whether its object code was found and not compiled."""

    def call(self, buffers: Sequence[int], begin: int, end: int) -> int:
        """Run it for rows from `begin` to before `end`, without the interpreter's lock.

        `buffers` are addresses of memory that must be there until it returns; 0 for none.
        """
        pointers = (ctypes.c_void_p * len(buffers))(*buffers)
        done: int = self._function(ctypes.addressof(pointers), begin, end)
        return done


def load_llvm() -> Any:
    """llvmlite's binding; Refusal YB481 if it is not installed."""
    try:
        import llvmlite.binding
    except ImportError as error:
        raise Refusal(diagnostic("YB481", None, package="llvmlite")) from error
    return llvmlite.binding


def demand_llvm() -> None:
    """Refusal YB481 if llvmlite is not installed; it is loaded when there is a kernel."""
    try:
        found = find_spec("llvmlite.binding")
    except ImportError:
        found = None
    if found is None:
        raise Refusal(diagnostic("YB481", None, package="llvmlite"))


def compiled(text: str, name: str) -> Kernel:
    """The function of a name in a module of IR text; Refusal YB481 without llvmlite."""
    llvm = load_llvm()
    machine, processor = _machine(llvm)
    key = _key(llvm, text, processor)
    kept = _load(key)
    code = _object_code(llvm, machine, text) if kept is None else kept
    if kept is None:
        _save(key, code)
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    return Kernel(engine, engine.get_function_address(name), kept is not None)


@cache
def _ready() -> None:
    llvm = load_llvm()
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()


def _machine(llvm: Any) -> tuple[Any, str]:
    """The target machine, and what the processor is."""
    _ready()
    cpu, features = llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()
    target = llvm.Target.from_default_triple()
    machine = target.create_target_machine(cpu=cpu, features=features, opt=_SPEED)
    return machine, f"{llvm.get_default_triple()} {cpu} {features}"


def _optimised(llvm: Any, machine: Any, text: str) -> Any:
    module = llvm.parse_assembly(text)
    module.triple = machine.triple
    module.data_layout = str(machine.target_data)
    module.verify()
    options = llvm.create_pipeline_tuning_options(speed_level=_SPEED)
    options.loop_vectorization = options.slp_vectorization = True
    builder = llvm.create_pass_builder(machine, options)
    builder.getModulePassManager().run(module, builder)
    return module


def _object_code(llvm: Any, machine: Any, text: str) -> bytes:
    code: bytes = machine.emit_object(_optimised(llvm, machine, text))
    return code


# ── what was compiled before ──


def _key(llvm: Any, text: str, processor: str) -> str:
    # The text is all that rules and this package put into the code.
    parts = [text, processor, str(_SPEED), str(llvm.llvm_version_info), _llvmlite_version()]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _llvmlite_version() -> str:
    import llvmlite

    return str(llvmlite.__version__)


def _load(key: str) -> bytes | None:
    """The object code kept under a key; None if there is none, or it is not what was written."""
    place = _folder()
    if place is None:
        return None
    try:
        with open(os.path.join(place, _PREFIX + key), "rb") as file:
            digest, code = file.read(32), file.read()
    except OSError:
        return None
    return code if code and hashlib.sha256(code).digest() == digest else None


def _save(key: str, code: bytes) -> None:
    """Keep object code; a folder that is full or gone is no fault."""
    place = _folder()
    if place is None:
        return
    path = os.path.join(place, _PREFIX + key)
    passing = f"{path}.{os.getpid()}"
    try:
        with open(passing, "wb") as file:
            file.write(hashlib.sha256(code).digest() + code)
        os.replace(passing, path)
        _forget(place)
    except OSError:
        return


def _forget(place: str) -> None:
    """Drop the older half when there are too many."""
    with os.scandir(place) as entries:
        found = [each for each in entries if each.name.startswith(_PREFIX)]
    if len(found) > _MOST:
        for each in sorted(found, key=lambda entry: entry.stat().st_mtime)[: _MOST // 2]:
            os.unlink(each.path)


def _folder() -> str | None:
    return cache_folder()
