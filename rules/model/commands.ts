/** Every command line that a container is given. */
import type { Field } from './field.js';

export interface CommandLine {
  /** What a process is started with, word by word; the container's own command and args are one line. */
  readonly words: readonly Field[];
  /** How a message says where it stands: "on its command line", "on the command line of its preStop hook". */
  readonly where: string;
}

/** The command lines of a container (a field of `containers` and the like): its own, its probes', its hooks'. */
export function commandLines(container: Field): CommandLine[] {
  return [
    { words: [...container.at('command').items(), ...container.at('args').items()], where: 'on its command line' },
    ...['livenessProbe', 'readinessProbe', 'startupProbe'].map((probe) => ({
      words: container.at(probe, 'exec', 'command').items(),
      where: `on the command line of its ${probe}`,
    })),
    ...['postStart', 'preStop'].map((hook) => ({
      words: container.at('lifecycle', hook, 'exec', 'command').items(),
      where: `on the command line of its ${hook} hook`,
    })),
  ];
}

/** What of a container's command lines calls sudo: the word itself, or the script that does. */
export function* sudoCalls(container: Field): Generator<{ readonly word: Field; readonly where: string }> {
  for (const { words, where } of commandLines(container)) {
    const program = programAt(words);
    for (const [index, word] of words.entries()) {
      const text = word.text ?? '';
      if (index === program ? isSudo.test(text) : /\s/.test(text) && scriptCallsSudo(text)) yield { word, where };
    }
  }
}

const isSudo = /^(?:\/[\w/]*\/)?sudo$/;

/** They start the program that is named behind their options. */
const starters = 'env|nice|nohup|tini|dumb-init|catatonit';
const isStarter = new RegExp(`^(?:/[\\w/]*/)?(?:${starters})$`);

/** The index of the word that names the program. */
function programAt(words: readonly Field[]): number {
  let index = 0;
  while (isStarter.test(words[index]?.text ?? '')) {
    index++;
    while (/^-|^\w+=/.test(words[index]?.text ?? '')) index++;
  }
  return index;
}

/** A command begins with sudo: at the start, or behind what ends, opens or starts a command, with or without variables of its own. */
const command = new RegExp(
  String.raw`(?:^|[\n;&|()\x60{]|(?:^|\s)(?:then|do|else|if|while|until|time|exec|!)\s)[ \t]*` +
    String.raw`(?:(?:\w+=\S*|(?:${starters})(?:[ \t]+-\S+)*)[ \t]+)*(?:\/[\w/]*\/)?sudo\s+[^=\s]`,
);

/** A shell's script calls sudo; comments, quoted text and here-documents are no commands. Of a very long script its beginning tells. */
function scriptCallsSudo(script: string): boolean {
  const code = script
    .slice(0, 8192)
    .replace(/\\\r?\n/g, ' ')
    .replace(/<<-?\s*(["']?)(\w+)\1[\s\S]*?\n\s*\2\b/g, '')
    .replace(/(^|\s)#.*/g, '$1')
    .replace(/"[^"]*"|'[^']*'/g, (quoted) => (quoted[0] === '"' ? `"${substitutions(quoted)}"` : '""'));
  return command.test(code);
}

/** The commands that a shell runs within double quotes. */
function substitutions(quoted: string): string {
  return [...quoted.matchAll(/\$\([^)]*\)?|`[^`]*`/g)].map(([text]) => text).join('');
}
