// The Node half: sources that are changed a little when they are loaded. One that does not look as it does here, in
// jsii 1.142.0 and cdktf 0.21, is loaded as it is; CDKTF_FAST_SYNTH=explain says so on standard error.
"use strict";

const crypto = require("node:crypto");
const fs = require("node:fs");
const Module = require("node:module");

function explain(what) {
  if (process.env.CDKTF_FAST_SYNTH === "explain") fs.writeSync(2, `cdktf-fast-synth: ${what}\n`);
}

// A provider's index loads each of its 2,200 submodules. Instead: those that are asked for.
const EXPORT = /^exports\.(\w+) = (?:__importStar\()?require\("([^"]+)"\)\)?;$/gm;
const UNSET = /^exports\.\w+ = (?:exports\.\w+ = )*void 0;$/gm;

function index(module, source) {
  if (!EXPORT.test(source)) explain(`${module.filename} loads as it is: its exports have another form`);
  EXPORT.lastIndex = 0;
  for (const [, name, path] of source.matchAll(EXPORT)) {
    Object.defineProperty(module.exports, name, { enumerable: true, get: () => module.require(path) });
  }
  return source.replace(UNSET, "").replace(EXPORT, "");
}

// Two libraries that cdktf has for zip files and for the version of Terraform, which most syntheses never look at.
const RARE = /^const (\w+) = require\("(archiver|semver)"\);$/gm;
const ON_USE = `const $1 = new Proxy(() => {}, {
  get: (_, key) => require("$2")[key],
  apply: (_, self, values) => require("$2").apply(self, values),
});`;

// jsii starts a Node process that starts a second one, and passes on what each side says. The first does the work of
// both here: it listens where its parent talks, and wraps what is logged as the parent expects it.
const KNOWN = '"name":"@jsii/runtime","version":"1.142.0"';
const CHANNEL = "readFD:3,writeFD:3";

function known(source) {
  return source.includes(KNOWN) && source.includes(CHANNEL);
}

function wrapper(module, source) {
  const program = module.filename.replace(/bin([\\/])jsii-runtime\.js$/, "lib$1program.js");
  if (!known(fs.readFileSync(program, "utf8"))) {
    explain("jsii starts a second Node process, and reads packages in small pieces: it is not jsii 1.142.0");
    return source;
  }
  const write = process.stderr.write.bind(process.stderr);
  for (const stream of ["stdout", "stderr"]) {
    process[stream].write = (text, ...rest) => {
      const done = rest.pop();
      return write(`${JSON.stringify({ [stream]: Buffer.from(text, ...rest).toString("base64") })}\n`, done);
    };
  }
  // The second process's flag, by which jsii makes links to its packages and no copies.
  process.execArgv.push("--preserve-symlinks");
  return `require(${JSON.stringify(program)});`;
}

// jsii finds a package in its cache by a digest, which it reads in small pieces with a new buffer for each.
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

function program(module, source) {
  if (!known(source)) return source;
  module.digest = digest;
  return source.replace(CHANNEL, "readFD:0,writeFD:1").replace(DIGEST, `${DIGEST}return module.digest(e,p);`);
}

// jsii keeps packages in a cache, below their version and a hash.
const CHANGES = [
  [/@cdkt[fn][\\/]provider-[a-z0-9-]+[\\/](?:[^\\/]+[\\/]){0,2}lib[\\/]index\.js$/, index],
  [/[\\/]cdkt[fn][\\/](?:[^\\/]+[\\/]){0,2}lib[\\/]/, (module, source) => source.replace(RARE, ON_USE)],
  [/[\\/]bin[\\/]jsii-runtime\.js$/, wrapper],
  [/[\\/]lib[\\/]program\.js$/, program],
];
const load = Module._extensions[".js"];

// jsii links its packages into a folder with a new name each time. Without the flag that is kept from Node above, they
// are loaded from where they are, so that Node finds what it compiled before; but they find each other by the links.
const resolve = Module._resolveFilename;
let links;

// In the processes of jsii only: others that the app starts have the same environment.
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
