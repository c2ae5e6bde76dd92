// The patches in Node: they change sources of jsii 1.142.0 and cdktf 0.21 while these are loaded. A source of another
// form is loaded unchanged; CDKTF_FAST_SYNTH=explain prints that to standard error.
"use strict";

const crypto = require("node:crypto");
const fs = require("node:fs");
const Module = require("node:module");

function explain(what) {
  if (process.env.CDKTF_FAST_SYNTH === "explain") fs.writeSync(2, `cdktf-fast-synth: ${what}\n`);
}

// Patch 1 (bindings of AWS 21.22): a provider's index loads each of its 2,200 submodules. Load each on first use.
// Unnecessary if the index itself exports getters.
const EXPORT = /^exports\.(\w+) = (?:__importStar\()?require\("([^"]+)"\)\)?;$/gm;
const UNSET = /^exports\.\w+ = (?:exports\.\w+ = )*void 0;$/gm;

function index(module, source) {
  if (!EXPORT.test(source)) explain(`${module.filename} loads all submodules: its exports have another form`);
  EXPORT.lastIndex = 0;
  for (const [, name, path] of source.matchAll(EXPORT)) {
    Object.defineProperty(module.exports, name, { enumerable: true, get: () => module.require(path) });
  }
  return source.replace(UNSET, "").replace(EXPORT, "");
}

// Patch 2 (cdktf 0.21): load two libraries on first use. cdktf needs them for zip files and for Terraform's version,
// which most syntheses never use.
const RARE = /^const (\w+) = require\("(archiver|semver)"\);$/gm;
const ON_USE = `const $1 = new Proxy(() => {}, {
  get: (_, key) => require("$2")[key],
  apply: (_, self, values) => require("$2").apply(self, values),
});`;

// Patch 3 (jsii 1.142.0): jsii starts a Node process that starts a second one and forwards messages in both directions.
// Do the work of both in the first one: read and write the parent's pipes, and wrap log output in the parent's format.
const KNOWN = '"name":"@jsii/runtime","version":"1.142.0"';
const CHANNEL = "readFD:3,writeFD:3";

function known(source) {
  return source.includes(KNOWN) && source.includes(CHANNEL);
}

function wrapper(module, source) {
  const program = module.filename.replace(/bin([\\/])jsii-runtime\.js$/, "lib$1program.js");
  if (!known(fs.readFileSync(program, "utf8"))) {
    explain("jsii starts a second Node process and reads packages in small blocks: it is not jsii 1.142.0");
    return source;
  }
  const write = process.stderr.write.bind(process.stderr);
  for (const stream of ["stdout", "stderr"]) {
    process[stream].write = (text, ...rest) => {
      const done = rest.pop();
      return write(`${JSON.stringify({ [stream]: Buffer.from(text, ...rest).toString("base64") })}\n`, done);
    };
  }
  // jsii starts the second process with this flag. It then links its packages instead of copying them.
  process.execArgv.push("--preserve-symlinks");
  return `require(${JSON.stringify(program)});`;
}

// Patch 4 (jsii 1.142.0): jsii finds a package in its cache by a digest. It reads the file in small blocks, each with a
// new buffer. Read 1 MiB blocks with one buffer.
const DIGEST = "function digestFile(e,...p){";

function digest(path, comments) {
  const hash = crypto.createHash("sha256");
  const buffer = Buffer.allocUnsafe(1 << 20);
  const file = fs.openSync(path, "r");
  for (let size; (size = fs.readSync(file, buffer)) > 0; ) hash.update(buffer.subarray(0, size));
  fs.closeSync(file);
  for (const comment of comments) hash.update("\0").update(comment);
  return hash.digest();
}

// Patch 5 (jsii 1.142.0): jsii parses the whole assembly of a package (131 MB for AWS) unless its cache has an index of
// it. A worker writes the index meanwhile, but a fast synthesis ends first: every one would parse, and start the worker
// for nothing. Write the index at once, the first time.
const WORKER = "N&&buildIndexInWorker(e,_,F);";
const AT_ONCE = 'if(N)try{p.buildRuntimeIndex(e,_)}catch(error){F?.("runtime index build failed:",error)}';

function program(module, source) {
  if (!known(source)) return source;
  module.digest = digest;
  return source
    .replace(CHANNEL, "readFD:0,writeFD:1")
    .replace(DIGEST, `${DIGEST}return module.digest(e,p);`)
    .replace(WORKER, () => AT_ONCE);
}

// Up to two folders before lib: jsii's cache has a package below its version and a hash.
const CHANGES = [
  [/@cdkt[fn][\\/]provider-[a-z0-9-]+[\\/](?:[^\\/]+[\\/]){0,2}lib[\\/]index\.js$/, index],
  [/[\\/]cdkt[fn][\\/](?:[^\\/]+[\\/]){0,2}lib[\\/]/, (module, source) => source.replace(RARE, ON_USE)],
  [/[\\/]bin[\\/]jsii-runtime\.js$/, wrapper],
  [/[\\/]lib[\\/]program\.js$/, program],
];
const load = Module._extensions[".js"];

// Patch 6 (jsii 1.142.0): jsii links its packages into a folder with a new name each time. Patch 3 sets the flag for
// jsii but not for Node, so Node loads the packages from their real paths, where its compile cache finds them. They
// still import each other through the links.
const resolve = Module._resolveFilename;
let links;

// Patch jsii's processes only: other Node processes of the app inherit the same environment.
const RUNTIME = /[\\/](?:bin[\\/]jsii-runtime|lib[\\/]program)\.js$/;
if (RUNTIME.test(process.argv[1])) {
  Module._extensions[".js"] = (module, filename) => {
    const change = CHANGES.find(([pattern]) => pattern.test(filename))?.[1];
    if (!change) return load(module, filename);
    return module._compile(change(module, fs.readFileSync(filename, "utf8")), filename);
  };

  Module._resolveFilename = (request, parent, isMain, options) => {
    links ??= options?.paths?.find((path) => /jsii-kernel-\w+$/.test(path));
    try {
      return resolve(request, parent, isMain, options);
    } catch (error) {
      if (!links || options) throw error;
      return resolve(request, parent, isMain, { paths: [links] });
    }
  };
}
