import { describe, expect, it } from 'vitest'

import { canariesOf, readConfig } from './config.ts'

const NEEDED = { DATABASE_URL: 'postgres://localhost/hub', YIQIAO_MASTER_KEY: 'ab'.repeat(32) }

describe('the configuration', () => {
  it('is for production unless it says otherwise, and has a default for what is not secret', () => {
    expect(readConfig(NEEDED)).toMatchObject({
      ...NEEDED,
      YIQIAO_PROFILE: 'production',
      YIQIAO_HOST: '127.0.0.1',
      YIQIAO_PORT: 7100,
      YIQIAO_PROVIDER_TIMEOUT_MS: 8_000,
    })
  })

  it('reads numbers from text', () => {
    expect(readConfig({ ...NEEDED, YIQIAO_PORT: '0' }).YIQIAO_PORT).toBe(0)
  })

  it.each([
    ['no database', { DATABASE_URL: undefined }, 'DATABASE_URL'],
    ['no key', { YIQIAO_MASTER_KEY: undefined }, 'YIQIAO_MASTER_KEY'],
    ['a short key', { YIQIAO_MASTER_KEY: 'ab' }, 'YIQIAO_MASTER_KEY'],
    ['a key that is no hex', { YIQIAO_MASTER_KEY: 'xy'.repeat(32) }, 'YIQIAO_MASTER_KEY'],
    ['a port that is none', { YIQIAO_PORT: '70000' }, 'YIQIAO_PORT'],
    ['a port in words', { YIQIAO_PORT: 'https' }, 'YIQIAO_PORT'],
    ['an unknown profile', { YIQIAO_PROFILE: 'staging' }, 'YIQIAO_PROFILE'],
    ['no patience', { YIQIAO_PROVIDER_TIMEOUT_MS: '1' }, 'YIQIAO_PROVIDER_TIMEOUT_MS'],
    ['an unknown canary', { YIQIAO_PROFILE: 'demo', YIQIAO_CANARY: 'tweety' }, 'YIQIAO_CANARY'],
  ])('is refused with %s, by name', (_what, change, name) => {
    const env: Record<string, string> = {}
    for (const [key, value] of Object.entries({ ...NEEDED, ...change })) {
      if (value !== undefined) env[key] = value
    }
    expect(() => readConfig(env)).toThrow(name)
  })

  it.each([
    ['YIQIAO_CANARY', 'double_posting'],
    ['YIQIAO_CLOCK_FILE', 'clock'],
    ['YIQIAO_SEED', 'seed'],
    ['YIQIAO_STEP_PORT', '7101'],
  ])('F-55 refuses %s in production, and takes it in a demo', (name, value) => {
    expect(() => readConfig({ ...NEEDED, [name]: value })).toThrow('refused in production')
    const demo = readConfig({ ...NEEDED, [name]: value, YIQIAO_PROFILE: 'demo' })
    expect(canariesOf(demo).size).toBe(name === 'YIQIAO_CANARY' ? 1 : 0)
  })
})
