/**
 * A Dockerfile as BuildKit understands it: instructions, stages, variables. `dockerfile-ast` finds instructions, flags,
 * properties and heredocs; its line-based ranges stay in here. Facts from the Dockerfile reference and BuildKit's
 * frontend/dockerfile (v0.23): instructions/parse.go, shell/lex.go, dockerfile2llb/convert.go.
 */
import {
  type Flag as AstFlag,
  type Instruction as AstInstruction,
  DockerfileParser,
  type Property,
} from 'dockerfile-ast';
import type { Position, Range } from 'vscode-languageserver-types';
import type { Edit } from '../rule.js';
import { eolOf, lineEnd, lineStart } from './lines.js';
import type { Span } from './tree.js';

/** A word of an instruction as written. */
export interface Word {
  readonly text: string;
  readonly span: Span;
}

/** A flag such as `--from=build`; `value` is undefined without `=`. */
export interface Flag {
  readonly name: string;
  readonly value: Word | undefined;
  readonly span: Span;
}

/** `NAME=value` of ARG, ENV or LABEL; `value` is undefined for an ARG without default. Quotes are taken off its text, not its span. */
export interface Pair {
  readonly name: Word;
  readonly value: Word | undefined;
}

export interface Instruction {
  /** In capitals. */
  readonly keyword: string;
  readonly keywordSpan: Span;
  readonly span: Span;
  /** The words behind keyword and flags, without heredoc bodies; of the JSON form, its strings. */
  readonly words: readonly Word[];
  readonly flags: readonly Flag[];
  readonly pairs: readonly Pair[];
}

/** What a stage is built on. */
export interface Base {
  /** The reference as written. */
  readonly written: string;
  readonly span: Span;
  /** The reference with its variables filled in; undefined where one has no known value. */
  readonly image: string | undefined;
  /** The earlier stage that it names, if it does. */
  readonly stage: Stage | undefined;
}

export interface Stage {
  readonly index: number;
  readonly name: string | undefined;
  readonly from: Instruction;
  readonly base: Base;
  /** The instructions behind FROM. */
  readonly instructions: readonly Instruction[];
}

/** Where the build takes an image; `image` is the reference with its variables filled in, undefined where one has no known value. */
export interface ImageUse {
  readonly written: string;
  readonly span: Span;
  readonly image: string | undefined;
}

export class Dockerfile {
  constructor(
    readonly text: string,
    readonly comments: readonly Span[],
    /** All instructions in source order. */
    readonly instructions: readonly Instruction[],
    readonly stages: readonly Stage[],
    /** Values of the ARGs before the first FROM. */
    readonly globals: ReadonlyMap<string, string | undefined>,
    /** The frontend image of a `# syntax=` directive. */
    readonly syntax: Word | undefined,
  ) {}

  get finalStage(): Stage | undefined {
    return this.stages.at(-1);
  }

  /** The stages that a stage is built on, itself first, down to the one on an external image. */
  chain(stage: Stage): readonly Stage[] {
    const chain: Stage[] = [];
    for (let next: Stage | undefined = stage; next !== undefined; next = next.base.stage) chain.push(next);
    return chain;
  }

  /**
   * The values of ARG and ENV as they stand before an instruction of a stage (at the stage's end without one). A value
   * of undefined is one that only the build knows. ENV is inherited from the stages below, ARG is not (Dockerfile reference, ARG, scope).
   */
  variables(stage: Stage, before?: Instruction): Map<string, string | undefined> {
    const values = new Map<string, string | undefined>();
    const environment = new Set<string>();
    for (const part of [...this.chain(stage)].reverse()) {
      if (part !== stage) for (const name of [...values.keys()]) if (!environment.has(name)) values.delete(name);
      for (const instruction of part.instructions) {
        if (part === stage && instruction === before) break;
        for (const { name, value } of instruction.keyword === 'ARG' || instruction.keyword === 'ENV'
          ? instruction.pairs
          : []) {
          if (instruction.keyword === 'ENV') {
            environment.add(name.text);
            values.set(name.text, expand(value?.text ?? '', values));
          } else if (!environment.has(name.text)) {
            values.set(name.text, value === undefined ? this.globals.get(name.text) : expand(value.text, values));
          }
        }
      }
      if (part !== stage) for (const name of [...values.keys()]) if (!environment.has(name)) values.delete(name);
    }
    return values;
  }

