/** Entry of the editor suite, loaded by VS Code's extension host: runs mocha over the suites beside it and says how it went. */
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

/** Two hosts, two consoles: what happened is told in lines that the runner looks for. */
class Silent extends Mocha.reporters.Base {
  override epilogue(): void {}
}

export async function run(): Promise<void> {
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
      .on('fail', (test, error) => say(`✘ ${test.fullTitle()}\n${error.stack}`));
  });
  const result = JSON.stringify({ passed, failed });
  console.log(`PLIMSOLL-RESULT ${result}`);
  if (process.env.PLIMSOLL_RESULTS !== undefined) writeFileSync(process.env.PLIMSOLL_RESULTS, result);
  if (failed > 0) throw new Error(`${failed} tests failed`);
}
