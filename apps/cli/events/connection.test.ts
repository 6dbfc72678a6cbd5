import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, expect, it } from 'vitest'

import { connectionOf } from './connection.ts'

const folder = mkdtempSync(join(tmpdir(), 'connection-'))
afterAll(() => rmSync(folder, { recursive: true }))
const none = { data: join(folder, 'none') }
const demo = { data: folder }
const partner = { clientId: 'yqc_1', clientSecret: 'yqs_test_1', hospitalId: 2 }
writeFileSync(
  join(folder, 'sandbox.json'),
  JSON.stringify({ hubUrl: 'http://127.0.0.1:7100', partner }),
)

it('is what is given, and what the demo has for the rest', () => {
  const given = { hub: 'https://hub.example/', clientId: 'a', clientSecret: 'b', hospital: '3' }
  const expected = {
    hubUrl: 'https://hub.example',
    clientId: 'a',
    clientSecret: 'b',
    hospitalId: 3,
  }
  expect(connectionOf({ ...none, ...given })).toEqual(expected)
  expect(connectionOf(demo)).toEqual({ hubUrl: 'http://127.0.0.1:7100', ...partner })
  expect(connectionOf({ ...demo, hospital: '1' }).hospitalId).toBe(1)
})

it.each([
  [{}, /no hub/],
  [{ hub: 'http://127.0.0.1' }, /no application/],
  [{ hub: 'http://127.0.0.1', clientId: 'a' }, /no application/],
  [
    { hub: 'http://127.0.0.1', clientId: 'a', clientSecret: 'b', hospital: 'x' },
    /no such hospital/,
  ],
])('says what is missing of %j', (options, words) => {
  expect(() => connectionOf({ ...none, ...options })).toThrow(words)
})
