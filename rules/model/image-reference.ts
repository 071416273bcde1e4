/** Image references, after distribution/reference (v0.6) reference.go and regexp.go. */
import type { Span } from './tree.js';

export interface ImageReference {
  /** The part before the first slash where that names a host (it has a dot, a colon, or is `localhost`). */
  readonly registry: string | undefined;
  /** The path without registry, tag and digest. */
  readonly repository: string;
  /** Registry and path as written, without tag and digest. */
  readonly name: string;
  readonly tag: string | undefined;
  /** With its algorithm: `sha256:…`. */
  readonly digest: string | undefined;
  /** The digest has a known algorithm and the right length. */
  readonly digestValid: boolean;
  /** Where the tag stands in the text, without its colon. */
  readonly tagSpan: Span | undefined;
}

/** Takes a reference apart. Undefined when it is none: upper case in the path, a variable, blanks, an empty part. */
export function parseImageReference(text: string): ImageReference | undefined {
  const match =
    /^((?:([\w-]+(?:\.[\w-]+)*(?::\d+)?|\[[\da-fA-F:]+\](?::\d+)?)\/)?([a-z\d]+(?:(?:[._]|__|-+)[a-z\d]+)*(?:\/[a-z\d]+(?:(?:[._]|__|-+)[a-z\d]+)*)*))(?::(\w[\w.-]{0,127}))?(?:@([A-Za-z][A-Za-z\d]*(?:[-_+.][A-Za-z][A-Za-z\d]*)*:[\da-fA-F]{32,}))?$/.exec(
      text,
    );
  if (match === null) return undefined;
  const [, name = '', host, path = '', tag, digest] = match;
  const isHost = host !== undefined && (/[.:]/.test(host) || host === 'localhost' || host !== host.toLowerCase());
  if (host !== undefined && !isHost && !/^[a-z\d]+(?:(?:[._]|__|-+)[a-z\d]+)*$/.test(host)) return undefined;
  return {
    registry: isHost ? host : undefined,
    repository: isHost || host === undefined ? path : `${host}/${path}`,
    name,
    tag,
    digest,
    digestValid: digest !== undefined && /^(?:sha256:[a-f\d]{64}|sha384:[a-f\d]{96}|sha512:[a-f\d]{128})$/.test(digest),
    tagSpan: tag === undefined ? undefined : { start: name.length + 1, end: name.length + 1 + tag.length },
  };
}
