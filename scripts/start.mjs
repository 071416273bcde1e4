/**
 * `npm start [-- FOLDER]`: opens VS Code with the extension on a folder (default: examples/). The user's own `code` where there is one
 * and a display; else VS Code in the browser.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { ensureBuild, ensureDependencies, main, Problem, root, WrongUsage } from './ensure.mjs';

await main(async () => {
  const folder = path.resolve(process.argv[2] ?? path.join(root, 'examples'));
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new WrongUsage(`There is no folder ${folder}.`);
  ensureDependencies();
  ensureBuild();
  if (hasDisplay() && hasCode()) {
    console.log(`Opening ${folder} in VS Code…`);
    const { status } = spawnSync('code', ['--new-window', `--extensionDevelopmentPath=${root}`, folder], {
      stdio: 'inherit',
      shell: process.platform === 'win32',
    });
    process.exitCode = status ?? 1;
    return;
  }
  const { startServer } = await import('../test/host/vscode.mjs');
  const server = await startServer();
  console.log(
    `\nVS Code with Plimsoll on ${folder}:\n\n  ${server.url(folder, [['extensionDevelopmentPath', server.remote(root)]])}\n\nStop with Ctrl-C.`,
  );
  // Here Ctrl-C is the expected end and no failure. The server is ended on the way out.
  for (const signal of ['SIGINT', 'SIGTERM']) process.removeAllListeners(signal).on(signal, () => process.exit(0));
  throw new Problem(`VS Code's server ended by itself:\n${await server.ended}`);
});

function hasDisplay() {
  return (
    process.platform === 'darwin' ||
    process.platform === 'win32' ||
    Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
  );
}

function hasCode() {
  return spawnSync('code', ['--version'], { shell: process.platform === 'win32', stdio: 'ignore' }).status === 0;
}
