// Puts bytecode into the wheels of a folder in place of the source, made by the very Python that will read it:
// node precompile.mjs RUNTIME INFO WHEELS (INFO: what Pyodide's lock says of it, as JSON)
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
process.on("uncaughtException", (error) => { console.error(error.message); process.exit(1); });
const [runtime, info, wheels] = process.argv.slice(2);
const { loadPyodide } = await import(`file://${runtime}/pyodide.mjs`);
const lockFileContents = `{"info": ${info}, "packages": {}}`;
const py = await loadPyodide({ indexURL: `${runtime}/`, lockFileContents, env: { PYTHONHASHSEED: "0" } });
const compiled = py.runPython(`
import importlib._bootstrap_external as external, importlib.util, io, warnings, zipfile
warnings.simplefilter("ignore")
def compiled(wheel):
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(wheel.to_py())) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        def write(name, content):
            entry = zipfile.ZipInfo(name)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            new.writestr(entry, content)
        for name in old.namelist():
            source, code = old.read(name), None
            if name.endswith(".py") and ".data/" not in name:
                try:
                    code = compile(source, f"/lib/python3.14/site-packages/{name}", "exec", dont_inherit=True, optimize=0)
                except (SyntaxError, ValueError):
                    pass
            if code is None:
                write(name, source)
            else:
                write(f"{name}c", bytes(external._code_to_hash_pyc(code, importlib.util.source_hash(source), False)))
    return made.getvalue()
compiled
`);
for (const wheel of readdirSync(wheels).sort().map((name) => `${wheels}/${name}`)) {
  writeFileSync(wheel, compiled(new Uint8Array(readFileSync(wheel))).toJs());
}
