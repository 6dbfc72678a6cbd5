import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { parse } from 'yaml'

import { hospitalCommand } from './command.ts'

let folder: string
let out: string
let errors: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hospital-'))
  vi.stubEnv('INIT_CWD', folder)
  vi.stubEnv('YIQIAO_PASSWORD', '')
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((out += String(text))))
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((errors += String(text))))
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  process.exitCode = undefined
  rmSync(folder, { recursive: true })
})

async function run(...args: string[]): Promise<number> {
  out = ''
  errors = ''
  process.exitCode = undefined
  await hospitalCommand().parseAsync(args, { from: 'user' })
  return Number(process.exitCode ?? 0)
}

const inFolder = (name: string): string => join(folder, name)
const textOf = (name: string): string => readFileSync(inFolder(name), 'utf8')
const change = (name: string, from: string | RegExp, to: string): void =>
  writeFileSync(inFolder(name), textOf(name).replace(from, to))

/** A file of the SOAP product with its parameters filled in, and its secret beside it. */
async function prepared(): Promise<void> {
  expect(await run('init', 'soap', '--out', 'h.yaml')).toBe(0)
  const values = { baseUrl: 'http://127.0.0.1:1', hospitalId: '4507', terminalCode: 'YIQIAO' }
  for (const [name, value] of Object.entries({ ...values, payType: '5', synUserName: 'yiqiao' })) {
    change('h.yaml', `\n  ${name}: ''`, `\n  ${name}: '${value}'`)
  }
  change('h.yaml.secrets', "synKey: ''", 'synKey: a-key')
}

it('[H4] init writes what to fill in with its reasons, and the secrets into a file of one’s own', async () => {
  await prepared()
  const { format, product, params } = parse(textOf('h.yaml')) as Record<string, never>
  expect(format).toBe(1)
  expect(product).toMatchObject({ name: 'soap', descriptor: expect.stringContaining('wires:') })
  expect(params).toMatchObject({ synKey: '${secret:synKey}', payType: '5' })
  expect(textOf('h.yaml')).toMatch(/# .+ \/ .+ \(base_url, 例 like http/)
  expect(statSync(inFolder('h.yaml.secrets')).mode & 0o077).toBe(0)
  expect(await run('init', 'soap', '--out', 'h.yaml')).toBe(2)
  expect(errors).toContain('is there already')
})

it('[H4] init says what is wrong with a descriptor, by line, and writes nothing', async () => {
  writeFileSync(inFolder('mine.yaml'), 'format: 1\nname: Mine\n')
  expect(await run('init', 'mine.yaml', '--out', 'h.yaml')).toBe(2)
  expect(errors).toMatch(/mine\.yaml:2:.+\/name/)
  expect(readdirSync(folder)).toEqual(['mine.yaml'])
})

it('[H4] check looks at the file alone where no hospital is named', async () => {
  await prepared()
  expect(await run('check', 'h.yaml', '--secrets', 'h.yaml.secrets')).toBe(0)
  expect(out).toMatch(/✓ h\.yaml: soap/)
  expect(await run('check', 'h.yaml')).toBe(0)
  expect(out).toContain('secrets not given: synKey')
  change('h.yaml', 'codes: {}', 'codes: { stars: { a: b } }')
  expect(await run('check', 'h.yaml', '--secrets', 'h.yaml.secrets')).toBe(1)
  expect(out).toMatch(/✗ stars: .+no such table/)
})

it.each([
  ['a parameter that is missing', /payType: '5'/, "payType: ''", '/payType'],
  ['a field that is not known', 'departments: {}', 'departement: {}', 'departments'],
  ['a descriptor that was broken', / {4}operations:/, '    operation:', '/product/descriptor'],
  ['a secret in the open', "'${secret:synKey}'", 'in-the-open', 'synKey'],
])('[H4] check names %s', async (_what, from, to, named) => {
  await prepared()
  change('h.yaml', from, to)
  expect(await run('check', 'h.yaml', '--secrets', 'h.yaml.secrets')).toBe(2)
  expect(errors).toContain(named)
  expect(errors).not.toContain('in-the-open')
})

it('[H4] says what it lacks to speak to a hub', async () => {
  await prepared()
  const check = ['check', 'h.yaml', '--secrets', 'h.yaml.secrets', '--hospital', '1']
  const at = ['--hub', 'http://127.0.0.1:1', '--login', 'it1']
  expect(await run(...check, '--hub', 'http://127.0.0.1:1')).toBe(2)
  expect(errors).toContain('--login')
  expect(await run(...check, ...at)).toBe(2)
  expect(errors).toContain('YIQIAO_PASSWORD')
  writeFileSync(inFolder('password'), 'a password\n')
  expect(await run(...check, ...at, '--password-file', 'password')).toBe(2)
  expect(errors).toContain('does not answer')
  expect(errors).not.toContain('a password')
  expect(await run('enable', 'h.yaml', '--hospital', '1')).toBe(2)
  expect(errors).toContain('--note')
  expect(await run('conformance', 'h.yaml', '--fixtures', 'none.yaml')).toBe(2)
  expect(errors).toContain('cannot read none.yaml')
}, 60_000)
