/** The rules themselves, as list and as page. */
import { rules } from '../../rules/index.js';
import type { Rule } from '../../rules/rule.js';
import { pageOf } from '../pages.js';

/** Whether some example shows a fix. */
export function isFixable({ examples }: Rule): boolean {
  return examples.some((example) => 'good' in example);
}

/** `rules --format json`. */
export function rulesJson(): string {
  const list = rules.map((rule) => {
    const { id, layer, on, severity, preset, title, standards, aliases } = rule;
    return { id, layer, on, severity, preset, title, standards, aliases, fixable: isFixable(rule) };
  });
  return `${JSON.stringify(list, undefined, 1)}\n`;
}

/** `rules`: a line each. */
export function rulesText(): string {
  const width = Math.max(...rules.map(({ id }) => id.length));
  return rules
    .map(
      (rule) =>
        `${rule.id.padEnd(width)}  ${rule.severity.padEnd(11)}  ${rule.preset === 'strict' ? 'strict  ' : '        '}${rule.title}\n`,
    )
    .join('');
}

/** The preset that a rule belongs to, in words. */
export function presetOf({ preset, partlyRecommended }: Rule): string {
  return partlyRecommended ? `${preset}, in part recommended` : preset;
}

/** `explain RULE`: the rule's page for a terminal. */
export function explainText(rule: Rule): string {
  const { id, title, severity, layer, why, remedy, standards, aliases } = rule;
  const others = Object.entries(aliases).map(([tool, ids]) => `${tool} ${ids.join(', ')}`);
  const bad = rule.examples.find((example) => 'bad' in example);
  const sections = [
    `${title}\n${'='.repeat(title.length)}\n${id} · ${severity} · preset ${presetOf(rule)} · ${layer}`,
    wrap(plain(why)),
    wrap(`Default: ${plain(rule.default)}`),
    wrap(`What to do: ${plain(remedy)}`),
    ...(bad !== undefined && 'bad' in bad ? [`For example:\n${indent(trimmed(bad.bad).replace(/[«»]/g, ''))}`] : []),
    ...(bad !== undefined && 'good' in bad && bad.good !== undefined ? [`Better:\n${indent(trimmed(bad.good))}`] : []),
    ...(standards.length > 0 ? [wrap(`Standards: ${standards.join(', ')}`)] : []),
    ...(others.length > 0 ? [wrap(`Known elsewhere as: ${others.join('; ')}`)] : []),
    pageOf(id),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** The text without Markdown's backquotes. */
function plain(text: string): string {
  return text.replaceAll('`', '');
}

/** An example without the margin that all its lines have. */
export function trimmed(text: string): string {
  const lines = text.replace(/^\n/, '').trimEnd().split('\n');
  const margin = Math.min(
    ...lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length),
  );
  return lines.map((line) => line.slice(margin)).join('\n');
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}

function wrap(text: string, width = 88): string {
  let line = '';
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + word.length >= width) {
      lines.push(line);
      line = '';
    }
    line += line === '' ? word : ` ${word}`;
  }
  return [...lines, line].join('\n');
}
