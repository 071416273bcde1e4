/** What a scalar says: its text, and its value as Kubernetes reads it. */
import type { ScalarNode, Tree } from './tree.js';

const texts = new WeakMap<ScalarNode, string>();

/** The text of a scalar: quotes and escapes resolved, lines folded, block indentation taken off. Remembered. Never throws. */
export function scalarText(tree: Tree, node: ScalarNode): string {
  const raw = tree.text.slice(node.start, node.end);
  if (node.style === 'plain' && !raw.includes('\n')) return raw;
  if (node.style === 'double' && !raw.includes('\\') && !raw.includes('\n'))
    return raw.slice(1, raw.endsWith('"') && raw.length > 1 ? -1 : undefined);
  if (node.style === 'single' && !raw.includes("''") && !raw.includes('\n'))
    return raw.slice(1, raw.endsWith("'") && raw.length > 1 ? -1 : undefined);
  let text = texts.get(node);
  if (text === undefined) {
    // Loaded when the first such scalar comes: most runs never need the library.
    const { decode } = require('./decode.js') as typeof import('./decode.js');
    text = decode(tree, node, raw);
    texts.set(node, text);
  }
  return text;
}

/**
 * The value of a scalar as the API server gets it: sigs.k8s.io/yaml reads with goyaml.v2, whose resolve.go takes `yes`, `no`, `on`, `off` and `y`, `n` for
 * booleans, a leading 0 for octal and underscores in numbers. Quoted and block scalars are strings, and so is what has a tag other than the core ones.
 */
export function scalarValue(tree: Tree, node: ScalarNode): string | number | boolean | null {
  const text = scalarText(tree, node);
  if (node.tag !== undefined) {
    if (node.tag === '!!null') return null;
    return node.tag === '!!bool' || node.tag === '!!int' || node.tag === '!!float' ? resolvePlain(text) : text;
  }
  return node.style === 'plain' ? resolvePlain(text) : text;
}

const words: ReadonlyMap<string, boolean | null> = new Map([
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
]);

/** The value of a plain scalar's text. */
export function resolvePlain(text: string): string | number | boolean | null {
  const word = text.length <= 5 ? words.get(text) : undefined;
  if (word !== undefined) return word;
  // Only what begins like a number can be one.
  const first = text.charCodeAt(0);
  if (!((first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46)) return text;
  const plain = text.replaceAll('_', '');
  const [, sign = '', digits = ''] = /^([+-]?)(0b[01]+|0o[0-7]+|0x[\da-fA-F]+|\d+)$/.exec(plain) ?? [];
  if (digits !== '') {
    const value = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
    return sign === '-' ? -value : value;
  }
  if (/^[+-]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][+-]?\d+)?$/.test(plain)) return Number(plain);
  if (/^[+-]?\.(?:inf|Inf|INF)$/.test(plain)) return plain.startsWith('-') ? -Infinity : Infinity;
  return /^\.(?:nan|NaN|NAN)$/.test(plain) ? Number.NaN : text;
}
