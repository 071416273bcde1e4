/**
 * A Dockerfile as BuildKit understands it: instructions, stages, variables.
 *
 * This file finds where instructions, comments and heredocs begin and end; `dockerfile-ast` takes a single instruction
 * apart, when somebody asks for its words, and its line-based ranges stay in here. That way it gets nothing that it reads
 * differently from BuildKit (heredoc bodies, `\\` at a line's end, comments that look like directives), and a text of any
 * size is read in linear time. Facts from the Dockerfile reference and BuildKit's frontend/dockerfile (v0.23): parser/parser.go,
 * parser/line_parsers.go, instructions/parse.go, shell/lex.go, dockerfile2llb/convert.go.
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

/** A comment: from `#` to the line's end. Parser directives are none, but what only looks like one is. */
export interface Comment extends Span {
  readonly text: string;
}

/** `<<NAME` and the lines that belong to it. */
export interface Heredoc {
  readonly name: string;
  /** The body, with its last line break; up to the text's end when the closing line is missing. */
  readonly body: Span;
}

/**
 * An instruction, from its keyword to the last character of its last line (of its heredocs, if it has any), without
 * blanks behind it. Only the first 64 Ki units of one are taken apart.
 */
export interface Instruction {
  /** In capitals. */
  readonly keyword: string;
  readonly keywordSpan: Span;
  readonly span: Span;
  /** From the first word to the last one, without flags and heredoc bodies; undefined when there is none. */
  readonly arguments: Span | undefined;
  /** The words behind keyword and flags, without heredoc bodies; of the JSON form, its strings (their spans with quotes). */
  readonly words: readonly Word[];
  /** It is written as `["a", "b"]`; what isn't valid JSON is a plain text with brackets, as in BuildKit. */
  readonly json: boolean;
  readonly flags: readonly Flag[];
  readonly pairs: readonly Pair[];
  readonly heredocs: readonly Heredoc[];
  /** The instruction behind ONBUILD. */
  readonly trigger: Instruction | undefined;
  /** The text ends within it: a line to be continued, a heredoc that is not closed. Nothing can be put behind it. */
  readonly unfinished: boolean;
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
    /** In source order, also those between the lines of an instruction; not those of a script in a heredoc. */
    readonly comments: readonly Comment[],
    /** All instructions in source order. */
    readonly instructions: readonly Instruction[],
    readonly stages: readonly Stage[],
    /** Values of the ARGs before the first FROM. */
    readonly globals: ReadonlyMap<string, string | undefined>,
    /** The frontend image of a `# syntax=` directive. */
    readonly syntax: Word | undefined,
    /** What continues a line: a backslash, or a backtick after `# escape=`. */
    readonly escapeCharacter: string,
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
      for (const instruction of part.instructions) {
        if (part === stage && instruction === before) break;
        if (instruction.keyword !== 'ARG' && instruction.keyword !== 'ENV') continue;
        // All values of one instruction see what was before it: `ENV a=1 b=$a` does not take the new a.
        const known = instruction.pairs.length > 1 ? new Map(values) : values;
        for (const { name, value } of instruction.pairs) {
          if (instruction.keyword === 'ENV') {
            environment.add(name.text);
            values.set(name.text, expand(value?.text ?? '', known));
          } else if (!environment.has(name.text)) {
            values.set(name.text, value === undefined ? this.globals.get(name.text) : expand(value.text, known));
          }
        }
      }
      if (part !== stage) for (const name of [...values.keys()]) if (!environment.has(name)) values.delete(name);
    }
    return values;
  }

  /**
   * Who the image of a stage runs as: its last USER, or that of the stages below. Undefined when none of them has one, and
   * the base image decides. `name` is the user without its group; undefined when only the build knows it.
   */
  userOf(stage: Stage): { readonly word: Word; readonly name: string | undefined } | undefined {
    const found = this.last(stage, 'USER');
    const word = found?.instruction.words[0];
    if (found === undefined || word === undefined) return undefined;
    return { word, name: expand(unquote(word.text), this.variables(found.stage, found.instruction))?.split(':')[0] };
  }

  /** The last instruction of a kind that the image of a stage has, from the stage itself or from those below. */
  last(stage: Stage, keyword: string): { readonly instruction: Instruction; readonly stage: Stage } | undefined {
    for (const part of this.chain(stage)) {
      const instruction = part.instructions.findLast((other) => other.keyword === keyword && other.words.length > 0);
      if (instruction !== undefined) return { instruction, stage: part };
    }
    return undefined;
  }

  /** The image of a stage starts as root on purpose, to prepare something, and then changes the user itself: gosu, su-exec, setpriv, s6. */
  dropsRoot(stage: Stage): boolean {
    const drops = /\b(?:gosu|su-exec|setpriv|s6-setuidgid|s6-overlay|chroot --userspec|runuser)\b|\/init"\s*\]/;
    return this.chain(stage).some(({ instructions }) =>
      instructions.some(({ span }) => drops.test(this.text.slice(span.start, span.end))),
    );
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
        // A number is a stage, there or not. BuildKit expands no variable here, buildah does.
        if (from === undefined || /^\d*$/.test(from.text) || this.#names.has(from.text.toLowerCase())) continue;
        uses.push({ written: from.text, span: from.span, image: expand(unquote(from.text), this.globals) });
      }
    }
    return uses;
  }

  /** Names of stages are case-insensitive; COPY may name a later one, too. */
  get #names(): ReadonlySet<string> {
    this.#stageNames ??= new Set(this.stages.map(({ name }) => name?.toLowerCase() ?? ''));
    return this.#stageNames;
  }

  #stageNames: ReadonlySet<string> | undefined;

  /** An edit that puts a text in the place of another one. */
  replace({ start, end }: Span, text: string): Edit[] {
    return [{ start, end, text }];
  }

  /** An edit that takes an instruction away with its lines. Comments above it stay. */
  remove({ span }: Instruction): Edit[] {
    const start = lineStart(this.text, span.start);
    const end = lineEnd(this.text, span.end);
    if (end < this.text.length) return [{ start, end: this.text.indexOf('\n', end) + 1, text: '' }];
    return [{ start: start === 0 ? 0 : lineEnd(this.text, lineStart(this.text, start - 1)), end, text: '' }];
  }

  /** An edit that puts a line before an instruction, with its indentation and the file's line break. */
  insertBefore({ span }: Instruction, line: string): Edit[] {
    const indent = /[ \t]*$/.exec(this.text.slice(lineStart(this.text, span.start), span.start))![0];
    const at = span.start - indent.length;
    return [{ start: at, end: at, text: indent + line + eolOf(this.text) }];
  }

  /** An edit that puts a line behind an instruction; none where it would become a part of it (see `unfinished`). */
  insertAfter({ span, unfinished }: Instruction, line: string): Edit[] {
    if (unfinished) return [];
    const at = lineEnd(this.text, span.end);
    return [{ start: at, end: at, text: eolOf(this.text) + line }];
  }
}