  /** Every external image that the build takes, in source order: in FROM, `COPY --from` and `RUN --mount=…,from=`. `scratch` is none. */
  get images(): ImageUse[] {
    return this.stages.flatMap((stage) => {
      const base = stage.base.stage === undefined && stage.base.image !== 'scratch' ? [stage.base] : [];
      return [...base, ...this.#imagesUsed(stage)];
    });
  }

  #imagesUsed(stage: Stage): ImageUse[] {
    const uses: ImageUse[] = [];
    for (const { keyword, flags } of stage.instructions) {
      for (const { name, value } of flags) {
        if (value === undefined) continue;
        const from =
          keyword === 'COPY' && name === 'from'
            ? value
            : keyword === 'RUN' && name === 'mount'
              ? mountFrom(value)
              : undefined;
        if (from === undefined || from.text === '' || this.#isStage(from.text)) continue;
        uses.push({ written: from.text, span: from.span, image: expand(from.text, this.globals) });
      }
    }
    return uses;
  }

  /** A stage by name (case-insensitive) or number. */
  #isStage(reference: string): boolean {
    return this.stages.some(
      ({ name, index }) => name?.toLowerCase() === reference.toLowerCase() || String(index) === reference,
    );
  }

  /** An edit that puts a line before an instruction, with its indentation. */
  insertBefore({ span }: Instruction, line: string): Edit[] {
    const at = lineStart(this.text, span.start);
    return [{ start: at, end: at, text: this.text.slice(at, span.start) + line + eolOf(this.text) }];
  }

  /** An edit that puts a line behind an instruction. */
  insertAfter({ span }: Instruction, line: string): Edit[] {
    const at = lineEnd(this.text, span.end);
    return [{ start: at, end: at, text: eolOf(this.text) + line }];
  }
}

/** Reads any text as a Dockerfile; what is no instruction is left out. Never throws. */
export function readDockerfile(text: string): Dockerfile {
  const offset = offsets(text);
  const span = ({ start, end }: Range): Span => ({ start: offset(start), end: offset(end) });
  const ast = DockerfileParser.parse(text);
  const instructions = ast.getInstructions().map((instruction) => readInstruction(instruction, span));
  const comments = ast.getComments().map((comment) => span(comment.getRange()));
  const globals = new Map<string, string | undefined>();
  const stages: (Stage & { instructions: Instruction[] })[] = [];
  for (const instruction of instructions) {
    if (instruction.keyword === 'FROM') {
      const [image, as, name] = instruction.words;
      if (image === undefined) continue;
      const written = image.text;
      const resolved = expand(written, globals);
      const known = resolved?.toLowerCase();
      const stage = known === undefined ? undefined : stages.findLast((other) => other.name?.toLowerCase() === known);
      const base = { written, span: image.span, image: resolved, stage };
      stages.push({
        index: stages.length,
        name: as?.text.toLowerCase() === 'as' ? name?.text : undefined,
        from: instruction,
        base,
        instructions: [],
      });
    } else if (stages.length > 0) stages.at(-1)!.instructions.push(instruction);
    else if (instruction.keyword === 'ARG') {
      for (const { name, value } of instruction.pairs)
        globals.set(name.text, value === undefined ? undefined : expand(value.text, globals));
    }
  }
  return new Dockerfile(text, comments, instructions, stages, globals, syntaxDirective(text));
}

