/** Secrets by name and by look. The values are made up and put together here, so that no scanner of repositories finds them. */
import assert from 'node:assert/strict';
import { isHarmlessValue, isSecretName, secretLook } from '../../rules/model/secrets.js';

const join = (...parts: string[]) => parts.join('');

describe('secrets', () => {
  describe('names', () => {
    for (const name of [
      'PASSWORD',
      'DB_PASSWORD',
      'dbPassword',
      'db-password',
      'PGPASSWORD',
      'LDAP_ROOTPASS',
      'MYSQL_PWD',
      'API_KEY',
      'apikey',
      'APIKey',
      'JWTSecret',
      'NPM_TOKEN',
      'SECRET_KEY_BASE',
      'AWS_SECRET_ACCESS_KEY',
      'AZURE_STORAGE_KEY',
      'PRIVATE_KEY',
      'REDISCLI_AUTH',
      'GOOGLE_CREDENTIALS',
      'EMAIL_HOST_PASSWORD',
      'USER_PASSWORD',
      'SERVICE_ACCOUNT_TOKEN',
      'TRUST_STORE_PASSWORD',
      'RESET_TOKEN_SECRET',
      'DB_PASSWORD2',
      'user-password',
    ])
      it(`${name} is one`, () => assert.equal(isSecretName(name), true));
    for (const name of [
      '',
      'USERNAME',
      'PASSWORD_FILE',
      'SECRET_NAME',
      'TOKEN_URL',
      'TOKEN_TTL',
      'AUTH_HEADER',
      'PUBLIC_KEY',
      'CACHE_KEY',
      'GPG_KEY',
      'KEYCLOAK_REALM',
      'AWS_ACCESS_KEY_ID',
      'BYPASS',
      'COMPASS_HOME',
      'OAuth',
      'AUTHOR',
      'ENABLE_AUTH_NO_PASSWORD',
      'MAX_TOKENS',
      'PASSENGER_VERSION',
      'SECRETARY',
      'TOKEN_SERVICE_HOST',
      'PASSWORD_RESET_TIMEOUT',
      'SECRET_STORE_NAME',
      'PASS_THROUGH',
    ])
      it(`${name || 'no name'} is none`, () => assert.equal(isSecretName(name), false));
  });

  describe('looks', () => {
    for (const [value, look] of [
      [join('AKIA', 'ABCDEFGHIJKLMNOP'), 'an AWS access key'],
      [join('gh', 'p_', 'a1'.repeat(18)), 'a GitHub token'],
      [join('github', '_pat_', 'a'.repeat(60)), 'a GitHub token'],
      [join('gl', 'pat-', 'a'.repeat(20)), 'a GitLab token'],
      [join('xo', 'xb-', '1234567890'), 'a Slack token'],
      [join('sk', '_live_', 'a'.repeat(24)), 'a Stripe key'],
      [join('AI', 'za', 'a'.repeat(35)), 'a Google API key'],
      [join('npm', '_', 'a'.repeat(36)), 'an npm token'],
      [join('ey', 'Jhbbbbbbbbbb.ey', 'Jhbbbbbbbbbb.', 'c'.repeat(20)), 'a JSON web token'],
      [join('-----BEGIN ', 'RSA PRIVATE KEY-----\nMII'), 'a private key'],
      [join('-----BEGIN ', 'PRIVATE KEY-----'), 'a private key'],
      [join('postgres://web', ':hunter2@', 'db/shop'), 'a connection string with a password'],
      [join('redis://', ':hunter2@', 'redis:6379/0'), 'a connection string with a password'],
      [join('postgres://app', ':xK9dPq@', 'db/x'), 'a connection string with a password'],
      [join('mongodb+srv://web', ':hunter2@', 'db/shop'), 'a connection string with a password'],
      [join('DefaultEndpointsProtocol=https;Account', 'Key=', 'a'.repeat(86), '=='), 'an Azure storage key'],
    ] as const)
      it(look, () => assert.equal(secretLook(value), look));
    for (const value of [
      '',
      'hello',
      'https://example.com/a:b@c',
      'postgres://web@db/shop',
      'postgres://web:$PASSWORD@db/shop',
      'postgres://web:<password>@db/shop',
      'postgres://web:xxxx@db/shop',
      '-----BEGIN PUBLIC KEY-----',
      '-----BEGIN CERTIFICATE-----',
      'AKIASHORT',
      'git@github.com:moby/buildkit.git',
    ])
      it(`${value || 'nothing'} looks like none`, () => assert.equal(secretLook(value), undefined));
    it('tells the kind only, never the value', () => {
      assert.doesNotMatch(secretLook(join('postgres://web', ':hunter2@', 'db')) ?? '', /hunter2/);
    });
    it('does not hang on a long value', () => {
      for (const text of ['a.', '-eyJaaaaaaaaaa', 'a://b:c', '-----BEGIN A ', 'sk-', '$('])
        for (const check of [secretLook, isHarmlessValue, isSecretName]) check(text.repeat(100_000));
    });
  });

  describe('values', () => {
    for (const value of [
      '',
      '  ',
      'true',
      'No',
      'none',
      '$(OTHER)',
      '$OTHER',
      '<password>',
      '%PASSWORD%',
      '{{ .Values.x }}',
      '/run/secrets/password',
      './secret',
      'vault:secret/x',
      'arn:aws:secretsmanager:x',
      'https://example.com/token',
    ])
      it(`${JSON.stringify(value)} holds nothing`, () => assert.equal(isHarmlessValue(value), true));
    for (const value of ['changeme', 'hunter2', '123456', join('https://web', ':hunter2@', 'example.com'), 'trueish'])
      it(`${value} may be one`, () => assert.equal(isHarmlessValue(value), false));
  });
});