/**
 * Reads any text as a Dockerfile, linear in its length; never throws. What can't be read is left out: a text without instructions has none, a
 * FROM without an image makes a stage on an unknown base. Offsets count from the start of the text, a byte order mark included.
 */
export function readDockerfile(text: string): Dockerfile {
  const { escapeCharacter, syntax, comments, end } = readDirectives(text);
  const instructions: Instruction[] = [];
  for (const lines of splitLines(text, end, escapeCharacter, comments))
    instructions.push(new LazyInstruction(text, escapeCharacter, lines));
  const globals = new Map<string, string | undefined>();
  const stages: (Stage & { instructions: Instruction[] })[] = [];
  const named = new Map<string, Stage>();
  for (const instruction of instructions) {
    if (instruction.keyword === 'FROM') {
      const [image, as, name] = instruction.words;
      const written = image?.text ?? '';
      const resolved = image === undefined ? undefined : expand(unquote(written), globals);
      const stage = {
        index: stages.length,
        name: as?.text.toLowerCase() === 'as' ? name?.text : undefined,
        from: instruction,
        base: {
          written,
          span: image?.span ?? instruction.keywordSpan,
          image: resolved,
          stage: resolved === undefined ? undefined : named.get(resolved.toLowerCase()),
        },
        instructions: [],
      };
      stages.push(stage);
      if (stage.name !== undefined) named.set(stage.name.toLowerCase(), stage);
    } else if (stages.length > 0) stages.at(-1)!.instructions.push(instruction);
    else if (instruction.keyword === 'ARG') {
      for (const { name, value } of instruction.pairs)
        globals.set(name.text, value === undefined ? undefined : expand(value.text, globals));
    }
  }
  return new Dockerfile(text, comments, instructions, stages, globals, syntax, escapeCharacter);
}