/** `# syntax=image` among the comments at the very top (Dockerfile reference, parser directives). */
function syntaxDirective(text: string): Word | undefined {
  const match = /^(?:#[ \t]*\w+[ \t]*=.*\r?\n)*?#[ \t]*syntax[ \t]*=[ \t]*(\S+)/i.exec(text);
  if (match === null) return undefined;
  const start = match.index + match[0].length - match[1]!.length;
  return { text: match[1]!, span: { start, end: start + match[1]!.length } };
}

function readInstruction(instruction: AstInstruction, span: (range: Range) => Span): Instruction {
  const { getFlags, getProperties } = instruction as { getFlags?(): AstFlag[]; getProperties?(): Property[] };
  const flags = getFlags?.call(instruction).map((flag) => ({
    name: flag.getName(),
    value: optionalWord(flag.getValue(), flag.getValueRange(), span),
    span: span(flag.getRange()),
  }));
  const pairs = getProperties?.call(instruction).map((property) => ({
    name: { text: property.getName(), span: span(property.getNameRange()) },
    value:
      optionalWord(property.getValue(), property.getValueRange(), span) ??
      (property.getAssignmentOperator() === '=' ? emptyWord(property, span) : undefined),
  }));
  return {
    keyword: instruction.getKeyword(),
    keywordSpan: span(instruction.getInstructionRange()),
    span: span(instruction.getRange()),
    words: readWords(instruction, span),
    flags: flags ?? [],
    pairs: pairs ?? [],
  };
}

/** The words of the instruction itself: dockerfile-ast also lists those of a heredoc's body. */
function readWords(instruction: AstInstruction, span: (range: Range) => Span): Word[] {
  const words: Word[] = [];
  let lastLine = Number.POSITIVE_INFINITY;
  for (const argument of instruction.getArguments()) {
    const range = argument.getRange();
    if (range.start.line > lastLine) break;
    if (/^\d*<<-?["']?\w/.test(argument.getValue())) lastLine = range.end.line;
    words.push({ text: argument.getValue(), span: span(range) });
  }
  // The JSON form: ["a", "b c"]; anything that only begins like it stays as it is.
  if (words[0]?.text.startsWith('[') !== true) return words;
  return words.map(({ text, span }) => ({ text: text.replace(/^\[?\s*"?|"?\s*[,\]]?$/g, ''), span }));
}

function optionalWord(text: string | null, range: Range | null, span: (range: Range) => Span): Word | undefined {
  return text === null || range === null ? undefined : { text, span: span(range) };
}

function emptyWord(property: Property, span: (range: Range) => Span): Word {
  const { end } = span(property.getRange());
  return { text: '', span: { start: end, end } };
}

/** `type=bind,from=image,target=/x` → the image. */
function mountFrom({ text, span }: Word): Word | undefined {
  const match = /(?:^|,)from=([^,]*)/.exec(text);
  if (match === null) return undefined;
  const start = span.start + match.index + match[0].length - match[1]!.length;
  return { text: match[1]!, span: { start, end: start + match[1]!.length } };
}

/**
 * Fills variables in: `$X`, `${X}`, `${X:-default}`, `${X-default}`, `${X:+other}`, `${X+other}`. Undefined where a variable has no known
 * value, or where a form is used that needs the build (`${X#pattern}`, `${X:?}`).
 */
export function expand(text: string, values: ReadonlyMap<string, string | undefined>): string | undefined {
  if (!text.includes('$')) return text;
  let known = true;
  const result = text.replace(
    /\\\$|\$\{([A-Za-z_]\w*)(?:(:?[-+])((?:[^{}]|\{[^}]*\})*))?\}|\$([A-Za-z_]\w*)|\$/g,
    (
      match,
      braced: string | undefined,
      operator: string | undefined,
      word: string | undefined,
      bare: string | undefined,
    ) => {
      if (match === '\\$') return '$';
      const name = braced ?? bare;
      if (name === undefined) {
        known = false;
        return '';
      }
      const value = values.get(name);
      const isUnknown = values.has(name) && value === undefined;
      if (operator === undefined) {
        if (value === undefined) known = false;
        return value ?? '';
      }
      // A default stands for what the file says; a build argument may of course say otherwise.
      const isSet = value !== undefined && (value !== '' || !operator.startsWith(':'));
      if (operator.endsWith('+')) {
        if (isUnknown) known = false;
        return isSet ? (expand(word ?? '', values) ?? '') : '';
      }
      if (isSet) return value;
      const fallback = expand(word ?? '', values);
      if (fallback === undefined) known = false;
      return fallback ?? '';
    },
  );
  return known ? result : undefined;
}

/** Turns line and character into an offset; lines end with `\n`, `\r\n` or `\r` as in LSP. */
function offsets(text: string): (position: Position) => number {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|\n|\r/g)) starts.push(match.index + match[0].length);
  return ({ line, character }) => Math.min((starts[line] ?? text.length) + character, text.length);
}
