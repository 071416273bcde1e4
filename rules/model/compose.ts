/** A Compose file (compose-spec) and its services. */
import { Field } from './field.js';
import type { Source } from './source.js';
import type { Span } from './tree.js';

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

  /**
   * The mounts of `volumes`, short (`SOURCE:TARGET[:MODE]`) and long syntax alike. `source` is undefined for an
   * anonymous volume and where it depends on a variable without a default; `at` is what to underline.
   */
  get mounts(): readonly {
    readonly source: string | undefined;
    readonly target: string | undefined;
    readonly at: Span;
    readonly field: Field;
  }[] {
    return this.field
      .at('volumes')
      .items()
      .map((field) => {
        if (field.isMap) {
          const source = field.at('source').exists ? field.at('source') : field.at('src');
          return { source: expand(source.text), target: field.at('target').text, at: source.span, field };
        }
        const [source, target] = splitMount(expand(field.text) ?? '');
        return { source, target, at: field.span, field };
      });
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

/** `SOURCE:TARGET[:MODE]`; a single part is a target. A Windows drive (`C:\…`) keeps its colon. */
function splitMount(text: string): [source: string | undefined, target: string | undefined] {
  const parts = text.match(/^([A-Za-z]:[\\/][^:]*|[^:]*):([A-Za-z]:[\\/][^:]*|[^:]*)/);
  return parts === null ? [undefined, text] : [parts[1], parts[2]];
}

/** Replaces `${NAME:-default}` by its default (compose-spec, interpolation); undefined when a variable has none. */
function expand(text: string | undefined): string | undefined {
  if (text === undefined || !text.includes('$')) return text;
  let known = true;
  const expanded = text.replace(
    /\$\$|\$\{\w+:?-([^}]*)\}|\$\{[^}]*\}|\$\w+/g,
    (match, fallback: string | undefined) => {
      if (match === '$$') return '$';
      if (fallback === undefined) known = false;
      return fallback ?? '';
    },
  );
  return known ? expanded : undefined;
}