/** The lines at the very top that look like `# name=value`; unknown ones are comments, the first other line ends them (directives.go). */
function readDirectives(text: string) {
  const comments: Comment[] = [];
  let escapeCharacter = '\\';
  let syntax: Word | undefined;
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (at < text.length) {
    const { start, end, next } = lineAt(text, at);
    const match = end - start > 1000 ? null : /^#\s*([a-z][a-z\d]*)\s*=\s*(\S+)/i.exec(text.slice(start, end));
    if (match === null) break;
    const [matched, name = '', value = ''] = match;
    const known = name.toLowerCase();
    if (known === 'syntax') {
      const valueEnd = start + matched.length;
      syntax ??= { text: value, span: { start: valueEnd - value.length, end: valueEnd } };
    } else if (known === 'escape' && (value === '`' || value === '\\')) escapeCharacter = value;
    else if (known !== 'escape' && known !== 'check') comments.push({ start, end, text: text.slice(start, end) });
    at = next;
  }
  return { escapeCharacter, syntax, comments, end: at };
}

/** The line that begins at an offset: what stands on it without blanks round it, and where the next one begins. */
function lineAt(text: string, at: number): { start: number; end: number; next: number } {
  const feed = text.indexOf('\n', at);
  const next = feed < 0 ? text.length : feed + 1;
  let end = feed < 0 ? next : feed;
  let start = at;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return { start, end, next };
}

/** Go's unicode.IsSpace, as far as Latin 1 goes. */
function isBlank(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || code === 0x85 || code === 0xa0;
}

/** Where an instruction stands: its own lines, then those of its heredocs. */
interface Lines {
  readonly head: Span;
  readonly end: number;
  readonly heredocs: readonly Heredoc[];
  readonly unfinished: boolean;
}

/** Splits a text into instructions as BuildKit's parser.go does; comments go to `comments`. */
function* splitLines(text: string, from: number, escapeCharacter: string, comments: Comment[]): Generator<Lines> {
  for (let at = from; at < text.length; ) {
    let line = lineAt(text, at);
    at = line.next;
    if (line.start === line.end) continue;
    const { start } = line;
    let { end } = line;
    let open = false;
    if (text[start] === '#') comments.push({ start, end, text: text.slice(start, end) });
    else {
      open = isContinued(text, line, escapeCharacter);
      // Blank lines and comments between the lines of an instruction are skipped.
      while (open && at < text.length) {
        line = lineAt(text, at);
        at = line.next;
        if (text[line.start] === '#' && line.start < line.end)
          comments.push({ start: line.start, end: line.end, text: text.slice(line.start, line.end) });
        else if (line.start < line.end) {
          end = line.end;
          open = isContinued(text, line, escapeCharacter);
        }
      }
      const head = { start, end };
      const heredocs: Heredoc[] = [];
      for (const mark of open ? [] : heredocMarks(text, head, escapeCharacter)) {
        const closing = closingLine(text, at, mark);
        // `<< EOF` may as well be a shift of bits: the closing line decides.
        if (closing === undefined && mark.apart) continue;
        heredocs.push({ name: mark.name, body: { start: at, end: closing?.at ?? text.length } });
        end = closing?.end ?? text.length;
        at = closing?.next ?? text.length;
        open = closing === undefined;
        if (open) break;
      }
      yield { head, end, heredocs, unfinished: open };
    }
  }
}

/** A line goes on when it ends with one escape character; two of them are a character (parser.go, lineContinuationRegex). */
function isContinued(text: string, { start, end }: Span, escapeCharacter: string): boolean {
  return text[end - 1] === escapeCharacter && (end - 1 === start || text[end - 2] !== escapeCharacter);
}

