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
