/** Where the project explains its rules on the web. */
import { homepage } from '../package.json';
import { ruleById } from '../rules/index.js';
import type { Example, Rule } from '../rules/rule.js';
import { presetOf, trimmed } from './report/rules.js';

const repository = homepage.replace(/#.*$/, '');

/** The rule's page in the project's repository; for the id of wrong suppressions, the README's section on them. */
export function pageOf(ruleId: string): string {
  const rule = ruleById.get(ruleId);
  return rule === undefined
    ? `${repository}#suppression`
    : `${repository}/blob/main/rules/${rule.layer}/README.md#${ruleId}`;
}

/** The page of one rule, as Markdown: what it is about, and what it says of its examples. */
export function rulePage(rule: Rule): string {
  const { id, title, severity, why, remedy, standards, aliases } = rule;
  const others = Object.entries(aliases).map(
    ([tool, ids]) => `${tool} ${ids.map((other) => `\`${other}\``).join(', ')}`,
  );
  return [
    `## ${id}`,
    `**${title}** · ${severity} · preset ${presetOf(rule)}${rule.on === 'workspace' ? ' · looks at the whole workspace' : ''}`,
    why,
    `*Default:* ${rule.default}`,
    `*What to do:* ${remedy}`,
    ...rule.examples.map((example) => exampleText(example, rule)),
    ...(standards.length > 0
      ? [`Asked for by ${standards.map((standard) => `${standardTitle(standard)}`).join(', ')}.`]
      : []),
    ...(others.length > 0 ? [`Known elsewhere as: ${others.join('; ')}.`] : []),
  ].join('\n\n');
}

/** An example as a code block: a fix as a diff, a finding with its span underlined. */
function exampleText(example: Example, rule: Rule): string {
  const language = rule.on === 'dockerfile' ? 'dockerfile' : 'yaml';
  const note = example.why === undefined ? '' : ` (${example.why})`;
  if ('ok' in example) return `Nothing to report${note}:\n\n${fence(trimmed(example.ok), language)}`;
  const bad = underlined(trimmed(example.bad));
  if (example.good === undefined) return `Reported${note}:\n\n${fence(bad, language)}`;
  return `Reported${note}, and what the fix makes of it:\n\n${fence(bad, language)}\n\n${fence(diff(trimmed(example.bad).replace(/[«»]/g, ''), trimmed(example.good)), 'diff')}`;
}

function fence(text: string, language: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

/** Each line with marked spans is followed by one with carets below them. */
function underlined(marked: string): string {
  return marked
    .split('\n')
    .flatMap((line) => {
      if (!line.includes('«')) return [line];
      let carets = '';
      let inside = false;
      for (const character of line) {
        if (character === '«' || character === '»') inside = character === '«';
        else carets += inside ? '^' : ' ';
      }
      return [line.replace(/[«»]/g, ''), carets.trimEnd()];
    })
    .join('\n');
}

/** The lines that differ, with one line of context, as a unified diff without headers. */
function diff(before: string, after: string): string {
  const [a, b] = [before.split('\n'), after.split('\n')];
  // Longest common subsequence; examples are short.
  const common = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i]![j] = a[i] === b[j] ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
    }
  }
  const lines: string[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push(` ${a[i]}`);
      i++;
      j++;
    } else if (i < a.length && (j >= b.length || common[i + 1]![j]! >= common[i]![j + 1]!)) lines.push(`-${a[i++]}`);
    else lines.push(`+${b[j++]}`);
  }
  const isNear = (index: number) => [index - 1, index, index + 1].some((near) => /^[+-]/.test(lines[near] ?? ''));
  return lines.filter((_, index) => isNear(index)).join('\n');
}

const standardNames: Readonly<Record<string, string>> = {
  pss: 'Pod Security',
  'cis-k8s': 'CIS Kubernetes',
  'cis-docker': 'CIS Docker',
  nsa: 'NSA/CISA',
  mitre: 'MITRE ATT&CK',
  cwe: 'CWE',
  owasp: 'OWASP',
};

/** "pss:restricted/runAsNonRoot" as people say it: "Pod Security restricted". */
export function standardTitle(standard: string): string {
  const [scheme = '', id = ''] = [standard.slice(0, standard.indexOf(':')), standard.slice(standard.indexOf(':') + 1)];
  const name = standardNames[scheme] ?? scheme;
  if (scheme === 'pss') return `${name} ${id.replace('/', ' (')}${id.includes('/') ? ')' : ''}`;
  return scheme === 'nsa' ? `${name} (${id.replaceAll('-', ' ')})` : `${name} ${id}`;
}
