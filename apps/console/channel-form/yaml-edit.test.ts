import { expect, it } from 'vitest'

import { readYaml, withValue } from './yaml-edit.ts'

const TEXT = `# of a wallet
name: wallet # its name
query:
  answer:
    success: &ok status = 200
    states: &states { PAID: confirmed }
release:
  answer:
    success: *ok
    states: *states
cipher: &cipher { algorithm: SM4-CBC, key: sm4Key }
open:
  <<: *cipher
  nonce: field:/iv
`

const valueOf = (text: string) => {
  const read = readYaml(text)
  return read.isReadable ? read.value : 'unreadable'
}

it('changes one value and leaves comments and all others alone', () => {
  const text = withValue(TEXT, ['name'], 'city')
  expect(text).toBe(TEXT.replace('name: wallet', 'name: city'))
})

it('adds what is not there, in lists and below', () => {
  const text = withValue(TEXT, ['query', 'answer', 'errors', 0, 'code'], '1001')
  expect(valueOf(text)).toMatchObject({ query: { answer: { errors: [{ code: '1001' }] } } })
})

it('gives a place that is shared by an alias a copy of its own', () => {
  const text = withValue(TEXT, ['release', 'answer', 'states', 'SHUT'], 'closed')
  expect(valueOf(text)).toMatchObject({
    query: { answer: { states: { PAID: 'confirmed' } } },
    release: { answer: { states: { PAID: 'confirmed', SHUT: 'closed' } } },
  })
  const scalar = withValue(TEXT, ['release', 'answer', 'success'], 'status = 204')
  expect(valueOf(scalar)).toMatchObject({
    query: { answer: { success: 'status = 200' } },
    release: { answer: { success: 'status = 204' } },
  })
})

it('changes and takes away what came by a merge, here only', () => {
  const changed = withValue(TEXT, ['open', 'key'], 'other')
  expect(valueOf(changed)).toMatchObject({
    cipher: { key: 'sm4Key' },
    open: { algorithm: 'SM4-CBC', key: 'other', nonce: 'field:/iv' },
  })
  const taken = withValue(TEXT, ['open', 'algorithm'], undefined)
  expect(valueOf(taken)).toMatchObject({
    cipher: { algorithm: 'SM4-CBC' },
    open: { key: 'sm4Key', nonce: 'field:/iv' },
  })
  expect(JSON.stringify(valueOf(taken))).not.toContain('"open":{"algorithm"')
})

it('changes the source of an alias for those who use it', () => {
  const text = withValue(TEXT, ['query', 'answer', 'states', 'SHUT'], 'closed')
  expect(valueOf(text)).toMatchObject({
    release: { answer: { states: { PAID: 'confirmed', SHUT: 'closed' } } },
  })
})

it('takes away what others point at, and leaves them what they have', () => {
  const text = withValue(TEXT, ['query'], undefined)
  expect(valueOf(text)).toMatchObject({
    release: { answer: { success: 'status = 200', states: { PAID: 'confirmed' } } },
  })
  expect(valueOf(text)).not.toHaveProperty('query')
})

it('does not hide that a text cannot be read', () => {
  expect(readYaml('a: [1')).toEqual({ isReadable: false })
  expect(() => withValue('a: [1', ['a'], 2)).toThrow('cannot be read')
})