interface HeredocMark {
  readonly name: string;
  /** `<<-`: tabs before the closing line don't count. */
  readonly tabs: boolean;
  /** Blanks between `<<` and the name. */
  readonly apart: boolean;
}

/** The heredocs that RUN, COPY and ADD begin, also behind ONBUILD: words `<<NAME`, `3<<-"NAME"` outside of quotes (parser.go, reHeredoc). */
function heredocMarks(text: string, head: Span, escapeCharacter: string): HeredocMark[] {
  const first = text.indexOf('<<', head.start);
  if (first < 0 || first >= head.end || head.end - head.start > limit) return [];
  const flat = flatten(text, head, escapeCharacter);
  if (!/^(?:onbuild\s+)?(?:run|copy|add)\s/i.test(flat)) return [];
  const words = flat.match(/(?:\\.|"(?:\\.|[^"\\])*"|'[^']*'|[^\s"'\\])+|["'\\]/gs) ?? [];
  // With a quote left open BuildKit sees no heredoc.
  if (words.some((word) => word === '"' || word === "'")) return [];
  return words.flatMap((word, index) => {
    const match = /^\d*<<(-?)([^<]*)$/s.exec(word);
    if (match === null) return [];
    const apart = match[2] === '';
    const written = apart ? (words[index + 1] ?? '') : match[2]!;
    const name = written.replace(/\\(.)|["']/gs, '$1');
    return name === '' ? [] : [{ name, tabs: match[1] === '-', apart }];
  });
}

/** The line that closes a heredoc: where it begins, ends, and where the next one begins. Undefined when there is none. */
function closingLine(text: string, from: number, { name, tabs }: HeredocMark) {
  for (let at = text.indexOf(name, from); at >= 0; at = text.indexOf(name, at + name.length)) {
    const start = lineStart(text, at);
    const end = lineEnd(text, at);
    const before = text.slice(Math.max(start, from), at);
    if (start < from || at + name.length !== end || !(before === '' || (tabs && /^\t+$/.test(before)))) continue;
    return { at: start, end, next: Math.min(text.length, text.indexOf('\n', end) + 1 || text.length) };
  }
  return undefined;
}

/** The lines of an instruction with blanks in place of line breaks, the characters that continue them, and comments: offsets stay. */
function flatten(text: string, { start, end }: Span, escapeCharacter: string): string {
  let flat = '';
  for (let at = start; at < end; ) {
    const line = lineAt(text, at);
    const isComment = at > start && text[line.start] === '#';
    const until = isComment
      ? at
      : isContinued(text, line, escapeCharacter) && line.end <= end
        ? line.end - 1
        : line.end;
    flat += text.slice(at, Math.min(until, end)).padEnd(Math.min(line.next, end) - at);
    at = line.next;
  }
  return flat;
}

/** So much of an instruction is taken apart; dockerfile-ast needs microseconds for each character. */
const limit = 1 << 16;

/** Instructions with a JSON form (line_parsers.go). */
const jsonForms: ReadonlySet<string> = new Set(['ADD', 'CMD', 'COPY', 'ENTRYPOINT', 'RUN', 'SHELL', 'VOLUME']);

/** An instruction that is taken apart when somebody asks: rules want the words of few. */
class LazyInstruction implements Instruction {
  readonly keyword: string;
  readonly keywordSpan: Span;
  readonly span: Span;
  readonly heredocs: readonly Heredoc[];
  readonly unfinished: boolean;
  readonly #text: string;
  readonly #escape: string;
  readonly #lines: Lines;
  #parsed: { readonly ast: AstInstruction | undefined; span(range: Range): Span } | undefined;
  #words: readonly Word[] | undefined;
  #strings: readonly Word[] | null | undefined;
  #flags: readonly Flag[] | undefined;
  #pairs: readonly Pair[] | undefined;
  #trigger: Instruction | null | undefined;

  constructor(text: string, escapeCharacter: string, lines: Lines) {
    this.#text = text;
    this.#escape = escapeCharacter;
    this.#lines = lines;
    const { start, end } = lines.head;
    this.span = { start, end: lines.end };
    this.heredocs = lines.heredocs;
    this.unfinished = lines.unfinished;
    let keywordEnd = start;
    while (keywordEnd < end && !isBlank(text.charCodeAt(keywordEnd))) keywordEnd++;
    const keyword = text.slice(start, Math.min(keywordEnd, start + 100));
    const { ast, span } = keyword.includes(escapeCharacter) ? this.#parse() : {};
    if (ast !== undefined && span !== undefined) {
      this.keyword = ast.getKeyword();
      this.keywordSpan = span(ast.getInstructionRange());
    } else {
      this.keyword = keyword.toUpperCase();
      this.keywordSpan = { start, end: keywordEnd };
    }
  }

  get arguments(): Span | undefined {
    const words = this.#plainWords();
    return words.length === 0 ? undefined : { start: words[0]!.span.start, end: words.at(-1)!.span.end };
  }

  get words(): readonly Word[] {
    return this.#jsonStrings() ?? this.#plainWords();
  }

  get json(): boolean {
    return this.#jsonStrings() !== null;
  }

  get flags(): readonly Flag[] {
    if (this.#flags !== undefined) return this.#flags;
    const { start, end } = this.#lines.head;
    if (!this.#text.slice(start, Math.min(end, start + limit)).includes('--')) return [];
    const { ast, span } = this.#parse();
    const flags = (ast as { getFlags?(): AstFlag[] } | undefined)?.getFlags?.() ?? [];
    this.#flags = flags.map((flag) => ({
      name: flag.getName(),
      value: optionalWord(flag.getValue(), flag.getValueRange(), span),
      span: span(flag.getRange()),
    }));
    return this.#flags;
  }

  get pairs(): readonly Pair[] {
    this.#pairs ??= this.#readPairs();
    return this.#pairs;
  }

  get trigger(): Instruction | undefined {
    if (this.#trigger === undefined) {
      const start = this.keyword === 'ONBUILD' ? this.#plainWords()[0]?.span.start : undefined;
      const lines = { ...this.#lines, head: { start: start ?? 0, end: this.#lines.head.end } };
      this.#trigger = start === undefined ? null : new LazyInstruction(this.#text, this.#escape, lines);
    }
    return this.#trigger ?? undefined;
  }

  /** Gives dockerfile-ast this instruction alone, and says what its ranges are in the text. It sees none in `#…` behind ONBUILD. */
  #parse() {
    if (this.#parsed !== undefined) return this.#parsed;
    const { start, end } = this.#lines.head;
    const directive = this.#escape === '\\' ? '' : `# escape=${this.#escape}\n`;
    const source = directive + this.#text.slice(start, Math.min(end, start + limit));
    const offset = offsets(source);
    const place = (position: Position) => Math.max(start, Math.min(end, offset(position) - directive.length + start));
    const [ast] = DockerfileParser.parse(source).getInstructions();
    const span = (range: Range) => ({ start: place(range.start), end: Math.max(place(range.start), place(range.end)) });
    this.#parsed = { ast, span };
    return this.#parsed;
  }

  #plainWords(): readonly Word[] {
    if (this.#words === undefined) {
      const { ast, span } = this.#parse();
      const words = ast?.getArguments() ?? [];
      this.#words = words.map((word) => ({ text: word.getValue(), span: span(word.getRange()) }));
    }
    return this.#words;
  }

  /** The strings of the JSON form; null when it isn't one. */
  #jsonStrings(): readonly Word[] | null {
    if (this.#strings !== undefined) return this.#strings;
    this.#strings = null;
    const { head } = this.#lines;
    const start = jsonForms.has(this.keyword) ? this.#plainWords()[0]?.span.start : undefined;
    if (start === undefined || this.#text[start] !== '[' || head.end - start > limit) return null;
    const flat = flatten(this.#text, head, this.#escape).slice(start - head.start);
    const values = jsonStrings(flat);
    if (values === undefined) return null;
    this.#strings = [...flat.matchAll(/"(?:[^"\\]|\\.)*"/g)].map(({ 0: written, index }, at) => ({
      text: values[at] ?? '',
      span: { start: start + index, end: start + index + written.length },
    }));
    return this.#strings;
  }

  #readPairs(): readonly Pair[] {
    const { ast, span } = this.#parse();
    // `ARG A B` declares two; dockerfile-ast reads it as `ENV A B`, a name and its value.
    if (this.keyword === 'ARG' && this.#plainWords()[0]?.text.includes('=') === false)
      return this.#plainWords().map(declaration);
    const properties = (ast as { getProperties?(): Property[] } | undefined)?.getProperties?.() ?? [];
    return properties.map((property) => {
      const name = { text: property.getName(), span: span(property.getNameRange()) };
      // `ARG "A=b c"`: quotes round the whole declaration.
      if (name.text.includes('=')) {
        const quoted = name.span.end - name.span.start === name.text.length + 2 ? 1 : 0;
        return declaration({ ...name, span: { start: name.span.start + quoted, end: name.span.end - quoted } });
      }
      const value =
        optionalWord(property.getValue(), property.getValueRange(), span) ??
        (property.getAssignmentOperator() === '=' ? emptyWord(property, span) : undefined);
      return { name, value };
    });
  }
}

