/** A Compose file (compose-spec) and its services. */
import { Field } from './field.js';
import { normalPath } from './host-path.js';
import type { Source } from './source.js';
import type { Span } from './tree.js';

/** A mount of a service. */
export interface ComposeMount {
  /** As written, with the defaults of variables filled in; undefined for an anonymous volume. */
  readonly source: string | undefined;
  readonly target: string | undefined;
  /** What is mounted, when it is of the host: a path (without `//`, `.`, `..` and a slash at its end) or a Windows pipe. */
  readonly hostPath: string | undefined;
  /** What to underline: the whole short syntax, the source of the long one. */
  readonly at: Span;
  readonly field: Field;
}

export class ComposeService {
  constructor(
    readonly name: string,
    readonly nameSpan: Span,
    readonly field: Field,
  ) {
    field.name = () => nameSpan;
  }

  /** How a message names it. */
  get title(): string {
    return `Service ${this.name}`;
  }

  /** The mounts of `volumes`, short (`SOURCE:TARGET[:MODE]`) and long syntax alike. */
  get mounts(): readonly ComposeMount[] {
    return this.field
      .at('volumes')
      .items()
      .map((field) => (field.isMap ? longMount(field) : shortMount(field)));
  }
}

/** The services of a Compose document; empty when there are none. `x-` extensions at the top are not services. */
export function servicesIn(source: Source): readonly ComposeService[] {
  return Field.root(source)
    .at('services')
    .entries()
    .filter(({ value }) => value.isMap)
    .map(({ key, keySpan, value }) => new ComposeService(key, keySpan, value));
}

/** A switch is on: a boolean, or a string that Compose makes one of (compose-go loader/interpolate.go, toBoolean). */
export function isOn(field: Field): boolean {
  return field.flag ?? /^(?:true|y|yes|on)$/i.test(interpolate(field.text ?? ''));
}

function longMount(field: Field): ComposeMount {
  const { span, text } = field.at('source');
  const source = text === undefined ? undefined : interpolate(text);
  const type = field.at('type').text ?? (isHostPath(source ?? '') ? 'bind' : 'volume');
  const hostPath = source !== undefined && (type === 'bind' || type === 'npipe') ? normalPath(source) : undefined;
  return { source, target: textOf(field.at('target')), hostPath, at: span, field };
}

/** Split as compose-go does it (format/volume.go): a part may begin with the letter of a Windows drive; a single part is a target. */
function shortMount(field: Field): ComposeMount {
  const parts = interpolate(field.text ?? '').match(/^((?:[A-Za-z]:)?[^:]*)(?::((?:[A-Za-z]:)?[^:]*))?/) ?? [];
  const [source, target] = parts[2] === undefined ? [undefined, parts[1]] : [parts[1], parts[2]];
  const hostPath = source !== undefined && isHostPath(source) ? normalPath(source) : undefined;
  return { source, target, hostPath, at: field.span, field };
}

function textOf({ text }: Field): string | undefined {
  return text === undefined ? undefined : interpolate(text);
}

/** It is a path and not the name of a volume; one that begins with a variable goes on behind a slash. */
function isHostPath(source: string): boolean {
  return /^(?:[./~]|\\\\|[A-Za-z]:|\$\{\w+\}[\\/])/.test(source);
}

/** Nothing that is looked at here is longer than a path; a file made to keep us busy is. */
const maxInterpolated = 4096;

/**
 * Puts defaults in the place of variables (compose-spec, interpolation): `${NAME:-default}` and `${NAME-default}`, one in the other too. A variable
 * without a default stays, as `${NAME}`; `$$` is a dollar.
 */
export function interpolate(text: string): string {
  if (text.length > maxInterpolated) return text;
  let result = '';
  let at = 0;
  for (let dollar = text.indexOf('$'); dollar >= 0; dollar = text.indexOf('$', at)) {
    result += text.slice(at, dollar);
    const braced = text[dollar + 1] === '{';
    const end = braced ? closingBrace(text, dollar + 2) : dollar + 1 + /^\w*/.exec(text.slice(dollar + 1))![0].length;
    const [, name, operator, rest = ''] =
      /^(\w+)(?::?([-+?])(.*))?$/s.exec(text.slice(dollar + (braced ? 2 : 1), end)) ?? [];
    if (name === undefined) {
      // A dollar of its own, or an escaped one.
      result += '$';
      at = dollar + (text[dollar + 1] === '$' ? 2 : 1);
    } else {
      result += operator === '-' ? interpolate(rest) : `\${${name}}`;
      at = end + (braced ? 1 : 0);
    }
  }
  return result + text.slice(at);
}

/** The brace that closes a variable whose name begins at `from`, past those inside it. */
function closingBrace(text: string, from: number): number {
  let depth = 0;
  for (let index = from; index < text.length; index++) {
    if (text.startsWith('${', index)) depth++;
    else if (text[index] === '}' && depth-- === 0) return index;
  }
  return text.length;
}
