/** How image references are meant: what they are short for, and whether they are only a place-holder. */
import type { Fix } from '../rule.js';
import type { ImageReference } from './image-reference.js';

/** Docker Hub, where a reference names no registry (distribution/reference normalize.go). */
export const dockerHub = 'docker.io';

/** The registry that a reference is for, in lower case. */
export function registryOf({ registry }: ImageReference): string {
  const host = registry?.toLowerCase() ?? dockerHub;
  return host === `index.${dockerHub}` ? dockerHub : host;
}

/** Registry and path in full: `docker.io/library/nginx` for `nginx`. */
export function canonicalName(reference: ImageReference): string {
  const host = registryOf(reference);
  const official = host === dockerHub && !reference.repository.includes('/');
  return `${host}/${official ? 'library/' : ''}${reference.repository}`;
}

/** The fix that pins an image to its digest; `image` is the reference as written, without a digest, and `at` its end. */
export function pin(reference: ImageReference, image: string, at: number): Fix {
  const title = `Pin to its digest (asks ${registryOf(reference)})`;
  return { title, edits: [], safe: false, resolve: { image, at } };
}

/** A reference, or a part of one, that stands for something filled in later: it has brackets, signs of variables, or a part all in capitals. */
export function isPlaceholder(text: string): boolean {
  return (
    text.trim() === '' ||
    /[${}<>%()[\]#*?!|^]|@[^:@]*@|\.\.\.|\u2026|^ko:\/\/|^\/\//.test(text) ||
    text.split(/[/:@.]/).some((part) => /^[A-Z][A-Z_-]{2,}[A-Z\d_-]*$/.test(part))
  );
}