/** The strings of a JSON array of strings; undefined for anything else. */
function jsonStrings(text: string): string[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined;
  } catch {
    return undefined; // BuildKit takes it as plain text then.
  }
}

/** `NAME` or `NAME=value`, a word of ARG. */
function declaration({ text, span }: Word): Pair {
  const equals = text.indexOf('=');
  if (equals < 0) return { name: { text, span }, value: undefined };
  const middle = Math.min(span.start + equals, span.end);
  return {
    name: { text: text.slice(0, equals), span: { start: span.start, end: middle } },
    value: { text: text.slice(equals + 1), span: { start: Math.min(middle + 1, span.end), end: span.end } },
  };
}

function optionalWord(text: string | null, range: Range | null, span: (range: Range) => Span): Word | undefined {
  return text === null || range === null ? undefined : { text, span: span(range) };
}

function emptyWord(property: Property, span: (range: Range) => Span): Word {
  const { end } = span(property.getRange());
  return { text: '', span: { start: end, end } };
}

/** `type=bind,from=image,target=/x` → the image. A value over several lines is pointed at as a whole. */
function mountFrom({ text, span }: Word): Word | undefined {
  const match = /(?:^|,)from=([^,]*)/i.exec(text);
  if (match === null) return undefined;
  if (span.end - span.start !== text.length) return { text: match[1]!, span };
  const start = span.start + match.index + match[0].length - match[1]!.length;
  return { text: match[1]!, span: { start, end: start + match[1]!.length } };
}

