/** Mocha's reporter for `npm test`: says what failed and what was skipped, and writes the counts to a file. */
const { writeFileSync } = require('node:fs');
const { reporters } = require('mocha');

module.exports = class extends reporters.Base {
  constructor(runner, options) {
    super(runner, options);
    const suites = new Map();
    runner.on('test end', (test) => {
      const file = test.file?.replace(/^.*out\/test\//, '') ?? '?';
      const counts = suites.get(file) ?? { passed: 0, failed: 0, pending: 0 };
      suites.set(file, counts);
      counts[test.state ?? 'pending']++;
    });
    runner.on('end', () => {
      for (const [file, { passed, failed, pending }] of suites) {
        console.log(
          `  ${file}: ${passed} passed${failed > 0 ? `, ${failed} failed` : ''}${pending > 0 ? `, ${pending} skipped` : ''}`,
        );
      }
      this.epilogue();
      writeFileSync(
        options.reporterOption.output,
        JSON.stringify({ passed: this.stats.passes, failed: this.stats.failures }),
      );
    });
  }
};
