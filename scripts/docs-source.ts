/** What the generated pages say: one README.md for each layer, the list of rules and of settings in the README. Bundled and run by docs.mjs and by a test. */
import { contributes } from '../package.json';
import { rules } from '../rules/index.js';
import type { Layer, Rule } from '../rules/rule.js';
import { rulePage } from '../server/pages.js';

const layerTitles: Readonly<Record<Layer, string>> = {
  image: 'Image hygiene',
  runtime: 'Runtime restrictions',
  'pod-security': 'Pod Security Standards',
  network: 'Network policy',
  secrets: 'Secrets',
  identity: 'Workload identity',
  admission: 'Admission control',
  resources: 'Resource limits',
  rbac: 'RBAC',
  registry: 'Image registry',
  cluster: 'Cluster hardening',
  lifecycle: 'Vulnerability lifecycle',
};

/** The generated files by path, with their whole text. */
export function layerPages(): Map<string, string> {
  const pages = new Map<string, string>();
  for (const layer of new Set(rules.map((rule) => rule.layer))) {
    const own = rules.filter((rule) => rule.layer === layer);
    const head = `<!-- Made from the rules by \`npm run docs\`; change them, not this page. -->\n\n# ${layerTitles[layer]}`;
    pages.set(`rules/${layer}/README.md`, `${[head, ...own.map(rulePage)].join('\n\n')}\n`);
  }
  return pages;
}

/** The README with its two generated tables brought up to date. */
export function readme(text: string): string {
  return section(section(text, 'rules', ruleTable()), 'settings', settingsTable());
}

/** Replaces what stands between the two marks of a section. */
function section(text: string, name: string, content: string): string {
  const [open, close] = [`<!-- ${name}: made by npm run docs -->`, `<!-- end of ${name} -->`];
  const [start, end] = [text.indexOf(open), text.indexOf(close)];
  if (start < 0 || end < start) throw new Error(`README.md has no section ${open} … ${close}`);
  return `${text.slice(0, start + open.length)}\n\n${content}\n\n${text.slice(end)}`;
}

function ruleTable(): string {
  const subject: Record<Rule['on'], string> = {
    container: 'container',
    pod: 'pod',
    manifest: 'manifest',
    dockerfile: 'Dockerfile',
    service: 'Compose service',
    workspace: 'workspace',
  };
  const rows = rules.map(
    ({ id, layer, title, severity, on }) =>
      `| [${id}](rules/${layer}/README.md#${id}) | ${title} | ${severity} | ${subject[on]} |`,
  );
  return ['| Rule | What it finds | Severity | Looks at |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function settingsTable(): string {
  const rows = Object.entries(contributes.configuration.properties).map(
    ([name, setting]) =>
      `| \`${name}\` | \`${JSON.stringify(setting.default)}\` | ${setting.markdownDescription.replace(/`#([\w.]+)#`/g, '`$1`')} |`,
  );
  return ['| Setting | Default | What it does |', '| --- | --- | --- |', ...rows].join('\n');
}
