// Loads late what CDKTF's command line (0.21, cdktn-cli 0.24) has for its command `convert` only: TypeScript, and Go's
// runtime twice. They are half of its start.
"use strict";

const fs = require("node:fs");
const Module = require("node:module");
const v8 = require("node:v8");

const RARE = /^@cdkt[fn]\/hcl(?:2cdk|2json|-tools)$/;
// How such a package begins: with the names of what it exports. One that begins otherwise is loaded as it is.
const EXPORTS = /^(?:exports\.\w+ = )+void 0;$/m;
const load = Module._load;

// An object with what a package exports, which loads it when that is asked for.
function late(request, parent, isMain) {
  const source = fs.readFileSync(Module._resolveFilename(request, parent), "utf8");
  const names = source.match(EXPORTS)?.[0].match(/(?<=exports\.)\w+/g);
  if (!names) return load(request, parent, isMain);
  const found = Object.defineProperty({}, "__esModule", { value: true });
  for (const name of names) {
    Object.defineProperty(found, name, { enumerable: true, get: () => load(request, parent, isMain)[name] });
  }
  return found;
}

// In the command line only: the app that it starts has the same environment.
if (/[\\/]cdkt[fn]$/.test(process.argv[1])) {
  // Newer Nodes warn of what it uses, before its own errors.
  process.noDeprecation = true;
  // The layout library of its terminal output is asm.js. V8 would compile all of it at once; as JavaScript, it compiles
  // what is called: a fifth of what remains of the start.
  v8.setFlagsFromString("--no-validate-asm");
  Module._load = (request, parent, isMain) =>
    RARE.test(request) ? late(request, parent, isMain) : load(request, parent, isMain);
}
