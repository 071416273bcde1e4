/**
 * Telling a secret by the name of a variable or by the look of a value. Names follow BuildKit's SecretsUsedInArgOrEnv check (frontend/dockerfile/linter,
 * v0.23): a secret word between separators, unless another word says that it is public; the list of harmless endings is our own.
 */

const secretWords =
  /(?:^|_)(?:API_?KEYS?|AUTH$|CREDENTIALS?|[A-Z\d]*PASSWORDS?|(?:ROOT|DB|ADMIN)?PASS(?:WD|PHRASE)?|PWORD|PWD|SECRETS?|(?:ACCESS_|BEARER_|REFRESH_)?TOKENS?|JWT|BEARER|(?:PRIVATE|SECRET|ACCESS|SIGNING|ENCRYPTION|MASTER|ACCOUNT|STORAGE)_?KEYS?)\d*(?=_|$)/g;

/** KEY alone says secret only in these company names; CACHE_KEY, SORT_KEY and the like say nothing. */
const vendorKeys =
  /^(?:AZURE|AWS|GCP|GOOGLE|STRIPE|TWILIO|SENDGRID|OPENAI|ANTHROPIC|DATADOG|DD|NEW_RELIC)_(?:\w+_)?KEY$/;

/** Words that make the name one of something else, wherever they stand: a switch, a number, what everybody may know. */
const harmlessWords =
  /(?:^|_)(?:PUBLIC|PER|NUM|MIN|MAX|ENABLED?|DISABLED?|REQUIRED?|SKIP|NO|USE|ALLOW(?:ED)?|INITIAL_CLUSTER)(?:_|$)/;

/** Words that do so behind the secret word: where the secret lies, how it is called, how long it lives. `HOST_PASSWORD` is a password all the same. */
const harmlessEnds =
  /_(?:FILE|PATH|DIR|NAMES?|URL|URI|HOST|PORT|ENDPOINT|HEADER|TTL|EXPIR(?:Y|ES?|ATION)|LIFETIME|DURATION|TIMEOUT|INTERVAL|LENGTH|LEN|SIZE|VERSION|TYPE|MODE|METHOD|MECHANISM|ALGORITHM|ALGO|POLICY|PATTERN|REGEX|PROVIDER|ISSUER|ROLE|BUDGET|AUDIENCE|REF|ID|REALM|DOMAIN|SCOPES?|COUNT|LIMIT|PREFIX|SUFFIX|FORMAT|STORE|REGION|USER(?:NAME)?|SERVICE|CLASS|MOUNT|RESET|ROTATION|HINT|FIELD|LABEL|GROUP|PLUGIN|THROUGH)(?:_|$)/;

/** `dbPassword`, `DBPassword`, `db-password` and `DB.PASSWORD` as `DB_PASSWORD`. */
function words(name: string): string {
  return name
    .replace(/([A-Z]{2})([A-Z][a-z])/g, '$1_$2')
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z\d]+/g, '_')
    .toUpperCase();
}

/** The name of a variable says that its value is a secret. */
export function isSecretName(name: string): boolean {
  const upper = words(name);
  if (harmlessWords.test(upper)) return false;
  const last = [...upper.matchAll(secretWords)].at(-1);
  return last === undefined ? vendorKeys.test(upper) : !harmlessEnds.test(upper.slice(last.index + last[0].length));
}

const shapes: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/, 'a private key'],
  [/\b(?:AKIA|ASIA)[A-Z\d]{16}\b/, 'an AWS access key'],
  [/\bgh[pousr]_[A-Za-z\d]{36,}\b|\bgithub_pat_\w{60,}/, 'a GitHub token'],
  [/\bglpat-[\w-]{20,}/, 'a GitLab token'],
  [/\bxox[abeprs]-[\w-]{10,}/, 'a Slack token'],
  [/\b[rs]k_live_[A-Za-z\d]{20,}/, 'a Stripe key'],
  [/\bAIza[\w-]{35}/, 'a Google API key'],
  [/\bya29\.[\w-]{30,}/, 'a Google access token'],
  [/\bnpm_[A-Za-z\d]{36}\b/, 'an npm token'],
  [/\bSG\.[\w-]{22}\.[\w-]{43}/, 'a SendGrid key'],
  [/\bsk-(?:ant-|proj-)?[\w-]{32,}/, 'an API key'],
  [/\bhv[bs]\.[\w-]{24,}/, 'a Vault token'],
  [/\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/, 'a JSON web token'],
  // Some have no user (redis://:password@…); what stands for a password is none.
  [
    /\b[a-z][a-z\d+.-]{0,20}:\/\/[^\s:/@]*:(?!(?:\$[\w({][^@]*|\{[^@]*|<[^@]*|\*+|x{3,}|%[sv]|%\([^@]*)@)[^\s/@]+@/i,
    'a connection string with a password',
  ],
  [/\bAccountKey=[A-Za-z\d+/=]{40,}/, 'an Azure storage key'],
];

/** What a value looks like ("an AWS access key"), or undefined. Never the value itself. Of a very long value its beginning tells. */
export function secretLook(value: string): string | undefined {
  const text = value.slice(0, 8192);
  return shapes.find(([pattern]) => pattern.test(text))?.[1];
}

/** A value that can't be the secret itself: nothing, a switch, a way to log in, a reference to a variable, a place. */
export function isHarmlessValue(value: string): boolean {
  return (
    value.trim() === '' ||
    /^(?:true|false|yes|no|on|off|0|1|none|null|nil|disabled?|enabled?|required|optional)$/i.test(value) ||
    /^(?:basic|digest|plain|sasl(?:_\w+)?|scram[-\w]*|gssapi|kerberos|ldaps?|oauth2?|oidc|openid|saml|ntlm|m?tls|x509|jwt|bearer|token)$/i.test(
      value,
    ) ||
    // Kubernetes fills in `$(NAME)`; envsubst and Flux fill in `${NAME}`, and `$NAME` where nothing else is there.
    /\$\(\w+\)|\$\{\w[^}]*\}|^\$\w+$|\{\{|^<[^>]*>$|^%\w+%$/.test(value) ||
    /^(?:\.{0,2}\/|~\/|file:|vault:|secret:|ref\+|arn:|projects\/|op:\/\/|https?:\/\/[^@]*$)/i.test(value)
  );
}
