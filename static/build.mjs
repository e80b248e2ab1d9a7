// Builds static/dist: the style sheet from app.css and the templates, the scripts, the icon, and for each a Brotli and a gzip
// variant, compressed once here as hard as can be so that the server never does. Run it from anywhere: node static/build.mjs
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const target = join(here, "dist");

// Built beside and then moved, file by file: a compiler that embeds the directory at the same time meets whole files.
mkdirSync(target, { recursive: true });
const dist = mkdtempSync(join(tmpdir(), "static-"));

execFileSync(
  process.execPath,
  [join(root, "node_modules/@tailwindcss/cli/dist/index.mjs"), "--input", join(here, "app.css"), "--output", join(dist, "app.css"), "--minify"],
  { cwd: root, stdio: ["ignore", "ignore", "inherit"] },
);

// The style of the consent page stands alone, and is small: comments and spaces are all that goes.
const consent = readFileSync(join(here, "consent.css"), "utf8");
writeFileSync(join(dist, "consent.css"), consent.replace(/\/\*[^]*?\*\//g, "").replace(/\s+/g, " ").replace(/ ?([{};:,]) ?/g, "$1").replace(/;}/g, "}").trim());

// Comment lines and indentation only: what the browser runs is what is read here.
const script = readFileSync(join(here, "app.js"), "utf8");
writeFileSync(join(dist, "app.js"), script.replace(/^\s*\/\/.*\n/gm, "").replace(/^\s+/gm, ""));
writeFileSync(join(dist, "htmx.min.js"), readFileSync(join(root, "node_modules/htmx.org/dist/htmx.min.js")));
writeFileSync(join(dist, "icon.svg"), readFileSync(join(here, "icon.svg"), "utf8").trim());

for (const name of readdirSync(dist).sort()) {
  const raw = readFileSync(join(dist, name));
  const br = brotliCompressSync(raw, {
    params: {
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: raw.length,
    },
  });
  const gz = gzipSync(raw, { level: 9 });
  writeFileSync(join(dist, `${name}.br`), br);
  writeFileSync(join(dist, `${name}.gz`), gz);
  console.log(`${name.padEnd(12)} ${String(raw.length).padStart(6)} raw ${String(gz.length).padStart(6)} gzip ${String(br.length).padStart(6)} br`);
}

const built = readdirSync(dist);
for (const name of built) {
  copyFileSync(join(dist, name), join(target, `.${name}`));
  renameSync(join(target, `.${name}`), join(target, name));
}
for (const name of readdirSync(target)) if (!name.startsWith(".") && !built.includes(name)) rmSync(join(target, name));
rmSync(dist, { recursive: true });
