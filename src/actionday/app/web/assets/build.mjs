// Builds app.css, app.js and the fonts into the folder given: node build.mjs ../static
import { build } from "esbuild";
import { copyFile, mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

const out = process.argv[2] ?? "../static";
const require = createRequire(import.meta.url);
const common = { bundle: true, minify: true, charset: "utf8", legalComments: "none", logLevel: "warning" };

await build({ ...common, entryPoints: ["ts/app.ts"], outfile: path.join(out, "app.js"), format: "iife", target: "es2022" });
await build({
  ...common, entryPoints: ["css/app.css"], outfile: path.join(out, "app.css"), external: ["/static/*"],
  target: ["chrome123", "firefox121", "safari17.5"],
});

const fonts = [
  ["noto-sans", ["latin", "latin-ext", "cyrillic", "cyrillic-ext", "greek", "greek-ext", "vietnamese"]],
  ["noto-sans-arabic", ["arabic"]],
];
await mkdir(path.join(out, "fonts"), { recursive: true });
for (const [name, ranges] of fonts) {
  const folder = path.dirname(require.resolve(`@fontsource-variable/${name}/package.json`));
  for (const range of ranges) {
    const file = `${name}-${range}-wght-normal.woff2`;
    await copyFile(path.join(folder, "files", file), path.join(out, "fonts", file));
  }
  await copyFile(path.join(folder, "LICENSE"), path.join(out, "fonts", `LICENSE-${name}`));
}