/**
 * Fills variables in: `$X`, `${X}`, `${X:-default}`, `${X-default}`, `${X:+other}`, `${X+other}`. Undefined where a variable has no known
 * value, or where a form is used that needs the build (`${X#pattern}`, `${X:?}`).
 */
export function expand(text: string, values: ReadonlyMap<string, string | undefined>): string | undefined {
  if (!text.includes('$')) return text;
  // Nobody writes that; and matching braces in it would take its time.
  if (text.length > 4096) return undefined;
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
      if (platformArguments.has(name)) known = false;
      const fallback = expand(word ?? '', values);
      if (fallback === undefined) known = false;
      return fallback ?? '';
    },
  );
  return known ? result : undefined;
}

/** Arguments that BuildKit sets without being asked (Dockerfile reference, automatic platform ARGs). */
const platformArguments: ReadonlySet<string> = new Set(
  ['TARGET', 'BUILD'].flatMap((side) => ['PLATFORM', 'OS', 'ARCH', 'VARIANT'].map((part) => side + part)),
);

/** Quotes are taken off where a value can have none. */
function unquote(text: string): string {
  return text.replace(/["']/g, '');
}

/** Turns line and character into an offset; lines end with `\n`, `\r\n` or `\r` as in LSP. */
function offsets(text: string): (position: Position) => number {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|\n|\r/g)) starts.push(match.index + match[0].length);
  return ({ line, character }) => Math.min((starts[line] ?? text.length) + character, text.length);
}
