/** `npm run screenshots`: the README's pictures, taken from the real editor. */
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { copyOf, openFile, openPage, startServer, workbenchReady } from '../test/host/vscode.mjs';
import { ensureBuild, ensureDependencies, main, root } from './ensure.mjs';

const pictures = path.join(root, 'docs');

await main(async () => {
  ensureDependencies();
  ensureBuild();
  mkdirSync(pictures, { recursive: true });
  const examples = copyOf(path.join(root, 'examples'));
  const server = await startServer({
    settings: {
      'workbench.colorTheme': 'Default Light Modern',
      'editor.minimap.enabled': false,
      'editor.fontSize': 13,
    },
  });
  const url = server.url(examples, [['extensionDevelopmentPath', server.remote(root)]]);
  const { page, close } = await openPage(url, { width: 1100, height: 680, scale: 2 });
  const take = (name) => page.screenshot({ path: path.join(pictures, `${name}.png`) });
  try {
    await workbenchReady(page);
    await openFile(page, 'deployment.yaml');
    await page.waitForSelector('.squiggly-warning', { timeout: 60_000 });
    await page.waitForSelector('.codelens-decoration a');
    await page.keyboard.press('Control+Shift+M');
    await page.waitForSelector('.markers-panel .monaco-list-row');
    await take('squiggle');
    await page.keyboard.press('Control+Shift+M');

    // The container's name, where all that it lacks is shown.
    await goTo(page, 16, 18);
    await page.keyboard.press('Control+K');
    await page.keyboard.press('Control+I');
    await page.waitForSelector('.monaco-hover:not(.hidden) .hover-row');
    await page.waitForTimeout(1000);
    await take('hover');
    await page.keyboard.press('Escape');

    await page.keyboard.press('Control+.');
    await page.waitForSelector('.action-widget .monaco-list-row');
    await take('lightbulb');
  } finally {
    await close();
    server.stop();
    rmSync(examples, { recursive: true, force: true });
  }
  process.exit(process.exitCode ?? 0);
});

/** Puts the cursor on a line and column. */
async function goTo(page, line, column) {
  await page.keyboard.press('Control+G');
  await page.waitForSelector('.quick-input-widget input');
  await page.keyboard.type(`${line}:${column}`);
  await page.keyboard.press('Enter');
  await page.waitForSelector('.quick-input-widget', { state: 'hidden' });
}
