import { describe, expect, it } from 'vitest'

import { createLog } from './log.ts'

// Made up, like every name and number in a test.
const PERSON = { name: '王小明', idCardNo: '370202199001011234', phone: '13800001234' }
const PLAIN = /王小明|370202199001011234|13800001234/

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = []
  write(createLog('debug', { write: (line) => void lines.push(line) }))
  expect(lines).toHaveLength(1)
  return lines[0] ?? ''
}

describe('a log line', () => {
  it.each([
    ['at the top', PERSON],
    ['in an object', { person: PERSON }],
    ['in an object of an object', { request: { person: PERSON } }],
    ['three deep', { request: { body: { person: PERSON } } }],
    ['in a list', { people: [PERSON] }],
    ['in a list of an object', { answer: { people: [PERSON] } }],
  ])('shows no name, identity or phone number %s', (_where, content) => {
    const line = logged((log) => log.info(content, 'registered'))
    expect(line).not.toMatch(PLAIN)
    expect(line).toContain('"***"')
    expect(line).toContain('registered')
  })

  it('shows no proof of who somebody is', () => {
    const headers = { authorization: 'Bearer abc', cookie: 'session=abc', host: 'hub' }
    const secrets = {
      token: 'abc',
      password: 'abc',
      signature: 'abc',
      openid: 'abc',
      secret: 'abc',
    }
    const line = logged((log) => log.info({ headers, secrets }))
    expect(line).not.toContain('abc')
    expect(line).toContain('hub')
  })

  it('shows the path of a request and not its query', () => {
    const req = { method: 'GET', url: '/people?phone=13800001234', id: 'r1', headers: {} }
    const line = logged((log) => log.info({ req }))
    expect(line).not.toMatch(PLAIN)
    expect(JSON.parse(line)).toMatchObject({ req: { method: 'GET', path: '/people' } })
  })

  it('of an error shows what failed and where, but not the row it failed on', () => {
    const error = Object.assign(new Error('violates check constraint "person_check"'), {
      code: '23514',
      constraint: 'person_check',
      detail: 'Failing row contains (王小明, 370202199001011234).',
      where: 'COPY person, line 1: "王小明"',
      parameters: ['13800001234'],
    })
    const line = logged((log) => log.error(error))
    expect(line).not.toMatch(PLAIN)
    expect(JSON.parse(line)).toMatchObject({
      err: {
        type: 'Error',
        message: 'violates check constraint "person_check"',
        stack: expect.stringContaining('log.test.ts') as string,
        code: '23514',
        constraint: 'person_check',
      },
    })
  })
})
