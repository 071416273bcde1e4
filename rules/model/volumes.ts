/** What a pod's volumes are made of. */
import type { Field } from './field.js';

/** The Secrets in a volume (an item of `volumes`): its own, or those among its projected sources. */
export function secretsIn(volume: Field): Field[] {
  const projected = volume.at('projected', 'sources').items();
  return [volume, ...projected].map((source) => source.at('secret')).filter(({ exists }) => exists);
}
