/** The report of `plimsoll pod-security`. */
import type { Level } from '../../rules/pod-security/standards/verdict.js';
import type { Verdict } from '../pod-security.js';
import { printable } from './excerpt.js';
import { count } from './report.js';

/** `--format json`: a list of verdicts, one on each pod. Machines look for a check by its id, so the replaced ones are named too. */
export function verdictsJson(verdicts: readonly Verdict[]): string {
  const list = verdicts.map(({ replaced, violations, ...verdict }) => ({
    ...verdict,
    violations: [...violations, ...replaced],
  }));
  return `${JSON.stringify(list, undefined, 1)}\n`;
}

/** `--format text`: what is not allowed, check by check, and the sum. */
export function verdictsText(verdicts: readonly Verdict[], level: Level, minor: number): string {
  const refused = verdicts.filter(({ allowed }) => !allowed);
  const blocks = refused.map(({ path, resource, violations }) => {
    const { kind, namespace, name } = resource;
    const who = [kind, namespace === '' ? name : `${namespace}/${name}`].filter((word) => word !== '').join(' ');
    const width = Math.max(...violations.map(({ check }) => check.length));
    const lines = violations.map(({ check, message }) => `  ${check.padEnd(width)}  ${printable(message)}\n`);
    return `${printable(path)}: ${printable(who)}\n${lines.join('')}\n`;
  });
  const sum = `${count(verdicts.length, 'pod')} judged by ${level} v1.${minor}, ${refused.length} not allowed\n`;
  return blocks.join('') + sum;
}
