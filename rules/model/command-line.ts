/**
 * Secrets on a command line: what is passed to a flag, assigned in a shell script, sent in a header. Everything errs on the side of silence: a value counts
 * only when it stands there letter by letter.
 */
import type { Field } from './field.js';
import { isHarmlessValue, isSecretName, secretLook } from './secrets.js';

/** A word of a command line that holds a secret, and what kind of secret it is; never the secret itself. */
export interface SecretWord {
  readonly word: Field;
  readonly what: string;
}

/** A value in a shell's eyes: quoted, or up to what ends a word. What goes on behind it (a call, an index) is no plain value. */
const value =
  /(?:"(?<double>[^"]*)"|'(?<single>[^']*)'|(?<plain>[^\s"'`;|&<>()[\]=][^\s"'`;|&<>()[\]]*))(?=[\s"'`;|&<>)]|$)/;

/** The rest of a command up to an option. */
const command = /\b[^|;&\n]{0,400}?\s/;

const patterns: readonly (readonly [RegExp, string | undefined])[] = [
  [join(/(?:^|[\s"'(])(?<dash>-D|--?)(?<name>[A-Za-z][\w.-]*)(?:=|[ \t]+(?!-))/, value), undefined],
  [join(/(?:^|[\s;&|("',?])(?<name>[A-Za-z_][\w.-]*)=/, value), undefined],
  [join(/\bmysql(?:admin|dump|check|import|show)?(?!-)|\bmariadb(?:-\w+)?/, command, /-p/, value), 'a password'],
  [join(/\bredis-cli/, command, /-a\s+/, value), 'a password'],
  [join(/\bsshpass/, command, /-p\s*/, value), 'a password'],
  [join(/\bcurl/, command, /(?:-u|--user)[\s=]*["']?[^\s:"'$]+:/, value), 'a password'],
  [join(/\b[Aa]uthorization:\s*(?:[Bb]earer|[Bb]asic|[Tt]oken)\s+/, value), 'an Authorization header'],
  [
    join(/\b(?:[Xx]-[\w-]*(?:[Tt]oken|[Kk]ey|[Ss]ecret)|[Pp](?:RIVATE|rivate)-[Tt](?:OKEN|oken)):\s*/, value),
    'a header with a token',
  ],
];

/** The words that hold a secret, each once. `words` is what a process is started with, a shell's script as one word. */
export function* secretWords(words: readonly Field[]): Generator<SecretWord> {
  const found = new Set<Field>();
  for (const word of words) {
    const look = word.unknown ? undefined : secretLook(word.word ?? '');
    if (look === undefined) continue;
    found.add(word);
    yield { word, what: look };
  }
  for (const line of linesOf(words)) {
    for (const [pattern, kind] of patterns) {
      for (const match of line.text.matchAll(pattern)) {
        const { dash = '', name = '', double, single, plain } = match.groups!;
        const text = double ?? single ?? plain ?? '';
        if (!isLiteral(text, line.isScript) || (kind === undefined && !takesSecret(name, text))) continue;
        const end = match.index + match[0].length - 1;
        const word = line.parts.findLast(({ start }) => start <= end)!.word;
        if (found.has(word)) continue;
        found.add(word);
        yield { word, what: kind ?? `the value of ${dash}${name}` };
      }
    }
  }
}

interface Line {
  readonly text: string;
  /** A shell reads it. */
  readonly isScript: boolean;
  readonly parts: readonly { readonly start: number; readonly word: Field }[];
}

/** Words as lines: a script by itself without its comments, plain words joined by blanks, with a hole where a template prints. */
function linesOf(words: readonly Field[]): Line[] {
  const lines: { text: string; isScript: boolean; parts: { start: number; word: Field }[] }[] = [];
  let joined: (typeof lines)[number] | undefined;
  for (const word of words) {
    const text = word.word ?? '{{}}';
    if (/\s/.test(text)) {
      lines.push({ text: commandsOf(text), isScript: true, parts: [{ start: 0, word }] });
      joined = undefined;
    } else if (joined === undefined) {
      joined = { text, isScript: false, parts: [{ start: 0, word }] };
      lines.push(joined);
    } else {
      joined.parts.push({ start: joined.text.length + 1, word });
      joined.text += ` ${text}`;
    }
  }
  return lines;
}

/** A script without its comments and without what searches and replaces text: `grep password=x` is no password. */
function commandsOf(script: string): string {
  return script
    .replace(/\\\r?\n/g, ' ')
    .replace(/^[ \t]*#.*$/gm, '')
    .replace(/\b(?:[ef]?grep|sed|awk|jq)\b[^|;&\n]*/g, '');
}

/** A flag or variable of this name is given a secret, and not the name or place of one. */
function takesSecret(name: string, text: string): boolean {
  if (/^(?:require|master)(?:pass|auth)$/i.test(name)) return true;
  // `--webhook-secret`, `--tls-secret` and the like name a Secret of the cluster; `--auth` says how, `--tokens` how many.
  if (/(?:auth|credentials?|stdin|prompt|env|var)$/i.test(name) || (/tokens$/i.test(name) && /^\d+$/.test(text)))
    return false;
  if (/secrets?$/i.test(name))
    return /(?:client|app|cookie|jwt|api|shared|session|hmac|consumer)[-_.]?secret$/i.test(name);
  // What the name is about stands at its end: `--token-request` and `--secret-namespace` take no secret.
  return /(?:key|tokens?|jwt|bearer|pass(?:words?|wd|phrase)?|pw(?:or)?d)$/i.test(name) && isSecretName(name);
}

/** The text is the secret itself: no variable, place-holder, file, or switch. Without a shell signs mean nothing. */
function isLiteral(text: string, isScript: boolean): boolean {
  return (
    text.length >= 4 &&
    !isHarmlessValue(text) &&
    !(isScript ? /[$`\\*{}]/ : /[{}]|^\*+$/).test(text) &&
    !/^(?:x+|\.+|your[-_ ].*)$|\.(?:pem|key|crt|json|ya?ml|txt|p12|pfx|jks|toml|conf|ini)$/i.test(text) &&
    !(text === text.toUpperCase() && isSecretName(text))
  );
}

function join(...parts: readonly RegExp[]): RegExp {
  return new RegExp(parts.map(({ source }) => `(?:${source})`).join(''), 'g');
}
