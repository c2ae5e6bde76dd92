// The Node half of cdktf_harness_lazy.py: load a provider's submodules when they are first used.
"use strict";

const fs = require("node:fs");
const Module = require("node:module");

// jsii keeps packages in a cache, under their version and a hash.
const INDEX = /@cdkt[fn][\\/]provider-[a-z0-9-]+[\\/](?:[^\\/]+[\\/]){0,2}lib[\\/]index\.js$/;
const EAGER = /^exports\.(\w+) = (?:__importStar\()?require\("([^"]+)"\)\)?;$/gm;
const UNSET = /^exports\.\w+ = (?:exports\.\w+ = )*void 0;$/gm;

const stock = Module._extensions[".js"];

function load(module, filename) {
  if (!INDEX.test(filename)) return stock(module, filename);
  const source = fs
    .readFileSync(filename, "utf8")
    .replace(UNSET, "")
    .replace(
      EAGER,
      (_, name, path) =>
        `Object.defineProperty(exports, "${name}", { enumerable: true, get: () => require("${path}") });`,
    );
  return module._compile(source, filename);
}

// In the processes of jsii only: the command line, which loads 2,000 modules, has the same environment and no bindings.
const RUNTIME = /[\\/](?:bin[\\/]jsii-runtime|lib[\\/]program)\.js$/;
if (RUNTIME.test(process.argv[1])) Module._extensions[".js"] = load;
