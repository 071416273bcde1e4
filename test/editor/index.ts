/** Entry of the editor suite, loaded by VS Code's extension host: runs mocha over the suites beside it and says how it went. */
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export async function run(): Promise<void> {
  // Imported here and not above: that would become require(), and mocha is an ES module, which older VS Codes can't require.
  const { default: Mocha } = await import('mocha');
  /** Two hosts, two consoles: what happened is told in lines and in a file that the runner looks for. */
  class Silent extends Mocha.reporters.Base {
    override epilogue(): void {}
  }
  const mocha = new Mocha({ ui: 'bdd', reporter: Silent, timeout: 30_000 });
  for (const file of readdirSync(__dirname).sort())
    if (file.endsWith('.suite.js')) mocha.addFile(path.join(__dirname, file));
  let passed = 0;
  const failed = await new Promise<number>((resolve) => {
    const say = (text: string) => console.log(`PLIMSOLL-TEST ${text}`);
    mocha
      .run(resolve)
      .on('pass', (test) => {
        passed++;
        say(`✔ ${test.title}`);
      })
      .on('fail', (test, error) => say(`✘ ${test.fullTitle()}\n${String(error.stack).replace(/^/gm, '    ')}`));
  });
  if (process.env.PLIMSOLL_RESULTS !== undefined)
    writeFileSync(process.env.PLIMSOLL_RESULTS, JSON.stringify({ passed, failed }));
  if (failed > 0) throw new Error(`${failed} tests failed`);
}
